import assert from "node:assert/strict";
import { test } from "node:test";
import { smoothed } from "../src/smooth.js";

test("no weight changes nothing", () => {
  const values = Float64Array.of(3, 1, 2);
  assert.equal(smoothed(values, 0), values);
});

test("the average is corrected for its start at zero, as TensorBoard's is", () => {
  const result = smoothed(Float64Array.of(1, 2, 4), 0.5);
  assert.deepEqual([...result], [1, (0.25 + 1) / 0.75, (0.125 + 0.5 + 2) / 0.875]);
});

test("a constant series stays exactly as it is", () => {
  const values = Float64Array.of(0.1, 0.1, 0.1);
  assert.equal(smoothed(values, 0.9), values);
});

test("values that are not finite are passed through and do not enter the average", () => {
  const result = smoothed(Float64Array.of(1, NaN, 3, Infinity), 0.5);
  const clean = smoothed(Float64Array.of(1, 3), 0.5);
  assert.deepEqual([...result], [clean[0], NaN, clean[1], Infinity]);
});

test("the average stays within what it averages", () => {
  const values = Float64Array.from({ length: 500 }, (_, at) => Math.sin(at * 12.9898) * 10);
  for (const weight of [0.1, 0.6, 0.99, 0.999]) {
    for (const value of smoothed(values, weight)) assert.ok(value >= -10 && value <= 10);
  }
});
