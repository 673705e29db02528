/** The band mark: the area between a training's two curves, shaded where validation lies above or below training. */
import { clipped } from "./frame.js";

/** @import { Frame } from "./frame.js" */
/** @import { Curves } from "../types.js" */

const defaults = { fill: "#000000", alpha: 0.14 };

/**
 * Between validation and the training value that each gap was taken from.
 * @param {Frame} frame
 * @param {Float64Array} xs
 * @param {Float64Array} train
 * @param {Float64Array} val
 * @param {Partial<typeof defaults>} [options]
 */
export function band(frame, xs, train, val, options) {
  const { fill, alpha } = { ...defaults, ...options };
  const { ctx, x, y } = frame;
  clipped(frame, () => {
    ctx.globalAlpha = alpha;
    ctx.fillStyle = fill;
    for (const [from, to] of parts(frame, train, val)) {
      ctx.beginPath();
      for (let at = from; at < to; at++) ctx.lineTo(x(xs[at] ?? NaN), y(val[at] ?? NaN));
      for (let at = to - 1; at >= from; at--) ctx.lineTo(x(xs[at] ?? NaN), y(train[at] ?? NaN));
      ctx.closePath();
      ctx.fill();
    }
  });
}

/**
 * Stretches in which both values can be drawn, as [first, end) indices.
 * @param {Frame} frame
 * @param {Float64Array} train
 * @param {Float64Array} val
 * @returns {[number, number][]}
 */
function parts({ y }, train, val) {
  /** @type {[number, number][]} */
  const found = [];
  let from = -1;
  for (let at = 0; at <= val.length; at++) {
    const both = Number.isFinite(y(train[at] ?? NaN)) && Number.isFinite(y(val[at] ?? NaN));
    if (both && from < 0) from = at;
    if (!both && from >= 0) {
      found.push([from, at]);
      from = -1;
    }
  }
  return found;
}

/**
 * What the band lies between: validation at the steps of the gap is training there plus the gap.
 * @param {Curves} curves
 * @param {string} kind of the gap that was asked for
 */
export function bandEdges({ gap }, kind) {
  const back = {
    absolute: (/** @type {number} */ gap, /** @type {number} */ train) => train + gap,
    relative: (/** @type {number} */ gap, /** @type {number} */ train) => train + gap * Math.abs(train),
    ratio: (/** @type {number} */ gap, /** @type {number} */ train) => train * gap,
  }[kind];
  return { train: gap.train, val: gap.value.map((value, at) => back?.(value, gap.train[at] ?? NaN) ?? NaN) };
}
