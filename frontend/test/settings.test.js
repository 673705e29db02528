import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULTS, readLink, readPairs, readZoom, writeLink, writePair, writeZoom } from "../src/settings.js";

test("defaults make an empty link", () => {
  assert.deepEqual(writeLink(DEFAULTS), {});
  assert.deepEqual(readLink({}), DEFAULTS);
});

test("every setting comes back from its link", () => {
  const chosen = /** @type {const} */ ({
    ...DEFAULTS,
    select: "all~9f86d081ab",
    filter: "cnn|mlp",
    metric: "accuracy",
    view: "grid",
    x: "fraction",
    y: "log",
    clip: true,
    smooth: 0.6,
    gap: "ratio",
    patience: 3,
    min_delta: 0.001,
    tolerance: 10,
    criterion: "pq",
    alpha: 2,
    pairs: '[["a","a/train","loss","a/val","mse"]]',
    joined: "val_loss\neval/loss",
    means: false,
    panel: "patience",
    hparam: "learning rate",
    result: "final_gap",
    sort: "-final",
    columns: "rank~name",
    group: "dir",
    fold: "a\nb",
    baseline: "9f86d081ab",
    focus: "9f86d081ab",
    zoom: "1..2",
  });
  assert.deepEqual(readLink(writeLink(chosen)), chosen);
});

test("what makes no sense is left at its default", () => {
  const read = readLink({
    x: "moon",
    smooth: "much",
    patience: "-3.4",
    tolerance: "1e99",
    view: "",
    result: "constructor",
    other: "1",
  });
  assert.deepEqual(read, { ...DEFAULTS, patience: 0, tolerance: 1e6 });
});

test("a zoom is two ascending numbers", () => {
  assert.deepEqual(readZoom("10..20.5"), [10, 20.5]);
  assert.equal(readZoom(""), null);
  assert.equal(readZoom("20..10"), null);
  assert.equal(readZoom("a..b"), null);
  assert.equal(writeZoom([10.123456789123, 20]), "10.1235..20");
  assert.equal(writeZoom([123456.7, 7654321.2]), "123457..7654321");
  assert.equal(writeZoom([1e-9, 1.5e-7]), "1e-9..1.5e-7");
  assert.equal(writeZoom(null), "");
});

test("a zoom tells moments of the wall clock apart", () => {
  assert.equal(writeZoom([1_700_000_123.4567, 1_700_000_183.2]), "1700000123.457..1700000183.2");
});

const sides = { train: { run: "a/train", tag: "loss" }, val: { run: "a/val", tag: "mse" } };

test("a training has one pair chosen by hand, the last; letting go of the only one leaves nothing in the link", () => {
  const first = writePair("", "a", { ...sides, val: sides.train });
  const second = writePair(writePair(first, "b", sides), "a", sides);
  assert.deepEqual(readPairs(second), [
    ["b", "a/train", "loss", "a/val", "mse"],
    ["a", "a/train", "loss", "a/val", "mse"],
  ]);
  assert.equal(writePair(writePair(second, "a", null), "b", null), "");
});

test("pairs that are none are left out", () => {
  assert.deepEqual(readPairs("[["), []);
  assert.deepEqual(readPairs('{"a":1}'), []);
  assert.deepEqual(readPairs('[["a"],["a","b","c","d",5],["a","b","c","d","e"]]'), [["a", "b", "c", "d", "e"]]);
});
