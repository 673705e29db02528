import assert from "node:assert/strict";
import { test } from "node:test";
import { band, bandEdges } from "../../src/charts/band.js";
import { createFrame } from "../../src/charts/frame.js";
import { drawLabels } from "../../src/charts/labels.js";
import { DASHED, line } from "../../src/charts/line.js";
import { bestLabel, onset, stop } from "../../src/charts/markers.js";
import { isSameScene } from "../../src/charts/scene.js";
import { drawables } from "../../src/drawables.js";
import { curves, training } from "../examples.js";

const INK = { text: "#111", faint: "#222", grid: "#333", ground: "#fff", bad: "#a00", worst: "#808" };

/** A canvas that writes down what is drawn on it. */
function recorder() {
  /** @type {[string, ...unknown[]][]} */
  const calls = [];
  const known = { measureText: (/** @type {string} */ text) => ({ width: 6 * text.length }), calls };
  return new Proxy(/** @type {any} */ (known), {
    get: (target, name) =>
      name in target ? target[name] : (/** @type {unknown[]} */ ...said) => void calls.push([String(name), ...said]),
  });
}

/** Values 0 to 10 both ways, a hundred pixels each. @param {boolean} [log] @returns {import("../../src/charts/frame.js").Frame} */
function frame(log = false) {
  const ys = log ? { min: 0.1, max: 10, log } : { min: 0, max: 10, log };
  return createFrame(recorder(), { left: 0, top: 0, width: 1000, height: 1000 }, { min: 0, max: 10 }, ys, 1, INK);
}

/** @param {import("../../src/charts/frame.js").Frame} frame @param {...string} names */
const drawn = (frame, ...names) =>
  /** @type {any} */ (frame.ctx).calls.filter((/** @type {any} */ [name]) => names.includes(name));

test("a line is broken where a value is missing", () => {
  const target = frame();
  line(target, Float64Array.of(0, 1, 2, 3, 4), Float64Array.of(1, 2, NaN, 4, 5));
  assert.deepEqual(
    drawn(target, "moveTo", "lineTo").map((/** @type {any} */ [name]) => name),
    ["moveTo", "lineTo", "moveTo", "lineTo"],
  );
});

test("a point that stands alone is a dot", () => {
  const target = frame();
  line(target, Float64Array.of(1, 2, 3), Float64Array.of(NaN, 5, NaN));
  assert.deepEqual(
    drawn(target, "arc").map((/** @type {any} */ [, x, y]) => [x, y]),
    [[200, 500]],
  );
});

test("a logarithmic axis leaves out what is not positive", () => {
  const target = frame(true);
  line(target, Float64Array.of(0, 1, 2, 3), Float64Array.of(1, -1, 1, 1));
  assert.equal(drawn(target, "arc").length, 1);
  assert.equal(drawn(target, "lineTo").length, 1);
});

test("only what is seen, and one neighbour on each side, is drawn", () => {
  const target = frame();
  const many = Float64Array.from({ length: 1000 }, (_, at) => at - 500);
  line(target, many, many);
  assert.ok(drawn(target, "lineTo").length <= 13);
});

test("of very many points each column of pixels keeps its lowest and highest", () => {
  const target = frame();
  const xs = Float64Array.from({ length: 50_000 }, (_, at) => at / 5000);
  const ys = xs.map((_, at) => (at === 25_001 ? 9 : at === 30_003 ? 1 : 5));
  line(target, xs, ys);
  const visited = drawn(target, "lineTo", "moveTo").map((/** @type {any} */ [, , y]) => y);
  assert.ok(visited.length <= 2002);
  assert.equal(Math.min(...visited), 100);
  assert.equal(Math.max(...visited), 900);
});

test("validation is dashed, also where noise makes the line very long", () => {
  const short = frame();
  line(short, Float64Array.of(0, 10), Float64Array.of(0, 10), { dash: DASHED });
  assert.deepEqual(drawn(short, "setLineDash"), [["setLineDash", DASHED]]);
  const noisy = frame();
  const xs = Float64Array.from({ length: 500 }, (_, at) => at / 50);
  line(
    noisy,
    xs,
    xs.map((_, at) => (at % 2) * 10),
    { dash: DASHED },
  );
  assert.deepEqual(drawn(noisy, "setLineDash"), [["setLineDash", []]]);
  assert.ok(drawn(noisy, "moveTo").length > 50);
});

