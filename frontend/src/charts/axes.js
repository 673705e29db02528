/** The axes of a chart: calm, aligned between charts, with the unit that the values have. */
import * as format from "../format.js";
import { clockTicks, linearTicks, logTicks, spanTicks } from "./ticks.js";

/** @import { Axis } from "uplot" */
/** @import { XKind } from "../types.js" */
/** @import { Scene } from "./plot.js" */

/** Wide enough for "−1.25e−7", and the same for every chart so that their x axes stand in line. */
export const LEFT = 64;
const LEFT_SMALL = 50;
export const RIGHT = 12;
export const BOTTOM = 24;

/** The font of everything that is written on a chart. @param {number} size */
export const font = (size, weight = 400) =>
  `${weight} ${size}px Roboto, "Segoe UI", "Helvetica Neue", Arial, sans-serif`;

/** @param {number} value a round number as axes have them */
export function tick(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) return value.toExponential().replaceAll("-", "−");
  const digits = String(Number(value.toPrecision(8)));
  return size >= 10_000 ? format.step(Number(digits)) : digits.replace("-", "−");
}

/**
 * What each x axis says, and where.
 * @typedef {object} XAxis
 * @property {string} label
 * @property {(values: number[]) => string[]} write
 * @property {(min: number, max: number, room: number) => number[]} ticks
 */

/** @param {(value: number) => string} write */
const each = (write) => (/** @type {number[]} */ values) => values.map(write);

/** @type {Record<XKind, XAxis>} */
export const X_AXES = {
  step: { label: "step", write: each(tick), ticks: (min, max, room) => linearTicks(min, max, room, { whole: true }) },
  relative: { label: "time since the start", write: each(format.duration), ticks: spanTicks },
  wall: { label: "time", write: format.clock, ticks: clockTicks },
  fraction: {
    label: "fraction of the run",
    write: each((value) => `${Math.round(value * 1000) / 10} %`),
    ticks: linearTicks,
  },
};

/** @param {Scene} scene @returns {Axis[]} */
export function axes({ ink, xKind, log, bottom, small = false }) {
  const common = {
    stroke: ink.faint,
    font: font(small ? 10 : 11),
    grid: { stroke: ink.grid, width: 1 },
    ticks: { show: false },
    gap: 6,
  };
  const { write, ticks } = X_AXES[xKind];
  const size = !bottom ? 0 : xKind === "wall" ? BOTTOM + 14 : BOTTOM;
  return [
    {
      ...common,
      size,
      splits: splitsOf(ticks, "width", small ? 60 : 90),
      values: (_, splits) => (bottom ? write(splits) : splits.map(() => "")),
    },
    {
      ...common,
      size: small ? LEFT_SMALL : LEFT,
      splits: splitsOf(log ? logTicks : linearTicks, "height", 32),
      values: (_, splits) => splits.map(tick),
      filter: (_, splits) => splits,
    },
  ];
}

/**
 * @param {(min: number, max: number, room: number) => number[]} ticks
 * @param {"width" | "height"} side
 * @param {number} space CSS pixels from one tick to the next, at least
 * @returns {Axis.Splits}
 */
const splitsOf = (ticks, side, space) => (u, _, min, max) => ticks(min, max, u.bbox[side] / devicePixelRatio / space);
