/** Text beside marks: each label is moved until it covers no other, and left out where there is no room. */

import { font } from "./axes.js";

/** @import { Box, Frame } from "./frame.js" */

/**
 * `near`: left out rather than moved away; `bar`: the colour of the training it belongs to.
 * @typedef {{text: string, x: number, y: number, side: "top" | "beside", near?: boolean, color?: string, bar?: string}} Label
 */

const SIZE = 11;
const PAD = 4;
/** Places tried for a label beside a dot: right and left of it, in ever greater height, as [side, rows]. */
const TRIES = [1, -1, 2, -2, 3, -3, 4, -4];

/**
 * Draws labels in the order of their importance.
 * @param {Frame} frame
 * @param {Label[]} labels
 * @param {Box[]} taken areas that are covered already; those of the drawn labels are added
 */
export function drawLabels(frame, labels, taken = []) {
  const { ctx, ratio, ink } = frame;
  ctx.save();
  ctx.font = font(SIZE * ratio, 500);
  ctx.textBaseline = "middle";
  for (const label of labels) {
    const width = ctx.measureText(label.text).width + 2 * PAD * ratio;
    const box = findRoom(frame, label, width, (SIZE + 5) * ratio, taken);
    if (box === null) continue;
    taken.push(box);
    ctx.globalAlpha = 0.82;
    ctx.fillStyle = ink.ground;
    ctx.fillRect(box.left, box.top, box.width, box.height);
    ctx.globalAlpha = 1;
    if (label.bar) {
      ctx.fillStyle = label.bar;
      ctx.fillRect(box.left, box.top + 2 * ratio, 2 * ratio, box.height - 4 * ratio);
    }
    ctx.fillStyle = label.color ?? ink.text;
    ctx.fillText(label.text, box.left + PAD * ratio, box.top + box.height / 2);
  }
  ctx.restore();
}

/**
 * @param {Frame} frame
 * @param {Label} label
 * @param {number} width
 * @param {number} height
 * @param {Box[]} taken
 * @returns {Box | null}
 */
function findRoom({ box: area, ratio }, label, width, height, taken) {
  const gap = 5 * ratio;
  for (const side of [1, -1]) {
    for (const row of label.side === "top" ? [0, 1, 2, 3] : label.near ? [1, -1] : TRIES) {
      const left = side > 0 ? label.x + gap : label.x - gap - width;
      const top = label.side === "top" ? area.top + 2 * ratio + row * height : label.y + row * height - height / 2;
      const box = { left, top, width, height };
      if (isInside(box, area) && !taken.some((other) => overlap(box, other))) return box;
    }
  }
  return null;
}

/** @param {Box} box @param {Box} area */
const isInside = (box, area) =>
  box.left >= area.left &&
  box.top >= area.top &&
  box.left + box.width <= area.left + area.width &&
  box.top + box.height <= area.top + area.height;

/** @param {Box} a @param {Box} b */
const overlap = (a, b) =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
