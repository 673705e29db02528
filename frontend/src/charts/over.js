/** What lies over the curves: the focused training lifted off the others, its marks with their labels, the pointer's dots. */
import { nearest } from "../drawables.js";
import { band, bandEdges } from "./band.js";
import { clipped } from "./frame.js";
import { drawLabels } from "./labels.js";
import { DASHED, line, SOLID } from "./line.js";
import { bestDot, bestLabel, covered, divergence, onset, onsetSignLabel, stop } from "./markers.js";
import { MANY } from "./scene.js";
import { addShape } from "./shapes.js";

/** @import { Curve, Drawable, Settings } from "../types.js" */
/** @import { Frame } from "./frame.js" */
/** @import { Over } from "./plot.js" */

/**
 * @param {Drawable[]} drawables
 * @param {Drawable | null} focus
 * @param {Settings} settings
 * @param {boolean} [alone]  whether only the focused training has labels
 * @returns {Over}
 */
export const lossOver =
  (drawables, focus, { x: xKind, gap }, alone = false) =>
  (frame, at) => {
    if (focus === null) return;
    const { train, val, mark, found } = focus;
    const rules = [onset(frame, focus, xKind), stop(frame, focus, xKind), divergence(frame, focus, xKind)].flat();
    const edges = bandEdges(found, gap);
    band(frame, focus.gap.x, edges.train, edges.val, { fill: mark.color });
    lifted(frame, train, SOLID, mark.color, drawables.length);
    lifted(frame, val, DASHED, mark.color, drawables.length);
    bestDot(frame, focus, xKind, 5);
    if (at !== null) dots(frame, at, [train, val], mark.color);
    const others = alone || drawables.length > MANY ? [] : drawables.filter((one) => one !== focus);
    const labels = [
      ...bestLabel(frame, focus, xKind),
      ...rules,
      ...others.flatMap((one) => onsetSignLabel(frame, one, xKind)),
      ...others.flatMap((one) => bestLabel(frame, one, xKind, true)),
    ];
    drawLabels(
      frame,
      labels,
      [focus, ...others].flatMap((one) => covered(frame, one, xKind)),
    );
  };

/**
 * @param {Drawable[]} drawables
 * @param {Drawable | null} focus
 * @param {Settings} settings
 * @returns {Over}
 */
export const gapOver =
  (drawables, focus, { x: xKind }) =>
  (frame, at) => {
    if (focus === null) return;
    onset(frame, focus, xKind);
    stop(frame, focus, xKind);
    divergence(frame, focus, xKind);
    lifted(frame, focus.gap, SOLID, focus.mark.color, drawables.length);
    if (at !== null) dots(frame, at, [focus.gap], focus.mark.color);
  };

/**
 * A curve of the focused training again, thicker, on a halo where there are others.
 * @param {Frame} frame
 * @param {Curve} curve
 * @param {number[]} dash
 * @param {string} stroke
 * @param {number} among how many trainings
 */
function lifted(frame, { x, y }, dash, stroke, among) {
  const halo = among > 1 ? frame.ink.ground : "";
  clipped(frame, () => line(frame, x, y, { stroke, width: 2.25, dash, halo }));
}

/** @param {Frame} frame @param {number} at @param {Curve[]} curves @param {string} color */
function dots(frame, at, curves, color) {
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
