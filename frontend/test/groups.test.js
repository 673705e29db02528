import assert from "node:assert/strict";
import { test } from "node:test";
import { bestOf, boards, groupedBy, groupOf, linesOf, meanAndStd } from "../src/groups.js";
import { training } from "./examples.js";

test("a directory is what stands before the last slash", () => {
  assert.equal(groupOf("a/b/c", "dir"), "a/b");
  assert.equal(groupOf("c", "dir"), "");
});

test("a pattern's parenthesis names the group, else all that it finds", () => {
  assert.equal(groupOf("cnn-seed1", "(.*)-seed\\d+"), "cnn");
  assert.equal(groupOf("cnn-seed1", "seed\\d+"), "seed1");
  assert.equal(groupOf("cnn-seed1", "mlp"), "");
  assert.equal(groupOf("cnn-seed1", "(unfinished"), "");
});

const rows = ["a/1", "b/1", "a/2"].map((name, at) => training({ name, rank: at + 1 }));

test("groups come in the order of their first row", () => {
  assert.deepEqual(
    groupedBy(rows, "dir").map(({ name, rows }) => [name, rows.length]),
    [
      ["a", 2],
      ["b", 1],
    ],
  );
});

test("one group of all has no heading", () => {
  assert.deepEqual(
    linesOf(groupedBy(rows, ""), new Set()).map(({ kind }) => kind),
    ["row", "row", "row"],
  );
});

test("a folded group shows its heading only", () => {
  const kinds = linesOf(groupedBy(rows, "dir"), new Set(["a"])).map(({ kind }) => kind);
  assert.deepEqual(kinds, ["group", "group", "row"]);
});

test("the best of a group is its best ranked row, whatever the order", () => {
  const group = {
    name: "g",
    rows: [training({ name: "x", rank: null }), training({ name: "y", rank: 7 }), training({ name: "z", rank: 2 })],
  };
  assert.equal(bestOf(group)?.name, "z");
});

test("trainings that measure something else stand on a board of their own", () => {
  const mixed = [training({ name: "a" }), training({ name: "b", board: "eval/loss" }), training({ name: "c" })];
  assert.deepEqual(
    boards(mixed).map(({ name, rows }) => [name, rows.length]),
    [
      ["val_loss", 2],
      ["eval/loss", 1],
    ],
  );
});

test("a group is summed up by mean and sample standard deviation of what it has", () => {
  assert.deepEqual(meanAndStd([1, null, 3, NaN]), { mean: 2, std: Math.SQRT2 });
  assert.deepEqual(meanAndStd([5]), { mean: 5, std: null });
  assert.deepEqual(meanAndStd([null]), { mean: null, std: null });
});
