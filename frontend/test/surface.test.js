import assert from "node:assert/strict";
import { test } from "node:test";
import { createStore } from "../src/store.js";
import { drawnAll, phase } from "../src/surface.js";
import "./views/dom.js";
import { summary } from "./examples.js";

/** @param {Partial<import("../src/store.js").State>} said */
const phaseOf = (said) => phase(createStore({ waiting: false, ...said }).state);

test("nothing known is loading, unless the server is not there", () => {
  assert.equal(phaseOf({}), "loading");
  assert.equal(phaseOf({ offline: "TensorBoard does not answer." }), "error");
});

test("logs that are still read are loading", () => {
  assert.equal(phaseOf({ summary: summary({ state: "loading" }) }), "loading");
});

test("a request on its way is loading, a server that went away later is not", () => {
  assert.equal(phaseOf({ summary: summary(), waiting: true }), "loading");
  assert.equal(phaseOf({ summary: summary(), offline: "TensorBoard does not answer." }), "ready");
});

test("no training is empty", () => {
  assert.equal(phaseOf({ summary: summary({ trainings: [] }) }), "empty");
});

test("an error of the logs or of a request is an error", () => {
  assert.equal(phaseOf({ summary: summary({ state: "error" }) }), "error");
  assert.equal(phaseOf({ summary: summary(), error: "no such metric" }), "error");
});

test("what was drawn says nothing of being ready while a newer request is on its way", async () => {
  const store = createStore({ waiting: false, summary: summary({ version: "v7", trainings: [] }) });
  document.documentElement.dataset.lossgapState = "loading";
  drawnAll(store, []);
  store.change({ waiting: true });
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  assert.equal(document.documentElement.dataset.lossgapVersion, "v7");
  assert.equal(document.documentElement.dataset.lossgapState, "loading");
});
