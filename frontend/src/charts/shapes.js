/** The shapes that tell trainings of one colour apart: on the charts and beside the names. */

/** One path a shape, in a square from -1 to 1: circle, square, triangle, diamond, triangle down, cross. */
const OUTLINES = [
  null,
  [-0.85, -0.85, 0.85, -0.85, 0.85, 0.85, -0.85, 0.85],
  [0, -1.05, 1, 0.8, -1, 0.8],
  [0, -1.15, 1.05, 0, 0, 1.15, -1.05, 0],
  [0, 1.05, 1, -0.8, -1, -0.8],
  [
    -0.35, -1, 0.35, -1, 0.35, -0.35, 1, -0.35, 1, 0.35, 0.35, 0.35, 0.35, 1, -0.35, 1, -0.35, 0.35, -1, 0.35, -1,
    -0.35, -0.35, -0.35,
  ],
];

/**
 * Adds a shape's outline to the current path.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} shape
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function addShape(ctx, shape, x, y, radius) {
  const outline = OUTLINES[shape % OUTLINES.length];
  if (!outline) {
    ctx.moveTo(x + radius, y);
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  for (let at = 0; at < outline.length; at += 2) {
    const px = x + radius * (outline[at] ?? 0);
    const py = y + radius * (outline[at + 1] ?? 0);
    if (at === 0) ctx.moveTo(px, py);
    else ctx.lineTo(px, py);
  }
  ctx.closePath();
}

/** The same as the `d` of an SVG path about the point (6, 6). @param {number} shape */
export function shapePath(shape) {
  const outline = OUTLINES[shape % OUTLINES.length];
  if (!outline) return "M10.5 6A4.5 4.5 0 1 1 1.5 6A4.5 4.5 0 1 1 10.5 6Z";
  const corners = [];
  for (let at = 0; at < outline.length; at += 2)
    corners.push(`${6 + 4.5 * (outline[at] ?? 0)} ${6 + 4.5 * (outline[at + 1] ?? 0)}`);
  return `M${corners.join("L")}Z`;
}
