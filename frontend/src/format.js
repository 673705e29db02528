/** Numbers, steps, times and sizes as text. Everywhere on the page a value has four significant digits. */

const MISSING = "–";
const MINUS = "−";
const THIN_SPACE = "\u202f";

/** @param {string} digits */
const withMinus = (digits) => digits.replaceAll("-", MINUS);

/**
 * Four significant digits: "0.2310", "12.34", "1234", "1.234e−7".
 * @param {number | null | undefined} value
 */
export function value(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return MISSING;
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return withMinus(value.toExponential(3));
  if (size >= 1000) return withMinus(value.toFixed(0));
  return withMinus(size === 0 ? "0" : value.toPrecision(4));
}

/** The same with its sign always written. @param {number | null | undefined} number */
export function signed(number) {
  return typeof number === "number" && number > 0 ? `+${value(number)}` : value(number);
}

/** The value in full, for titles and exports. @param {number | null | undefined} value */
export function full(value) {
  return value === null || value === undefined ? "no value" : String(value);
}

/** Whole numbers in full; a mean of steps has one decimal. @param {number | null | undefined} step */
export function step(step) {
  if (step === null || step === undefined) return MISSING;
  const digits = withMinus(Number.isInteger(step) ? String(step) : step.toFixed(Math.abs(step) < 1000 ? 1 : 0));
  return Math.abs(step) < 10_000 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/** @param {number | null | undefined} percent */
export function percent(percent) {
  if (percent === null || percent === undefined || !Number.isFinite(percent)) return MISSING;
  const digits = Math.abs(percent) >= 100 ? 0 : 1;
  return `${withMinus(percent.toFixed(digits))} %`;
}

/** A span of time: "0.8 s", "42 s", "3 m 20 s", "2 h 05 m", "3 d 4 h". @param {number | null} seconds */
export function duration(seconds) {
  if (seconds === null || !Number.isFinite(seconds)) return MISSING;
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? MINUS : "";
  if (size < 10) return `${sign}${Number(size.toFixed(1))} s`;
  const whole = Math.round(size);
  if (whole < 60) return `${sign}${whole} s`;
  if (whole < 3600) return `${sign}${Math.floor(whole / 60)} m ${pad(whole % 60)} s`;
  if (whole < 86400) return `${sign}${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} m`;
  return `${sign}${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`;
}

/** @param {number} number */
const pad = (number) => String(number).padStart(2, "0");

/** A moment: "2026-03-01 14:02:07" in the reader's own time zone. @param {number} seconds since the epoch */
export function moment(seconds) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return MISSING;
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/**
 * Moments for an axis: the time of day, below it the day where it is a new one.
 * @param {number[]} moments seconds since the epoch, ascending
 */
export function clock(moments) {
  const [first = 0, second = first + 60] = moments;
  const wholeDays = second - first >= 86400;
  const wholeMinutes = moments.every((seconds) => seconds % 60 === 0);
  let today = "";
  return moments.map((seconds) => {
    const [day = "", time = ""] = moment(seconds).split(" ");
    if (wholeDays) return day;
    const isNew = day !== today;
    today = day;
    return `${wholeMinutes ? time.slice(0, 5) : time}${isNew ? `\n${day}` : ""}`;
  });
}

/** @param {number} bytes */
export function bytes(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  for (; size >= 1000 && unit < units.length - 1; unit++) size /= 1000;
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** With a capital and a full stop. @param {string} text */
export const sentence = (text) => text && text[0]?.toUpperCase() + text.slice(1).replace(/\.?$/, ".");

/** "1 training", "12 trainings". @param {number} count @param {string} noun */
export const plural = (count, noun) => `${step(count)} ${noun}${count === 1 ? "" : "s"}`;
