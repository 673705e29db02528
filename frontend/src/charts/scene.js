/** What the two charts show: all curves, the focused training on top of them, its marks, and the pointed-at values. */
import { nearest } from "../drawables.js";
import { band, bandEdges } from "./band.js";
import { clipped } from "./frame.js";
import { drawLabels } from "./labels.js";
import { DASHED, line } from "./line.js";
import { best, divergence, onset, stop } from "./markers.js";
import { xExtent, yExtent } from "./ranges.js";
import { addShape } from "./shapes.js";

/** @import { Curve, Drawable, Range, Settings } from "../types.js" */
/** @import { Box, Frame, Ink } from "./frame.js" */
/** @import { Scene } from "./plot.js" */

/**
 * @typedef {object} Content
 * @property {Drawable[]} drawables
 * @property {Drawable | null} focus
 * @property {Settings} settings
 * @property {Range | null} zoom
 * @property {Ink} ink
 * @property {boolean} [small]
 */

/** Above this many trainings each is drawn fainter, and only the focused one has marks. */
const MANY = 20;

/** @param {number} count */
const faintness = (count) => (count <= MANY ? 1 : Math.max(0.25, MANY / count));

/**
 * Training solid, validation dashed.
 * @param {Content} content
 * @returns {Scene}
 */
export function lossScene({ drawables, focus, settings, zoom, ink, small }) {
  const { x: xKind, y, clip, smooth, gap } = settings;
  const log = y === "log";
  const xs = xExtent(drawables, zoom);
  const ys = yExtent(
    drawables.flatMap(({ train, val }) => [train, val]),
    xs,
    { log, clip },
  );
  const alpha = faintness(drawables.length);
  return {
    xs,
    ys,
    xKind,
    log,
    ink,
    bottom: false,
    small,
    paint(frame) {
      clipped(frame, () => {
        for (const { train, val, mark } of drawables) {
          if (smooth > 0) raws(frame, [train, val], mark.color, alpha);
          line(frame, train.x, train.y, { stroke: mark.color, alpha });
          line(frame, val.x, val.y, { stroke: mark.color, dash: DASHED, alpha });
        }
        if (drawables.length <= MANY) for (const drawable of drawables) best(frame, drawable, xKind, small ? 3 : 4);
      });
    },
    over(frame, at) {
      if (focus === null) return;
      const { train, val, mark, found } = focus;
      const labels = onset(frame, focus, xKind).concat(stop(frame, focus, xKind), divergence(frame, focus, xKind));
      const edges = bandEdges(found, gap);
      band(frame, focus.gap.x, edges.train, edges.val, { fill: mark.color });
      emphasised(frame, [train, []], [val, DASHED], mark.color, drawables.length);
      clipped(frame, () => void labels.unshift(...best(frame, focus, xKind, small ? 4 : 5)));
      if (at !== null) dots(frame, at, [train, val], mark);
      drawLabels(frame, labels);
    },
  };
}

/**
 * The gap of every training, with the line of "no gap".
 * @param {Content} content
 * @returns {Scene}
 */
export function gapScene({ drawables, focus, settings, zoom, ink, small }) {
  const { x: xKind, clip, smooth, gap: kind } = settings;
  const xs = xExtent(drawables, zoom);
  const none = kind === "ratio" ? 1 : 0;
  const ys = yExtent(
    drawables.map(({ gap }) => gap),
    xs,
    { clip, include: [none] },
  );
  const alpha = faintness(drawables.length);
  return {
    xs,
    ys,
    xKind,
    log: false,
    ink,
    bottom: true,
    small,
    paint(frame) {
      level(frame, none);
      clipped(frame, () => {
        for (const { gap, mark } of drawables) {
          if (smooth > 0) raws(frame, [gap], mark.color, alpha);
          line(frame, gap.x, gap.y, { stroke: mark.color, alpha });
        }
      });
    },
    over(frame, at) {
      if (focus === null) return;
      onset(frame, focus, xKind);
      stop(frame, focus, xKind);
      emphasised(frame, [focus.gap, []], null, focus.mark.color, drawables.length);
      if (at !== null) dots(frame, at, [focus.gap], focus.mark);
    },
  };
}

/** The lines before smoothing. @param {Frame} frame @param {Curve[]} curves @param {string} stroke @param {number} alpha */
function raws(frame, curves, stroke, alpha) {
  for (const { x, raw } of curves) line(frame, x, raw, { stroke, width: 1, alpha: alpha * 0.25 });
}

/**
 * The focused training again, on a halo that lifts it off the others.
 * @param {Frame} frame
 * @param {[Curve, number[]]} first
 * @param {[Curve, number[]] | null} second
 * @param {string} stroke
 * @param {number} among how many
 */
function emphasised(frame, first, second, stroke, among) {
  clipped(frame, () => {
    for (const part of [first, second]) {
      if (part === null) continue;
      const [{ x, y }, dash] = part;
      if (among > 1) line(frame, x, y, { stroke: frame.ink.ground, width: 5, alpha: 0.7 });
      line(frame, x, y, { stroke, width: 2.25, dash });
    }
  });
}

/** @param {Frame} frame @param {number} value */
function level({ ctx, box, y, ratio, ink }, value) {
  ctx.save();
  ctx.strokeStyle = ink.faint;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  ctx.moveTo(box.left, y(value));
  ctx.lineTo(box.left + box.width, y(value));
  ctx.stroke();
  ctx.restore();
}

/**
 * Dots on the curves where the pointer is.
 * @param {Frame} frame
 * @param {number} at
 * @param {Curve[]} curves
 * @param {{color: string}} mark
 */
function dots(frame, at, curves, { color }) {
  const { ctx, ratio, ink } = frame;
  clipped(frame, () => {
    for (const { x, y } of curves) {
      const index = nearest(x, at);
      const px = frame.x(x[index] ?? NaN);
      const py = frame.y(y[index] ?? NaN);
      if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
      ctx.beginPath();
      addShape(ctx, 0, px, py, 3.5 * ratio);
      ctx.fillStyle = color;
      ctx.strokeStyle = ink.ground;
      ctx.lineWidth = 1.5 * ratio;
      ctx.fill();
      ctx.stroke();
    }
  });
}
