/** The marks of one training: best (a dot), onset (a line and the region after it), stop (a line with its patience). */
import { place } from "../drawables.js";
import * as format from "../format.js";
import { clipped } from "./frame.js";
import { addShape } from "./shapes.js";

/** @import { Drawable, XKind } from "../types.js" */
/** @import { Frame } from "./frame.js" */
/** @import { Label } from "./labels.js" */

/** @param {Drawable} drawable @param {number} step @param {XKind} x */
const placeOf = ({ found, training }, step, x) => place(step, found.val, training, x);

/**
 * The dot at the best validation value.
 * @param {Frame} frame
 * @param {Drawable} drawable
 * @param {XKind} x
 * @param {number} radius
 * @returns {Label[]}
 */
export function best(frame, drawable, x, radius = 4) {
  const { training, mark } = drawable;
  if (training.best === null || training.best.value === null) return [];
  const { ctx, ratio, ink } = frame;
  const at = frame.x(placeOf(drawable, training.best.step, x));
  const level = frame.y(training.best.value);
  if (!inside(frame, at, level)) return [];
  ctx.beginPath();
  addShape(ctx, mark.shape, at, level, radius * ratio);
  ctx.fillStyle = mark.color;
  ctx.strokeStyle = ink.ground;
  ctx.lineWidth = 1.5 * ratio;
  ctx.fill();
  ctx.stroke();
  const text = `best ${format.value(training.best.value)} @${format.step(training.best.step)}`;
  return [{ text, x: at, y: level, side: "below" }];
}

/**
 * The line at the onset of overfitting, and the region from there to the end of the training.
 * @param {Frame} frame
 * @param {Drawable} drawable
 * @param {XKind} x
 * @returns {Label[]}
 */
export function onset(frame, drawable, x) {
  const { training } = drawable;
  if (training.onset === null) return [];
  const { ctx, box, ink } = frame;
  const from = frame.x(placeOf(drawable, training.onset.step, x));
  const to = frame.x(placeOf(drawable, training.last_step, x));
  clipped(frame, () => {
    ctx.fillStyle = ink.bad;
    ctx.globalAlpha = 0.07;
    ctx.fillRect(from, box.top, to - from, box.height);
  });
  rule(frame, from, ink.bad, [2, 2]);
  return [{ text: `onset @${format.step(training.onset.step)}`, x: from, y: box.top, side: "top", color: ink.bad }];
}

/**
 * The line where the shown patience would have stopped the training.
 * @param {Frame} frame
 * @param {Drawable} drawable
 * @param {XKind} x
 * @returns {Label[]}
 */
export function stop(frame, drawable, x) {
  const { stop } = drawable.training;
  if (stop === null) return [];
  const at = frame.x(placeOf(drawable, stop.step, x));
  rule(frame, at, frame.ink.faint, [6, 3]);
  const text = `stop @${format.step(stop.step)} (p=${stop.patience})`;
  return [{ text, x: at, y: frame.box.top, side: "top", color: frame.ink.faint }];
}

/**
 * Where the values stop being finite or the final rise begins.
 * @param {Frame} frame
 * @param {Drawable} drawable
 * @param {XKind} x
 * @returns {Label[]}
 */
export function divergence(frame, drawable, x) {
  const { divergence } = drawable.training;
  if (divergence === null) return [];
  const step = typeof divergence === "number" ? divergence : divergence.step;
  const at = frame.x(placeOf(drawable, step, x));
  rule(frame, at, frame.ink.bad, [1, 3]);
  return [{ text: `diverged @${format.step(step)}`, x: at, y: frame.box.top, side: "top", color: frame.ink.bad }];
}

/** @param {Frame} frame @param {number} x @param {string} color @param {number[]} dash */
function rule(frame, x, color, dash) {
  const { ctx, box, ratio } = frame;
  clipped(frame, () => {
    ctx.beginPath();
    ctx.strokeStyle = color;
    ctx.lineWidth = ratio;
    ctx.setLineDash(dash.map((part) => part * ratio));
    ctx.moveTo(x, box.top);
    ctx.lineTo(x, box.top + box.height);
    ctx.stroke();
  });
}

/** @param {Frame} frame @param {number} x @param {number} y */
const inside = ({ box }, x, y) =>
  x >= box.left - 1 && x <= box.left + box.width + 1 && y >= box.top - 1 && y <= box.top + box.height + 1;
