/** Which trainings are drawn: "top" (the ten best), "all", a list of ids, or "all" but a list of ids. */

/** @import { Training } from "./types.js" */

const TOP = 10;
const SEPARATOR = "~";

/**
 * @param {string} select as in Settings
 * @param {Training[]} trainings all there are
 * @param {Training[]} shown those that the filter leaves, in their ranked order
 * @returns {Set<string>} ids
 */
export function selectedIds(select, trainings, shown) {
  if (select === "top") return new Set(shown.slice(0, TOP).map(({ id }) => id));
  const [first, ...others] = select.split(SEPARATOR);
  if (first !== "all") return new Set(select === "none" ? [] : select.split(SEPARATOR));
  const except = new Set(others);
  return new Set(trainings.map(({ id }) => id).filter((id) => !except.has(id)));
}

/**
 * The selection that draws exactly these, said as shortly as it can be.
 * @param {Set<string>} chosen
 * @param {Training[]} trainings all there are
 */
export function writeSelected(chosen, trainings) {
  const off = trainings.filter(({ id }) => !chosen.has(id));
  if (off.length === 0) return "all";
  if (off.length === trainings.length) return "none";
  if (off.length < trainings.length / 2) return ["all", ...off.map(({ id }) => id)].join(SEPARATOR);
  return trainings.flatMap(({ id }) => (chosen.has(id) ? [id] : [])).join(SEPARATOR);
}

/**
 * A regular expression of what a person typed, ignoring case; null where it is none (yet).
 * @param {string} pattern
 */
export function readPattern(pattern) {
  try {
    return new RegExp(pattern, "i");
  } catch {
    return null;
  }
}

/**
 * Trainings whose name (or verdict) the filter finds; all of them while the filter is no regular expression.
 * @param {string} filter
 * @param {Training[]} trainings
 */
export function matching(filter, trainings) {
  const pattern = filter === "" ? null : readPattern(filter);
  return pattern === null
    ? trainings
    : trainings.filter(({ name, verdict }) => pattern.test(name) || pattern.test(verdict));
}
