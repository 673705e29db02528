/** The axes of a chart: calm, aligned between charts, with the unit that the values have. */
import * as format from "../format.js";

/** @import { XKind } from "../types.js" */
/** @import { Scene } from "./plot.js" */

/** Wide enough for "−1.25e−7", and the same for every chart so that their x axes stand in line. */
export const LEFT = 64;
const LEFT_SMALL = 50;

/** Steps between ticks of seconds that a person counts by. */
const SECONDS = [
  0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
];
const DAYS = [1, 2, 5, 10, 20, 50, 100, 200, 500].map((days) => days * 86400);

/** @param {number} value a round number as axes have them */
export function tick(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) return value.toExponential().replaceAll("-", "−");
  const digits = String(Number(value.toPrecision(8)));
  return size >= 10_000 ? format.step(Number(digits)) : digits.replace("-", "−");
}

/** @type {Record<Exclude<XKind, "wall">, (value: number) => string>} */
const WRITTEN = {
  step: tick,
  relative: format.duration,
  fraction: (value) => `${Math.round(value * 1000) / 10} %`,
};

/** @param {Scene} scene @returns {import("uplot").Axis[]} */
export function axes({ ink, xKind, bottom, small = false }) {
  const common = {
    stroke: ink.faint,
    font: `${small ? 10 : 11}px Roboto, "Helvetica Neue", Arial, sans-serif`,
    grid: { stroke: ink.grid, width: 1 },
    ticks: { show: false },
    gap: 6,
  };
  const written = xKind === "wall" ? {} : { values: valuesOf(WRITTEN[xKind]) };
  return [
    {
      ...common,
      ...written,
      ...(bottom ? {} : { values: blank }),
      ...(xKind === "relative" ? { incrs: [...SECONDS, ...DAYS] } : {}),
      ...(xKind === "step" ? { incrs: wholeSteps() } : {}),
      size: bottom ? 24 : 0,
      space: small ? 50 : 70,
    },
    { ...common, size: small ? LEFT_SMALL : LEFT, space: small ? 26 : 32, values: valuesOf(tick) },
  ];
}

/** @param {(value: number) => string} write @returns {import("uplot").Axis.DynamicValues} */
const valuesOf = (write) => (_, splits) => splits.map((value) => (value === null ? null : write(value)));

/** @type {import("uplot").Axis.DynamicValues} */
const blank = (_, splits) => splits.map(() => "");

/** A step is a whole number, so its ticks are. */
function wholeSteps() {
  const steps = [];
  for (let power = 1; power < 1e16; power *= 10) steps.push(power, 2 * power, 5 * power);
  return steps;
}
