import assert from "node:assert/strict";
import { test } from "node:test";
import { COLUMNS, hparamNames, shownColumns, sorted } from "../src/columns.js";
import { training } from "./examples.js";

const rows = [
  training({ name: "b10", rank: 1, final: { step: 4, value: 0.3 }, hparams: { lr: 0.1 } }),
  training({ name: "b9", rank: 2, final: { step: 4, value: null } }),
  training({ name: "a", rank: 3, final: { step: 4, value: 0.1 }, hparams: { lr: 0.01, dropout: true } }),
];
const names = (/** @type {string} */ sort) => sorted(rows, sort).map(({ name }) => name);

test("rank keeps the server's order", () => {
  assert.equal(sorted(rows, "rank"), rows);
});

test("rows without a value come last, whichever way a column goes", () => {
  assert.deepEqual(names("final"), ["a", "b10", "b9"]);
  assert.deepEqual(names("-final"), ["b10", "a", "b9"]);
});

test("names sort as people count", () => {
  assert.deepEqual(names("name"), ["a", "b9", "b10"]);
});

test("hyperparameters are columns as well", () => {
  assert.deepEqual(hparamNames(rows), ["dropout", "lr"]);
  assert.deepEqual(names("h:lr"), ["a", "b10", "b9"]);
  assert.deepEqual(
    shownColumns("name~h:lr", rows).map(({ key }) => key),
    ["name", "h:lr"],
  );
});

test("an unknown column sorts nothing", () => {
  assert.equal(sorted(rows, "nonsense"), rows);
});

test("every column explains itself", () => {
  for (const { help } of COLUMNS) assert.match(help, /\.$/);
});
