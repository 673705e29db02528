/** What lies under the pointer. */
import { nearest } from "../drawables.js";
import { drawn } from "../selectors.js";

/** @import { Curve, Drawable } from "../types.js" */
/** @import { Pointer, State } from "../store.js" */

/** The value of a curve at the point nearest to `x`. @param {Curve} curve @param {number} x */
export function valueAt(curve, x) {
  const at = nearest(curve.x, x);
  return curve.y[at] ?? NaN;
}

/**
 * The id of the training whose curve passes closest to the pointer, "" where there is none.
 * @param {State} state
 * @param {Pointer} pointer
 */
export function nearestTraining(state, { x, y, chart }) {
  const { y: kind } = state.settings;
  const bend = kind === "log" && chart === "loss" ? Math.log : Number;
  let best = "";
  let least = Infinity;
  for (const drawable of drawn(state)) {
    const curves = chart === "gap" ? [drawable.gap] : [drawable.train, drawable.val];
    for (const curve of curves) {
      const distance = Math.abs(bend(valueAt(curve, x)) - bend(y));
      if (distance < least) {
        least = distance;
        best = drawable.id;
      }
    }
  }
  return best;
}
