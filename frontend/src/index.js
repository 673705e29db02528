/** The tab: TensorBoard imports this module into an empty page and calls `render`. */
import { h, render as renderView } from "preact";
import * as host from "./host.js";
import { standsAlone } from "./island.js";
import { onPageKey } from "./keys.js";
import { createLive } from "./live.js";
import { readLink, writeLink } from "./settings.js";
import { createStore } from "./store.js";
import { showPhase } from "./surface.js";
import { App } from "./views/app.js";
import { PageContext } from "./views/html.js";

/** @import { Store } from "./store.js" */

const LINK_AFTER = 250;

/** The style sheet lies beside this script and is asked for with the same version. */
function loadStyle() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(`./index.css${new URL(import.meta.url).search}`, import.meta.url).href;
  const loaded = new Promise((resolve) => {
    link.onload = link.onerror = resolve;
  });
  document.head.append(link);
  return loaded;
}

/** Browsers refuse an address that changes too often, as under a slider; the last one counts. @param {Store} store */
function keepLink(store) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  store.subscribe((state, before) => {
    if (state.settings === before.settings) return;
    clearTimeout(timer);
    timer = setTimeout(() => host.writeHash(writeLink(store.state.settings)), LINK_AFTER);
  });
}

export async function render() {
  const root = document.documentElement;
  root.lang = "en";
  document.title = "Loss Gap";
  const styled = standsAlone() ? undefined : loadStyle();
  const store = createStore({ settings: readLink(host.readHash()) });
  const live = createLive(store);
  showPhase(store);
  host.followTheme((theme) => {
    root.dataset.theme = theme;
    store.change({ theme });
  });
  host.followVisibility((visible) => store.change({ visible }));
  host.listenForReload(() => live.reloaded());
  host.followHash((link) => store.choose(readLink(link)));
  keepLink(store);
  document.addEventListener("keydown", (event) => onPageKey(store, event));
  void live.start();
  await styled;
  const page = document.createElement("div");
  page.id = "lossgap";
  document.body.append(page);
  renderView(h(PageContext.Provider, { value: { store, live } }, h(App, null)), page);
}

if (standsAlone()) void render();
