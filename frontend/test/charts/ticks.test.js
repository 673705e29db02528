import assert from "node:assert/strict";
import { test } from "node:test";
import { clockTicks, linearTicks, logTicks, roundStep, spanTicks } from "../../src/charts/ticks.js";

test("a step is 1, 2 or 5 times a power of ten, and near to what was asked for", () => {
  for (const rough of [0.0007, 0.013, 0.2, 1, 3, 49, 51, 1e7]) {
    const step = roundStep(rough);
    assert.ok(step / rough < 1.6 && rough / step < 1.6);
    assert.match(step.toExponential(), /^[125]e/);
  }
});

test("ticks lie within the axis, evenly, without rounding noise", () => {
  assert.deepEqual(linearTicks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(linearTicks(-0.3, 0.31, 3), [-0.2, 0, 0.2]);
});

test("steps are whole numbers, however far one zooms in", () => {
  assert.deepEqual(linearTicks(10, 12, 10, { whole: true }), [10, 11, 12]);
});

test("a logarithmic axis has powers of ten, and more where there is room", () => {
  assert.deepEqual(logTicks(0.01, 100, 5), [0.01, 0.1, 1, 10, 100]);
  assert.deepEqual(logTicks(1, 100, 9), [1, 2, 5, 10, 20, 50, 100]);
  assert.deepEqual(logTicks(1e-12, 1e12, 5), [1e-10, 1e-5, 1, 1e5, 1e10]);
});

test("within one power of ten a logarithmic axis has round numbers", () => {
  assert.deepEqual(logTicks(2, 8, 4), [2, 4, 6, 8]);
});

test("time is counted in seconds, minutes, hours and days", () => {
  assert.deepEqual(spanTicks(0, 100, 4), [0, 30, 60, 90]);
  assert.deepEqual(spanTicks(0, 7200, 3), [0, 3600, 7200]);
  assert.deepEqual(spanTicks(0, 4 * 86400, 4), [0, 86400, 172800, 259200, 345600]);
});

test("days begin at midnight of the reader's own clock", () => {
  const noon = new Date(2026, 5, 1, 12).getTime() / 1000;
  for (const tick of clockTicks(noon, noon + 4 * 86400, 4)) assert.equal(new Date(tick * 1000).getHours(), 0);
});

test("an axis of one value has one tick", () => {
  assert.deepEqual(linearTicks(3, 3, 5), [3]);
});
