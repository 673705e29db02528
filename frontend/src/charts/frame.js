/** A frame says where values lie on a canvas. All marks draw through one, on the screen and in exported files alike. */

/** @typedef {{left: number, top: number, width: number, height: number}} Box */
/** @typedef {{min: number, max: number}} Extent */
/** @typedef {{text: string, faint: string, grid: string, ground: string, bad: string, worst: string}} Ink */

/**
 * @typedef {object} Frame
 * @property {CanvasRenderingContext2D} ctx
 * @property {Box} box  the plotting area, in the canvas' own pixels
 * @property {Extent} xs
 * @property {Extent} ys
 * @property {(value: number) => number} x
 * @property {(value: number) => number} y  NaN where a logarithmic axis cannot show the value
 * @property {number} ratio  canvas pixels in one CSS pixel
 * @property {Ink} ink
 */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box} box
 * @param {Extent} xs
 * @param {Extent & {log: boolean}} ys
 * @param {number} ratio
 * @param {Ink} ink
 * @returns {Frame}
 */
export function createFrame(ctx, box, xs, ys, ratio, ink) {
  const across = box.width / (xs.max - xs.min || 1);
  const bottom = box.top + box.height;
  const low = ys.log ? Math.log10(ys.min) : ys.min;
  const up = box.height / ((ys.log ? Math.log10(ys.max) : ys.max) - low || 1);
  return {
    ctx,
    box,
    xs,
    ys,
    ratio,
    ink,
    x: (value) => box.left + (value - xs.min) * across,
    y: ys.log
      ? (value) => (value > 0 ? bottom - (Math.log10(value) - low) * up : NaN)
      : (value) => bottom - (value - low) * up,
  };
}

/** Draws only inside the plotting area. @param {Frame} frame @param {() => void} draw */
export function clipped({ ctx, box }, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.width, box.height);
  ctx.clip();
  draw();
  ctx.restore();
}
