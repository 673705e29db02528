/** The mean mark: the mean of a group of curves, and the interval around it where there are two curves or more. */
import { band } from "./band.js";
import { line, SOLID } from "./line.js";

/** @import { Band } from "../types.js" */
/** @import { Frame } from "./frame.js" */

const defaults = { stroke: "#000000", width: 2.25, dash: SOLID, alpha: 0.18 };

/** @param {Frame} frame @param {Band} found @param {Partial<typeof defaults>} [options] */
export function mean(frame, found, options) {
  const { stroke, width, dash, alpha } = { ...defaults, ...options };
  band(frame, found.x, found.low, found.high, { fill: stroke, alpha });
  line(frame, found.x, found.mean, { stroke, width, dash, halo: frame.ink.ground });
}
