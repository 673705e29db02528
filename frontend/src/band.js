/** The mean of several curves with its interval, for a report that has no server to ask: analysis/groups.py's in the page. */

/** @import { XKind } from "./types.js" */

/** @typedef {{x: Float64Array, y: Float64Array}} Line */

/** Student's t for a two-sided 95 % interval, by degrees of freedom from 1 on; the normal value beyond. */
const STUDENT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const NORMAL = 1.96;

/**
 * Where the points of a curve lie on an axis, ascending.
 * @param {XKind} x
 * @param {Float64Array} steps
 * @param {Float64Array} times
 * @param {(what: "step" | "wall_time") => Float64Array[]} sides both of the training
 */
export function placesOf(x, steps, times, sides) {
  if (x === "step") return steps;
  if (x === "fraction") {
    const ends = sides("step").flatMap((side) => [...side.slice(0, 1), ...side.slice(-1)]);
    const first = Math.min(...ends);
    return steps.map((step) => (step - first) / Math.max(1, Math.max(...ends) - first));
  }
  // Clocks go back now and then; a mean over time needs time that does not.
  let latest = -Infinity;
  const forward = times.map((time) => (latest = Math.max(latest, time)));
  if (x === "wall") return forward;
  const start = Math.min(...sides("wall_time").flatMap((side) => [...side.slice(0, 1)]));
  return forward.map((time) => time - start);
}

/**
 * Averages curves, interpolated linearly and never extrapolated; what is not finite is left out.
 * @param {Line[]} curves
 * @param {number} most where they have more places than that, so many of them are taken
 */
export function band(curves, most) {
  const finite = curves.map(finiteOf).filter(({ x }) => x.length > 0);
  const x = thinned(Float64Array.from(new Set(finite.flatMap((line) => [...line.x]))).sort(), most);
  const count = new Float64Array(x.length);
  const mean = new Float64Array(x.length).fill(NaN);
  const squares = new Float64Array(x.length);
  for (const line of finite) {
    interpolated(line, x, (at, value) => {
      const before = count[at] === 0 ? 0 : (mean[at] ?? 0);
      const n = (count[at] ?? 0) + 1;
      const away = value - before;
      count[at] = n;
      mean[at] = before + away / n;
      squares[at] = (squares[at] ?? 0) + away * (value - (mean[at] ?? 0));
    });
  }
  const reach = count.map((n, at) =>
    n > 1 ? (STUDENT[n - 2] ?? NORMAL) * Math.sqrt((squares[at] ?? 0) / (n - 1) / n) : NaN,
  );
  return {
    x,
    mean,
    low: mean.map((value, at) => value - (reach[at] ?? NaN)),
    high: mean.map((value, at) => value + (reach[at] ?? NaN)),
    count,
  };
}

/** @param {Line} line @returns {Line} */
function finiteOf({ x, y }) {
  const kept = x.map((_, at) => at).filter((at) => Number.isFinite(y[at]));
  return { x: kept.map((at) => x[at] ?? NaN), y: kept.map((at) => y[at] ?? NaN) };
}

/** So many of some places, at equal distances of rank. @param {Float64Array} places @param {number} most */
function thinned(places, most) {
  if (places.length <= most) return places;
  const step = (places.length - 1) / (most - 1);
  return Float64Array.from(
    { length: most },
    (_, at) => places[Math.min(places.length - 1, Math.floor(at * step))] ?? NaN,
  );
}

/**
 * Tells the value of a line at those of some places that it reaches over.
 * @param {Line} line
 * @param {Float64Array} places
 * @param {(at: number, value: number) => void} tell
 */
function interpolated({ x, y }, places, tell) {
  const last = x.length - 1;
  let right = 0;
  places.forEach((place, at) => {
    if (place < (x[0] ?? NaN) || place > (x[last] ?? NaN)) return;
    while (right < last && (x[right + 1] ?? NaN) <= place) right++;
    const [from, to] = [x[right] ?? NaN, x[right + 1]];
    const [low, high] = [y[right] ?? NaN, y[right + 1]];
    tell(at, to === undefined || high === undefined ? low : ((high - low) / (to - from)) * (place - from) + low);
  });
}
