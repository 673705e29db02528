/** Where axes have their ticks: round numbers, as many as there is room for. */

/** What people count seconds by. */
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200];
const DAY = 86400;

/** The step of 1, 2 or 5 times a power of ten that is nearest, by its ratio, to a rough one. @param {number} rough */
export function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const excess = rough / power;
  return power * (excess < Math.SQRT2 ? 1 : excess < Math.sqrt(10) ? 2 : excess < Math.sqrt(50) ? 5 : 10);
}

/** All multiples of a step from min to max, free of rounding noise. @param {number} min @param {number} max @param {number} step */
function multiples(min, max, step) {
  const found = [];
  for (let at = Math.ceil(min / step - 1e-9); at * step <= max * (1 + 1e-12) && found.length < 200; at++)
    found.push(Number((at * step).toPrecision(12)));
  return found;
}

/**
 * @param {number} min
 * @param {number} max
 * @param {number} room for how many ticks
 * @param {{whole?: boolean}} [options] `whole`: whole numbers only
 */
export function linearTicks(min, max, room, { whole = false } = {}) {
  if (!(max > min)) return [min];
  const step = roundStep((max - min) / Math.max(1, room));
  return multiples(min, max, whole ? Math.max(1, step) : step);
}

/**
 * Powers of ten, with their doubles and fives where there is room, and round numbers within one power.
 * @param {number} min above 0
 * @param {number} max
 * @param {number} room
 */
export function logTicks(min, max, room) {
  const decades = Math.log10(max / min);
  if (decades < 1) return linearTicks(min, max, room).filter((value) => value > 0);
  const every = Math.max(1, Math.ceil(decades / Math.max(1, room)));
  const factors = decades * 3 <= room ? [1, 2, 5] : [1];
  const found = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power++) {
    if (power % every !== 0) continue;
    for (const factor of factors) {
      const value = Number(`${factor}e${power}`);
      if (value >= min && value <= max) found.push(value);
    }
  }
  return found;
}

/**
 * Spans of time that people count by.
 * @param {number} min seconds
 * @param {number} max
 * @param {number} room
 */
export function spanTicks(min, max, room) {
  const rough = (max - min) / Math.max(1, room);
  if (rough < 1) return linearTicks(min, max, room);
  const step = SECONDS.find((seconds) => seconds >= rough) ?? DAY * roundStep(rough / DAY);
  return multiples(min, max, step);
}

/**
 * Moments that are round on the reader's own clock.
 * @param {number} min seconds since the epoch
 * @param {number} max
 * @param {number} room
 */
export function clockTicks(min, max, room) {
  const ahead = -60 * new Date(min * 1000).getTimezoneOffset();
  return spanTicks(min + ahead, max + ahead, room).map((local) => local - ahead);
}
