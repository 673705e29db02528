import assert from "node:assert/strict";
import { test } from "node:test";
import { drawables, lowerBound, nearest, place, places, stepsWithin } from "../src/drawables.js";
import { curves, training } from "./examples.js";

const five = curves("model", [5, 4, 3, 2, 1], [6, 5, 4, 3, 4]);

test("a training without curves or mark is not drawn", () => {
  const marks = new Map([["a", { color: "#000", shape: 0 }]]);
  const rows = [training({ name: "a" }), training({ name: "b" })];
  const found = new Map([
    ["a", five],
    ["b", five],
  ]);
  assert.deepEqual(
    drawables(rows, found, marks, "step", 0).map(({ id }) => id),
    ["a"],
  );
});

test("each axis measures from its own beginning", () => {
  const row = training();
  assert.equal(places(five.val, row, "step"), five.val.step);
  assert.equal(places(five.val, row, "wall"), five.val.wall_time);
  assert.deepEqual([...places(five.val, row, "relative")], [0, 10, 20, 30, 40]);
  assert.deepEqual([...places(five.val, row, "fraction")], [0, 0.25, 0.5, 0.75, 1]);
});

test("a step between two points lies between their times", () => {
  const row = training();
  const sparse = { ...five.val, step: Float64Array.of(0, 10, 20, 30, 40) };
  assert.equal(place(15, sparse, row, "wall"), 1015);
  assert.equal(place(15, sparse, row, "relative"), 15);
  assert.equal(place(40, sparse, row, "wall"), 1040);
  assert.equal(place(50, sparse, row, "wall"), 1040);
  assert.equal(place(2, five.val, row, "fraction"), 0.5);
});

test("part of a time axis is as many steps as lie in it", () => {
  const columns = [{ training: training(), column: five.val }];
  assert.deepEqual(stepsWithin(columns, "relative", [5, 35]), [1, 3]);
  assert.equal(stepsWithin(columns, "relative", [41, 50]), null);
});

test("the nearest point is the nearer neighbour", () => {
  const values = Float64Array.of(0, 10, 20);
  assert.deepEqual(
    [-5, 0, 4, 5, 6, 19, 100].map((wanted) => nearest(values, wanted)),
    [0, 0, 0, 0, 1, 2, 2],
  );
  assert.equal(nearest(new Float64Array(), 1), -1);
});

test("the lower bound is the first value that is not below", () => {
  const values = Float64Array.of(1, 2, 2, 3);
  assert.deepEqual(
    [0, 1, 2, 2.5, 4].map((wanted) => lowerBound(values, wanted)),
    [0, 0, 1, 3, 4],
  );
});

test("judging a training anew leaves its lines the same, another axis does not", () => {
  const marks = new Map([["model", { color: "#000", shape: 0 }]]);
  const found = new Map([["model", five]]);
  const draw = (/** @type {any} */ said, /** @type {"step" | "wall"} */ x) =>
    drawables([training({ name: "model", ...said })], found, marks, x, 0)[0];
  const first = draw({}, "step");
  assert.equal(draw({ verdict: "overfit" }, "step")?.train, first?.train);
  assert.notEqual(draw({}, "wall")?.train, first?.train);
});
