/** The marks of one training: best (a dot), onset (a sign, a line, the region after it), stop (a line with its patience). */
import { nearest, place } from "../drawables.js";
import * as format from "../format.js";
import { clipped } from "./frame.js";
import { addShape } from "./shapes.js";

/** @import { Drawable, XKind } from "../types.js" */
/** @import { Frame } from "./frame.js" */
/** @import { Label } from "./labels.js" */

/** @param {Frame} frame @param {Drawable} drawable @param {number} step @param {XKind} x */
const leftOf = (frame, { found, training }, step, x) => frame.x(place(step, found.val, training, x));

/** @param {Frame} frame @param {Drawable} drawable @param {XKind} x */
function bestPlace(frame, drawable, x) {
  const { best } = drawable.training;
  if (best === null || best.value === null) return null;
  const at = { x: leftOf(frame, drawable, best.step, x), y: frame.y(best.value), step: best.step, value: best.value };
  return inside(frame, at.x, at.y) ? at : null;
}

/**
 * The dot at the best validation value.
 * @param {Frame} frame
 * @param {Drawable} drawable
 * @param {XKind} x
 * @param {number} radius in CSS pixels
 */
export function bestDot(frame, drawable, x, radius) {
  const at = bestPlace(frame, drawable, x);
  if (at) sign(frame, drawable.mark.shape, at.x, at.y, radius, drawable.mark.color, frame.ink.ground);
}

/**
 * @param {Frame} frame
 * @param {Drawable} drawable
 * @param {XKind} x
 * @param {boolean} [short] only the value
 * @returns {Label[]}
 */
export function bestLabel(frame, drawable, x, short = false) {
  const at = bestPlace(frame, drawable, x);
  if (at === null) return [];
  const value = format.value(at.value);
  if (short)
    return [
      { text: value, x: at.x, y: at.y, side: "beside", near: true, color: frame.ink.faint, bar: drawable.mark.color },
    ];
  return [
    { text: `best ${value} @${format.step(at.step)}`, x: at.x, y: at.y, side: "beside", bar: drawable.mark.color },
  ];
}

/** Where the onset lies on the validation curve. @param {Frame} frame @param {Drawable} drawable @param {XKind} x */
function onsetPlace(frame, drawable, x) {
  const { onset } = drawable.training;
  if (onset === null) return null;
  const { val, found } = drawable;
  const at = {
    x: leftOf(frame, drawable, onset.step, x),
    y: frame.y(val.y[nearest(found.val.step, onset.step)] ?? NaN),
  };
  return inside(frame, at.x, at.y) ? { ...at, step: onset.step } : null;
}

/**
 * The areas that a training's dots and signs cover, so that no label hides them.
 * @param {Frame} frame
 * @param {Drawable} drawable
 * @param {XKind} x
 * @returns {import("./frame.js").Box[]}
 */
export function covered(frame, drawable, x) {
  const radius = 5 * frame.ratio;
  return [bestPlace(frame, drawable, x), onsetPlace(frame, drawable, x)].flatMap((at) =>
    at ? [{ left: at.x - radius, top: at.y - radius, width: 2 * radius, height: 2 * radius }] : [],
  );
}

/**
 * A small sign on the curve where overfitting begins, also for trainings that are not in focus.
 * @param {Frame} frame
 * @param {Drawable} drawable
 * @param {XKind} x
 */
export function onsetSign(frame, drawable, x) {
  const at = onsetPlace(frame, drawable, x);
  if (at) sign(frame, 2, at.x, at.y, 3.5, frame.ink.ground, drawable.mark.color);
}

/** @param {Frame} frame @param {Drawable} drawable @param {XKind} x @returns {Label[]} */
export function onsetSignLabel(frame, drawable, x) {
  const at = onsetPlace(frame, drawable, x);
  return at
    ? [
        {
          text: `onset @${format.step(at.step)}`,
          x: at.x,
          y: at.y,
          side: "beside",
          near: true,
          color: frame.ink.faint,
          bar: drawable.mark.color,
        },
      ]
    : [];
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
  const from = leftOf(frame, drawable, training.onset.step, x);
  const to = leftOf(frame, drawable, training.last_step, x);
  clipped(frame, () => {
    ctx.fillStyle = ink.bad;
    ctx.globalAlpha = 0.07;
    ctx.fillRect(from, box.top, to - from, box.height);
  });
  return rule(frame, from, `onset @${format.step(training.onset.step)}`, ink.bad, [2, 2]);
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
  const text = `stop @${format.step(stop.step)} (${stop.rule})`;
  return rule(frame, leftOf(frame, drawable, stop.step, x), text, frame.ink.faint, [6, 3]);
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
  const text = `diverged @${format.step(divergence.step)}`;
  return rule(frame, leftOf(frame, drawable, divergence.step, x), text, frame.ink.worst, [1, 3]);
}

/**
 * A line from top to bottom with its label at the top.
 * @param {Frame} frame
 * @param {number} x
 * @param {string} text
 * @param {string} color
 * @param {number[]} dash
 * @returns {Label[]}
 */
function rule(frame, x, text, color, dash) {
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
  return inside(frame, x, box.top) ? [{ text, x, y: box.top, side: "top", color }] : [];
}

/**
 * @param {Frame} frame
 * @param {number} shape
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} fill
 * @param {string} stroke
 */
function sign({ ctx, ratio }, shape, x, y, radius, fill, stroke) {
  ctx.beginPath();
  addShape(ctx, shape, x, y, radius * ratio);
  ctx.fillStyle = fill;
  ctx.strokeStyle = stroke;
  ctx.lineWidth = 1.5 * ratio;
  ctx.fill();
  ctx.stroke();
}

/** @param {Frame} frame @param {number} x @param {number} y */
const inside = ({ box }, x, y) =>
  x >= box.left - 1 && x <= box.left + box.width + 1 && y >= box.top - 1 && y <= box.top + box.height + 1;
