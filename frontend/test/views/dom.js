/** A page for tests, by happy-dom; without a canvas, for charts are looked at in a real browser. */
import { Window } from "happy-dom";
import { h, render } from "preact";
import { createStore } from "../../src/store.js";
import { App } from "../../src/views/app.js";
import { PageContext } from "../../src/views/html.js";
import { summary } from "../examples.js";

const window = new Window({ url: "http://localhost/data/plugin_entry.html?name=lossgap" });
const names = [
  "window",
  "document",
  "HTMLElement",
  "ResizeObserver",
  "IntersectionObserver",
  "getComputedStyle",
  "Node",
];
for (const name of names)
  Object.defineProperty(globalThis, name, { value: /** @type {any} */ (window)[name], configurable: true });
globalThis.requestAnimationFrame = (callback) => /** @type {any} */ (setTimeout(() => callback(0), 0));
globalThis.cancelAnimationFrame = (id) => clearTimeout(id);

/**
 * The whole page on a given answer of the server.
 * @param {Partial<import("../../src/types.js").Summary>} said
 * @param {Partial<import("../../src/store.js").State>} [state]
 */
export async function shown(said, state = {}) {
  document.body.replaceChildren();
  const store = createStore({ waiting: false, summary: summary(said), ...state });
  const live = /** @type {any} */ ({ retry() {} });
  const page = document.body.appendChild(document.createElement("div"));
  render(h(/** @type {any} */ (PageContext.Provider), { value: { store, live } }, h(App, null)), page);
  await painted();
  return { page, store };
}

/** Lets Preact draw what has changed. */
export const painted = () => new Promise((resolve) => setTimeout(resolve, 60));

/**
 * Waits until something is on the page that needs an answer first.
 * @param {Element} page
 * @param {string} selector
 */
export async function appears(page, selector) {
  for (let turn = 0; turn < 100 && page.querySelector(selector) === null; turn++) await painted();
  const found = page.querySelector(selector);
  if (found === null) throw new Error(`${selector} never appeared`);
  return found;
}

/** The text of an element, with every white space as one blank. @param {Element | null | undefined} element */
export const said = (element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();
