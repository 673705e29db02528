import assert from "node:assert/strict";
import { test } from "node:test";
import "./dom.js";
import { drawables } from "../../src/drawables.js";
import { reading } from "../../src/views/tooltip.js";
import { curves, training } from "../examples.js";

test("there is no gap where validation goes on without training", () => {
  const whole = curves("model", [5, 4, 3], [6, 5, 4, 3, 2]);
  const { gap } = whole;
  const part = (/** @type {Float64Array} */ column) => column.slice(0, 3);
  const found = {
    ...whole,
    gap: { ...gap, step: part(gap.step), wall_time: part(gap.wall_time), value: part(gap.value) },
  };
  const marks = new Map([["model", { color: "#000", shape: 0 }]]);
  const [drawable] = drawables([training()], new Map([["model", found]]), marks, "step", 0);
  assert.ok(drawable);
  assert.equal(reading(drawable, 2).gap, 1);
  assert.equal(reading(drawable, 4).gap, NaN);
});