test("the band is shaded only where both values are there", () => {
  const target = frame();
  band(target, Float64Array.of(0, 1, 2, 3, 4), Float64Array.of(1, 1, NaN, 1, 1), Float64Array.of(2, 2, 2, 2, 2));
  assert.equal(drawn(target, "fill").length, 2);
});

test("the edges of the band are the same whichever gap is drawn", () => {
  const { gap, ...rest } = curves("m", [2, 4], [3, 3]);
  const kinds = { absolute: [1, -1], relative: [0.5, -0.25], ratio: [1.5, 0.75] };
  for (const [kind, values] of Object.entries(kinds)) {
    const { val } = bandEdges({ ...rest, gap: { ...gap, value: Float64Array.from(values) } }, kind);
    assert.deepEqual([...val], [3, 3]);
  }
});

/** @param {Partial<import("../../src/types.js").Training>} said */
function drawable(said) {
  const found = new Map([["model", curves("model", [5, 4, 3, 2, 1], [6, 5, 4, 3, 4])]]);
  const marks = new Map([["model", { color: "#123", shape: 0 }]]);
  const [one] = drawables([training(said)], found, marks, "step", 0);
  assert.ok(one);
  return one;
}

const STOP = {
  criterion: "keras",
  rule: "p=7",
  patience: 7,
  min_delta: 0,
  step: 4,
  best_step: 3,
  regret: 0,
  steps_saved: 0,
  seconds_saved: 0,
};

test("every marker says what it is", () => {
  const one = drawable({ best: { step: 3, value: 3 }, onset: { step: 4 }, stop: STOP });
  const said = [bestLabel(frame(), one, "step"), onset(frame(), one, "step"), stop(frame(), one, "step")].flat();
  assert.deepEqual(
    said.map(({ text }) => text),
    ["best 3.000 @3", "onset @4", "stop @4 (p=7)"],
  );
});

test("a training without a best has no marker for it", () => {
  assert.deepEqual(bestLabel(frame(), drawable({ best: null }), "step"), []);
  assert.deepEqual(onset(frame(), drawable({ onset: null }), "step"), []);
});

test("labels never cover each other, and the less important gives way", () => {
  const target = frame();
  const taken = /** @type {any[]} */ ([]);
  const labels = Array.from({ length: 40 }, (_, at) => ({
    text: `label ${at}`,
    x: 500,
    y: 500,
    side: /** @type {const} */ ("beside"),
  }));
  drawLabels(target, labels, taken);
  assert.ok(taken.length > 4 && taken.length < 40);
  for (const a of taken) {
    for (const b of taken) {
      const apart =
        a.left >= b.left + b.width ||
        b.left >= a.left + a.width ||
        a.top >= b.top + b.height ||
        b.top >= a.top + a.height;
      assert.ok(a === b || apart);
    }
  }
  assert.equal(drawn(target, "fillText")[0][1], "label 0");
});

test("other verdicts make no other scene; other curves, colours or scales do, and among few another onset", () => {
  const many = Array.from({ length: 21 }, () => drawable({ verdict: "overfit" }));
  /** @param {Partial<import("../../src/types.js").Drawable>} change */
  const but = (change) => many.map((one, at) => (at === 3 ? { ...one, ...change } : one));
  assert.ok(isSameScene(but({ training: drawable({ verdict: "noisy" }).training }), many));
  assert.ok(!isSameScene(but({ training: drawable({ verdict: "diverged" }).training }), many));
  assert.ok(!isSameScene(but({ train: { ...(many[0] ?? drawable({})).train } }), many));
  assert.ok(!isSameScene(but({ mark: { color: "#fff", shape: 0 } }), many));
  const later = but({ training: drawable({ verdict: "overfit", onset: { step: 3 } }).training });
  assert.ok(isSameScene(later, many));
  assert.ok(!isSameScene(later.slice(0, 5), many.slice(0, 5)));
  assert.ok(isSameScene(many.slice(0, 5), many.slice(0, 5)));
});
