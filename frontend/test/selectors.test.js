import assert from "node:assert/strict";
import { test } from "node:test";
import { drawnGroups, means } from "../src/selectors.js";
import { createStore } from "../src/store.js";
import { DEFAULTS } from "../src/settings.js";
import { summary, training } from "./examples.js";

const named = (/** @type {string[]} */ names, said = {}) => names.map((name) => training({ name, ...said }));
const names = ["a-1", "a-2", "b-1", "other"];

/** @param {Partial<import("../src/types.js").Settings>} settings */
const stateWith = (settings) =>
  createStore({ summary: summary({ trainings: named(names) }), settings: { ...DEFAULTS, ...settings } }).state;

test("only groups of two trainings or more are drawn as means, and only over each other", () => {
  const groups = (/** @type {object} */ settings) => drawnGroups(stateWith(settings)).map(({ name }) => name);
  assert.deepEqual(groups({ group: "^(.)-" }), ["a"]);
  assert.deepEqual(groups({ group: "^(.)-", means: false }), []);
  assert.deepEqual(groups({ group: "^(.)-", view: "grid" }), []);
  assert.deepEqual(groups({ group: "^(.)-", filter: "b|other" }), []);
  assert.deepEqual(groups({}), []);
});

test("a mean has the colour of its group", () => {
  const state = stateWith({ group: "^(.)-" });
  const band = {
    x: new Float64Array(0),
    mean: new Float64Array(0),
    low: new Float64Array(0),
    high: new Float64Array(0),
  };
  const side = { ...band, count: new Float64Array(0) };
  const bands = [{ name: "a", trainings: 2, train: side, val: side, gap: side }];
  const [found] = means({ ...state, bands });
  assert.match(found?.mark.color ?? "", /^#/);
  assert.deepEqual(
    means({ ...state, bands: [{ ...bands[0], name: "gone" }].flatMap((one) => /** @type {any} */ (one)) }),
    [],
  );
});

test("without means, judging anew leaves what is drawn of them the very same", () => {
  const state = stateWith({});
  const judged = { ...state, summary: summary({ trainings: named(names, { verdict: "overfit" }) }) };
  assert.equal(means(state), means(judged));
});
