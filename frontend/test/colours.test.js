import assert from "node:assert/strict";
import { test } from "node:test";
import { assignMarks } from "../src/colours.js";
import { training } from "./examples.js";

test("a training has the colour that TensorBoard gives to its training run", () => {
  const rows = [training({ name: "b" }), training({ name: "a" })];
  const marks = assignMarks(rows, ["a", "b"], "light");
  assert.equal(marks.get("a")?.color, "#425066");
  assert.equal(marks.get("b")?.color, "#12b5cb");
});

test("only the first colour differs in the dark", () => {
  const rows = [training({ name: "a" }), training({ name: "b" })];
  const marks = assignMarks(rows, ["a", "b"], "dark");
  assert.equal(marks.get("a")?.color, "#8e98a3");
  assert.equal(marks.get("b")?.color, "#12b5cb");
});

test("trainings of one colour have different shapes", () => {
  const rows = Array.from({ length: 42 }, (_, at) => training({ name: `m${String(at).padStart(2, "0")}` }));
  const marks = assignMarks(
    rows,
    rows.map(({ name }) => name),
    "light",
  );
  const seen = new Set([...marks.values()].map(({ color, shape }) => `${color} ${shape}`));
  assert.equal(seen.size, 42);
});

test("marks stay the same when the ranking changes", () => {
  const rows = ["a", "b", "c"].map((name) => training({ name }));
  const runs = ["x", "a", "c"];
  assert.deepEqual(assignMarks(rows, runs, "light"), assignMarks([...rows].reverse(), runs, "light"));
});

test("where trainings are drawn in groups, a group has one colour and its members other shapes", () => {
  const rows = ["a-1", "a-2", "b-1"].map((name) => training({ name }));
  const marks = assignMarks(rows, [], "light", "^.");
  assert.equal(marks.get("a-1")?.color, marks.get("a-2")?.color);
  assert.notEqual(marks.get("a-1")?.color, marks.get("b-1")?.color);
  assert.notEqual(marks.get("a-1")?.shape, marks.get("a-2")?.shape);
});
