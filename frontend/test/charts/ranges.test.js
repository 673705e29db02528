import assert from "node:assert/strict";
import { test } from "node:test";
import { countNotPositive, scaling, xExtent, yExtent } from "../../src/charts/ranges.js";

/** @param {number[]} values */
const curve = (values) => {
  const y = Float64Array.from(values);
  return { x: Float64Array.from(values.keys()), y, raw: y };
};
const all = { min: 0, max: 1000 };

test("a training whose clock gave no numbers leaves the x axis to the others", () => {
  const drawable = (/** @type {number[]} */ x) => {
    const line = { ...curve([1, 2]), x: Float64Array.from(x) };
    return /** @type {any} */ ({ train: line, val: line });
  };
  const drawables = [drawable([3, 7]), drawable([NaN, NaN]), drawable([-Infinity, Infinity])];
  assert.deepEqual(xExtent(drawables, null), { min: 3, max: 7 });
});

test("the y axis holds all finite values with a little air", () => {
  const { min, max } = yExtent([curve([1, 3, NaN, Infinity, 2])], all);
  assert.ok(min < 1 && min > 0.8 && max > 3 && max < 3.2);
});

test("only what lies within the x axis counts", () => {
  const { max } = yExtent([curve([100, 1, 2, 3, 100])], { min: 1, max: 3 });
  assert.ok(max < 4);
});

test("clipping leaves outliers out", () => {
  const values = Array.from({ length: 100 }, (_, at) => at / 100);
  values[50] = 1e9;
  assert.ok(yExtent([curve(values)], all, { clip: true }).max < 2);
});

test("a logarithmic axis holds positive values only", () => {
  const { min, max } = yExtent([curve([-1, 0, 0.01, 10])], all, { log: true });
  assert.ok(min > 0.005 && min < 0.01 && max > 10);
  assert.equal(countNotPositive([curve([-1, 0, 0.01, NaN])]), 2);
});

test("nothing finite still makes an axis", () => {
  assert.deepEqual(yExtent([curve([NaN])], all), { min: 0, max: 1 });
  assert.deepEqual(yExtent([], all, { log: true }), { min: 0.1, max: 1 });
});

test("one value is in the middle of its axis", () => {
  assert.deepEqual(yExtent([curve([2])], all), { min: 1.8, max: 2.2 });
});

test("a value that must be seen is seen", () => {
  assert.ok(yExtent([curve([5, 6])], all, { include: [0] }).min < 0);
});

test("the x axis is the zoomed part, else everything, else something", () => {
  const drawable = /** @type {any} */ ({ train: curve([1, 2, 3]), val: curve([1, 2]) });
  assert.deepEqual(xExtent([drawable], [1, 2]), { min: 1, max: 2 });
  assert.deepEqual(xExtent([drawable], null), { min: 0, max: 2 });
  assert.deepEqual(xExtent([], null), { min: 0, max: 1 });
});

test("a training that diverged sets no scale, unless there is no other", () => {
  const [good, bad] = ["good-fit", "diverged"].map((verdict) => /** @type {any} */ ({ training: { verdict } }));
  assert.deepEqual(scaling([good, bad]), [good]);
  assert.deepEqual(scaling([bad]), [bad]);
});
