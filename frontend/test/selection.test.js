import assert from "node:assert/strict";
import { test } from "node:test";
import { matching, readPattern, selectedIds, writeSelected } from "../src/selection.js";
import { training } from "./examples.js";

const rows = Array.from({ length: 12 }, (_, at) => training({ name: `m${at}` }));

test("top is the first ten of those that are shown", () => {
  const shown = rows.slice(1);
  assert.deepEqual(
    [...selectedIds("top", rows, shown)],
    shown.slice(0, 10).map(({ id }) => id),
  );
});

test("all is all, none is none", () => {
  assert.equal(selectedIds("all", rows, rows).size, 12);
  assert.equal(selectedIds("none", rows, rows).size, 0);
});

test("a selection is said in the shortest way and understood again", () => {
  for (const wanted of [[], ["m1"], ["m1", "m3"], rows.slice(2).map(({ id }) => id), rows.map(({ id }) => id)]) {
    const said = writeSelected(new Set(wanted), rows);
    assert.deepEqual(selectedIds(said, rows, rows), new Set(wanted));
  }
  assert.equal(writeSelected(new Set(["m1"]), rows), "m1");
  assert.equal(writeSelected(new Set(rows.slice(1).map(({ id }) => id)), rows), "all~m0");
  assert.equal(writeSelected(new Set(rows.map(({ id }) => id)), rows), "all");
});

test("a filter finds names and verdicts, whatever their case", () => {
  const trainings = [training({ name: "CNN-wide" }), training({ name: "mlp", verdict: "overfit" })];
  assert.deepEqual(matching("cnn", trainings), trainings.slice(0, 1));
  assert.deepEqual(matching("^overfit$", trainings), trainings.slice(1));
});

test("an unfinished expression hides nothing", () => {
  assert.equal(readPattern("(cnn"), null);
  assert.equal(matching("(cnn", rows), rows);
});
