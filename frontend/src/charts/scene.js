/** What a chart shows however the pointer moves: axes that fit, all curves, the marks on them. */
import { clipped } from "./frame.js";
import { DASHED, HAIR, line } from "./line.js";
import { bestDot, onsetSign } from "./markers.js";
import { mean } from "./mean.js";
import { bestValues, scaling, xExtent, yExtent } from "./ranges.js";

/** @import { Curve, Drawable, GroupMean, Range, Settings } from "../types.js" */
/** @import { Extent, Frame, Ink } from "./frame.js" */
/** @import { Scene } from "./plot.js" */

/**
 * @typedef {object} Content
 * @property {Drawable[]} drawables
 * @property {GroupMean[]} [means]  drawn above the curves, which then stand back
 * @property {Settings} settings
 * @property {Range | null} zoom
 * @property {Ink} ink
 * @property {boolean} [small]
 */

/** Above this many trainings each is drawn fainter, and only the focused one has marks. */
export const MANY = 20;

/** Above this many points lines are hairlines, so that zooming and resizing stay fluent. */
const CRISP = 15_000;

/** How faint curves are behind the means of their groups. */
const BACK = 0.35;

/** @param {Curve[]} curves */
const widthFor = (curves) => (curves.reduce((sum, { x }) => sum + x.length, 0) <= CRISP ? 1.5 : HAIR);

/**
 * Whether two lists of trainings make the same scene. Of what is judged, only the sign of the onset is in it, where there
 * are few; and what diverged, for the axes are not made for that.
 * @param {Drawable[]} now
 * @param {Drawable[]} then
 */
export const isSameScene = (now, then) =>
  now.length === then.length &&
  now.every(({ train, mark, training }, at) => {
    const other = then[at];
    if (other === undefined || train !== other.train) return false;
    if (mark.color !== other.mark.color || mark.shape !== other.mark.shape) return false;
    if (now.length <= MANY && training.onset?.step !== other.training.onset?.step) return false;
    return (training.verdict === "diverged") === (other.training.verdict === "diverged");
  });

/** @param {number} count */
const faintness = (count) => (count <= MANY ? 1 : Math.max(0.25, MANY / count));

/**
 * The losses: training solid, validation dashed.
 * @param {Content} content
 * @param {Extent} [shared] a y axis for all small charts
 * @returns {Scene}
 */
export function lossScene({ drawables, means = [], settings, zoom, ink, small = false }, shared) {
  const { x: xKind, y, smooth } = settings;
  const log = y === "log";
  const xs = xExtent(drawables, zoom);
  const curves = drawables.flatMap(({ train, val }) => [train, val]);
  const alpha = faintness(drawables.length) * (means.length > 0 ? BACK : 1);
  const width = means.length > 0 ? HAIR : widthFor(curves);
  return {
    xs,
    ys: shared ?? lossExtent(drawables, xs, settings),
    xKind,
    log,
    ink,
    bottom: false,
    small,
    paint(frame) {
      clipped(frame, () => {
        for (const { train, val, mark } of drawables) {
          if (smooth > 0) raws(frame, [train, val], mark.color, alpha);
          line(frame, train.x, train.y, { stroke: mark.color, width, alpha });
          line(frame, val.x, val.y, { stroke: mark.color, width, dash: DASHED, alpha });
        }
        for (const { train, val, mark } of means) {
          mean(frame, train, { stroke: mark.color });
          mean(frame, val, { stroke: mark.color, dash: DASHED });
        }
      });
      if (drawables.length > MANY || means.length > 0) return;
      for (const drawable of drawables) {
        onsetSign(frame, drawable, xKind);
        bestDot(frame, drawable, xKind, small ? 3 : 4);
      }
    },
  };
}

/** The value of a gap that means "no gap". @param {string} kind */
export const noGap = (kind) => (kind === "ratio" ? 1 : 0);

/**
 * The gap of every training, with the line of "no gap".
 * @param {Content} content
 * @param {Extent} [shared]
 * @returns {Scene}
 */
export function gapScene({ drawables, means = [], settings, zoom, ink, small = false }, shared) {
  const { x: xKind, smooth, gap: kind } = settings;
  const xs = xExtent(drawables, zoom);
  const curves = drawables.map(({ gap }) => gap);
  const alpha = faintness(drawables.length) * (means.length > 0 ? BACK : 1);
  const width = means.length > 0 ? HAIR : widthFor(curves);
  return {
    xs,
    ys: shared ?? gapExtent(drawables, xs, settings),
    xKind,
    log: false,
    ink,
    bottom: true,
    small,
    paint(frame) {
      level(frame, noGap(kind));
      clipped(frame, () => {
        for (const { gap, mark } of drawables) {
          if (smooth > 0) raws(frame, [gap], mark.color, alpha);
          line(frame, gap.x, gap.y, { stroke: mark.color, width, alpha });
        }
        for (const { gap, mark } of means) mean(frame, gap, { stroke: mark.color });
      });
    },
  };
}

/** @param {Drawable[]} drawables @param {Extent} xs @param {Settings} settings */
export function lossExtent(drawables, xs, { y, clip }) {
  const fitted = scaling(drawables);
  const curves = fitted.flatMap(({ train, val }) => [train, val]);
  // Seen whole, the axis holds every best; zoomed in, only what is there.
  const whole = fitted.every(({ val }) => (val.x[0] ?? 0) >= xs.min && (val.x.at(-1) ?? 0) <= xs.max);
  return yExtent(curves, xs, { log: y === "log", clip, include: clip && whole ? bestValues(fitted) : [] });
}

/** @param {Drawable[]} drawables @param {Extent} xs @param {Settings} settings */
export function gapExtent(drawables, xs, { clip, gap }) {
  const curves = scaling(drawables).map((one) => one.gap);
  return yExtent(curves, xs, { clip, include: [noGap(gap)] });
}

/** The lines before smoothing. @param {Frame} frame @param {Curve[]} curves @param {string} stroke @param {number} alpha */
function raws(frame, curves, stroke, alpha) {
  for (const { x, raw } of curves) line(frame, x, raw, { stroke, width: HAIR, alpha: alpha * 0.3 });
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
