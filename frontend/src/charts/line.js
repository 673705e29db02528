/** The line mark: one curve, broken where a value is missing, a dot where a point stands alone. */
import { trace } from "./trace.js";

/** @import { Frame } from "./frame.js" */

export const SOLID = /** @type {number[]} */ ([]);
export const DASHED = [6, 4];

/**
 * The thinnest line there is, one pixel of the canvas. Browsers without a graphics card draw it thirty times as fast as
 * one of 1.5 pixels (200 noisy curves of 500 points: 30 ms against 900).
 */
export const HAIR = 0;

const defaults = { stroke: "#000000", width: 1.5, dash: SOLID, alpha: 1, halo: "" };
const HALO = 5;

/** Canvas pixels that a dashed line may be long before its dashes follow x and not the line: noise is very long. */
const LONG = 12_000;

/**
 * @param {Frame} frame
 * @param {Float64Array} xs ascending
 * @param {Float64Array} ys
 * @param {Partial<typeof defaults>} [options] `halo`: a colour around the line that lifts it off others
 */
export function line(frame, xs, ys, options) {
  const { stroke, width, dash, alpha, halo } = { ...defaults, ...options };
  const { ctx, ratio } = frame;
  const { path, dots, length } = trace(frame, xs, ys);
  const noisy = length > LONG;
  ctx.save();
  ctx.lineJoin = noisy ? "bevel" : "round";
  ctx.beginPath();
  if (noisy && dash.length > 0) strokeByColumns(ctx, path, dash, ratio);
  else strokeThrough(ctx, path);
  if (halo !== "" && !noisy) {
    ctx.globalAlpha = 0.7;
    ctx.strokeStyle = halo;
    ctx.lineWidth = HALO * ratio;
    ctx.stroke();
  }
  ctx.setLineDash(noisy ? SOLID : dash.map((part) => part * ratio));
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = ctx.fillStyle = stroke;
  ctx.lineWidth = Math.max(1, width * ratio);
  ctx.stroke();
  for (let at = 0; at < dots.length; at += 2) dot(ctx, dots[at] ?? 0, dots[at + 1] ?? 0, (width + 0.5) * ratio);
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {number[]} path */
function strokeThrough(ctx, path) {
  let pen = false;
  for (let at = 0; at < path.length; at += 2) {
    const px = /** @type {number} */ (path[at]);
    const py = /** @type {number} */ (path[at + 1]);
    if (px !== px) pen = false;
    else if (pen) ctx.lineTo(px, py);
    else {
      ctx.moveTo(px, py);
      pen = true;
    }
  }
}

/**
 * Leaves out the segments in every second strip of x.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[]} path
 * @param {number[]} dash
 * @param {number} ratio
 */
function strokeByColumns(ctx, path, [on = 6, off = 4], ratio) {
  let pen = false;
  for (let at = 0; at < path.length; at += 2) {
    const px = /** @type {number} */ (path[at]);
    if (!((px / ratio) % (on + off) < on)) pen = false;
    else if (pen) ctx.lineTo(px, /** @type {number} */ (path[at + 1]));
    else {
      ctx.moveTo(px, /** @type {number} */ (path[at + 1]));
      pen = true;
    }
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} radius */
function dot(ctx, x, y, radius) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fill();
}
