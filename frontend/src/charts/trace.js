/** A curve in canvas pixels: what a line has to visit, and no more than can be seen. */
import { lowerBound } from "../drawables.js";

/** @import { Frame } from "./frame.js" */

/**
 * @typedef {object} Trace
 * @property {number[]} path  x and y in turn; NaN, NaN where the line is broken
 * @property {number[]} dots  x and y of points that stand alone
 * @property {number} length  of the path, roughly
 */

/** More points than this in one column of pixels are drawn as the column's lowest and highest. */
const DENSE = 4;

/**
 * @param {Frame} frame
 * @param {Float64Array} xs ascending
 * @param {Float64Array} ys
 * @returns {Trace}
 */
export function trace({ x, y, xs: extent, box }, xs, ys) {
  const first = Math.max(0, lowerBound(xs, extent.min) - 1);
  const last = Math.min(xs.length - 1, lowerBound(xs, extent.max) + 1);
  const pen = last - first > DENSE * box.width ? new ColumnPen() : new Pen();
  for (let at = first; at <= last; at++) {
    const px = x(/** @type {number} */ (xs[at]));
    const py = y(/** @type {number} */ (ys[at]));
    if (Number.isFinite(py) && Number.isFinite(px)) pen.visit(px, py);
    else pen.lift();
  }
  pen.lift();
  return pen;
}

/** Visits every point. */
class Pen {
  /** @type {number[]} */ path = [];
  /** @type {number[]} */ dots = [];
  length = 0;
  #run = 0;

  /** @param {number} x @param {number} y */
  visit(x, y) {
    if (this.#run > 0) this.length += Math.abs(y - (this.path.at(-1) ?? y)) + Math.abs(x - (this.path.at(-2) ?? x));
    this.path.push(x, y);
    this.#run += 1;
  }

  lift() {
    if (this.#run === 1) this.dots.push(...this.path.splice(-2));
    else if (this.#run > 1) this.path.push(NaN, NaN);
    this.#run = 0;
  }
}

/** Visits the lowest and the highest point of every column of pixels, in the order in which they come. */
class ColumnPen extends Pen {
  #column = NaN;
  #low = [0, 0];
  #high = [0, 0];

  /** @param {number} x @param {number} y @override */
  visit(x, y) {
    const column = Math.floor(x);
    if (column !== this.#column) {
      this.#flush();
      this.#column = column;
      this.#low = this.#high = [x, y];
    } else if (y > /** @type {number} */ (this.#low[1])) this.#low = [x, y];
    else if (y < /** @type {number} */ (this.#high[1])) this.#high = [x, y];
  }

  /** @override */
  lift() {
    this.#flush();
    super.lift();
  }

  #flush() {
    if (Number.isNaN(this.#column)) return;
    const [a, b] = [this.#low, this.#high].sort((one, other) => (one[0] ?? 0) - (other[0] ?? 0));
    super.visit(.../** @type {[number, number]} */ (a));
    if (a !== b) super.visit(.../** @type {[number, number]} */ (b));
    this.#column = NaN;
  }
}
