/** From the columns of the wire to what a chart draws: the chosen x, the smoothed line, the raw line behind it. */
import { smoothed } from "./smooth.js";

/** @import { Column, Curve, Curves, Drawable, Mark, Range, Training, XKind } from "./types.js" */

/**
 * @param {Training[]} trainings
 * @param {ReadonlyMap<string, Curves>} curves
 * @param {Map<string, Mark>} marks
 * @param {XKind} x
 * @param {number} smooth
 * @returns {Drawable[]}
 */
export function drawables(trainings, curves, marks, x, smooth) {
  return trainings.flatMap((training) => {
    const { id } = training;
    const mark = marks.get(id);
    const found = curves.get(id);
    if (mark === undefined || found === undefined) return [];
    return [{ id, training, mark, ...lines(found, training, x, smooth), found }];
  });
}

/** @typedef {{train: Curve, val: Curve, gap: Curve}} Lines */

/** What was worked out last of some curves. @type {WeakMap<Curves, {key: string, lines: Lines}>} */
const known = new WeakMap();

/** Judging a training anew leaves its lines as they are. @param {Curves} found @param {Training} training @param {XKind} x @param {number} smooth */
function lines(found, training, x, smooth) {
  const { first_step, last_step, start_time } = training;
  const key = JSON.stringify([x, smooth, first_step, last_step, start_time]);
  const kept = known.get(found);
  if (kept?.key === key) return kept.lines;
  /** @param {Column} column @returns {Curve} */
  const curve = (column) => ({
    x: places(column, training, x),
    // The server has smoothed what was reduced, over every point; what is whole is smoothed here.
    y: (smooth > 0 && column.step.length < column.total && column.smooth) || smoothed(column.value, smooth),
    raw: column.value,
  });
  const lines = { train: curve(found.train), val: curve(found.val), gap: curve(found.gap) };
  known.set(found, { key, lines });
  return lines;
}

/**
 * Where the points of a column lie on the chosen axis: steps, seconds since the training began, seconds since the
 * epoch, or the fraction of the training's own steps.
 * @param {Column} column
 * @param {Training} training
 * @param {XKind} x
 */
export function places(column, training, x) {
  if (x === "step") return column.step;
  if (x === "wall") return column.wall_time;
  if (x === "relative") return column.wall_time.map((time) => time - training.start_time);
  const { first_step: first, last_step: last } = training;
  const span = Math.max(1, last - first);
  return column.step.map((step) => (step - first) / span);
}

/**
 * Where one step of a training lies on the chosen axis; between two points the time is taken in proportion.
 * @param {number} step
 * @param {Column} column
 * @param {Training} training
 * @param {XKind} x
 */
export function place(step, column, training, x) {
  if (x === "step") return step;
  if (x === "fraction") return (step - training.first_step) / Math.max(1, training.last_step - training.first_step);
  const time = timeAt(step, column);
  return x === "wall" ? time : time - training.start_time;
}

/** @param {number} step @param {Column} column */
function timeAt(step, { step: steps, wall_time: times }) {
  const after = lowerBound(steps, step);
  const right = times[after];
  if (right === undefined) return times.at(-1) ?? NaN;
  const left = times[after - 1];
  const leftStep = steps[after - 1];
  const rightStep = steps[after];
  if (left === undefined || leftStep === undefined || rightStep === undefined || rightStep === step) return right;
  return left + ((right - left) * (step - leftStep)) / (rightStep - leftStep);
}

/**
 * The steps that lie in a part of the chosen axis, over several columns; null where there are none.
 * @param {{training: Training, column: Column}[]} columns
 * @param {XKind} x
 * @param {Range} range
 * @returns {Range | null}
 */
export function stepsWithin(columns, x, [from, to]) {
  let least = Infinity;
  let most = -Infinity;
  for (const { training, column } of columns) {
    const xs = places(column, training, x);
    const first = column.step[lowerBound(xs, from)];
    const last = column.step[lowerBound(xs, to) - 1];
    if (first === undefined || last === undefined || last < first) continue;
    least = Math.min(least, first);
    most = Math.max(most, last);
  }
  return least <= most ? [least, most] : null;
}

/**
 * The first index whose value is not below `wanted`, in ascending `values`.
 * @param {Float64Array} values
 * @param {number} wanted
 */
export function lowerBound(values, wanted) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (values[middle]) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The index whose value is closest to `wanted`, in ascending `values`; -1 where there is none.
 * @param {Float64Array} values
 * @param {number} wanted
 */
export function nearest(values, wanted) {
  const after = lowerBound(values, wanted);
  const right = values[after];
  const left = values[after - 1];
  if (right === undefined) return after - 1;
  return left !== undefined && wanted - left <= right - wanted ? after - 1 : after;
}
