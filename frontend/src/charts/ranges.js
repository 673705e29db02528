/** The ranges of the axes: what the drawn curves cover, with a little air. */
import { lowerBound } from "../drawables.js";

/** @import { Curve, Drawable, Range } from "../types.js" */
/** @import { Extent } from "./frame.js" */

const AIR = 0.05;
/** As TensorBoard's "ignore outliers in chart scaling". */
const INNER = [0.05, 0.95];

/**
 * The x axis: the zoomed part, or everything drawn.
 * @param {Drawable[]} drawables
 * @param {Range | null} zoom
 * @returns {Extent}
 */
export function xExtent(drawables, zoom) {
  if (zoom !== null) return { min: zoom[0], max: zoom[1] };
  let min = Infinity;
  let max = -Infinity;
  for (const { train, val } of drawables) {
    for (const { x } of [train, val]) {
      // The clock of one training may have given no numbers: the axis is made for the others.
      for (const end of [x[0] ?? NaN, x.at(-1) ?? NaN].filter(Number.isFinite)) {
        min = Math.min(min, end);
        max = Math.max(max, end);
      }
    }
  }
  if (min > max) return { min: 0, max: 1 };
  if (min === max) return { min: min - 0.5, max: max + 0.5 };
  return { min, max };
}

/**
 * The trainings that the y axes are made for: one that diverged would press all others flat, so it counts only where it
 * is among its like.
 * @param {Drawable[]} drawables
 */
export function scaling(drawables) {
  const sound = drawables.filter(({ training }) => training.verdict !== "diverged");
  return sound.length > 0 ? sound : drawables;
}

/** The best values, which clipping must not hide. @param {Drawable[]} drawables */
export const bestValues = (drawables) => drawables.map(({ training }) => training.best?.value ?? NaN);

/**
 * The y axis: the finite values of the curves within the x axis; positive ones only where it is logarithmic.
 * @param {Curve[]} curves
 * @param {Extent} xs
 * @param {{log?: boolean, clip?: boolean, include?: number[]}} [options] `clip`: the inner 90 % only; `include`: values
 *   that must be seen as well
 * @returns {Extent}
 */
export function yExtent(curves, xs, { log = false, clip = false, include = [] } = {}) {
  const [low, high] = clip ? innerRange(curves, xs, log) : outerRange(curves, xs, log);
  const shown = include.filter((value) => Number.isFinite(value) && (!log || value > 0));
  return padded(Math.min(low, ...shown), Math.max(high, ...shown), log);
}

/** @param {number} low @param {number} high @param {boolean} log @returns {Extent} */
function padded(low, high, log) {
  if (low > high) return log ? { min: 0.1, max: 1 } : { min: 0, max: 1 };
  if (log) {
    const air = low === high ? 2 : (high / low) ** AIR;
    return { min: low / air, max: high * air };
  }
  const air = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * AIR;
  return { min: low - air, max: high + air };
}

/** @param {Curve[]} curves @param {Extent} xs @param {boolean} log @returns {Range} */
function outerRange(curves, xs, log) {
  let low = Infinity;
  let high = -Infinity;
  visit(curves, xs, log, (value) => {
    if (value < low) low = value;
    if (value > high) high = value;
  });
  return [low, high];
}

/** @param {Curve[]} curves @param {Extent} xs @param {boolean} log @returns {Range} */
function innerRange(curves, xs, log) {
  /** @type {number[]} */
  const values = [];
  visit(curves, xs, log, (value) => values.push(value));
  const sorted = Float64Array.from(values).sort();
  const [low = Infinity, high = -Infinity] = INNER.map((part) => sorted[Math.round(part * (sorted.length - 1))]);
  return [low, high];
}

/** @param {Curve[]} curves @param {Extent} xs @param {boolean} log @param {(value: number) => void} see */
function visit(curves, { min, max }, log, see) {
  for (const { x, y } of curves) {
    const end = lowerBound(x, max);
    for (let at = lowerBound(x, min); at <= end && at < y.length; at++) {
      const value = /** @type {number} */ (y[at]);
      if (/** @type {number} */ (x[at]) <= max && Number.isFinite(value) && (!log || value > 0)) see(value);
    }
  }
}

/** How many values a logarithmic axis leaves out. @param {Curve[]} curves */
export function countNotPositive(curves) {
  let count = 0;
  for (const { y } of curves) for (const value of y) if (value <= 0) count += 1;
  return count;
}
