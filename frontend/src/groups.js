/** Trainings in groups: by directory, or by what a regular expression finds in their names. */
import { toldGroups } from "./island.js";
import { readPattern } from "./selection.js";

/** @import { Training } from "./types.js" */

/** @typedef {{name: string, rows: Training[]}} Group */

export const BY_DIRECTORY = "dir";

/**
 * The group of one name: its directory, or the first parenthesis of the pattern (all of what it finds without one).
 * @param {string} name
 * @param {string} by "dir" or a regular expression
 */
export function groupOf(name, by) {
  if (by === BY_DIRECTORY) return name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : "";
  const told = toldGroups(by);
  if (told) return told[name] ?? "";
  const found = readPattern(by)?.exec(name);
  return found ? (found[1] ?? found[0]) : "";
}

/**
 * Groups in the order of their first row; what has no group ("") is one as well.
 * @param {Training[]} rows
 * @param {(row: Training) => string} keyOf
 * @returns {Group[]}
 */
export function grouped(rows, keyOf) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const row of rows) {
    const name = keyOf(row);
    const group = groups.get(name);
    if (group) group.rows.push(row);
    else groups.set(name, { name, rows: [row] });
  }
  return [...groups.values()];
}

/** Groups by what a person chose; "" puts all into one. @param {Training[]} rows @param {string} by */
export const groupedBy = (rows, by) => grouped(rows, by === "" ? () => "" : ({ name }) => groupOf(name, by));

/** Trainings are ranked only among those that measure the same. @param {Training[]} rows */
export const boards = (rows) => grouped(rows, ({ board }) => board);

/** @typedef {{kind: "group", group: Group} | {kind: "row", row: Training}} Line */

/**
 * Groups and their rows as the lines of a list; one group of all needs no heading.
 * @param {Group[]} groups
 * @param {ReadonlySet<string>} folded names of the groups whose rows are hidden
 * @returns {Line[]}
 */
export function linesOf(groups, folded) {
  const headed = groups.length > 1;
  return groups.flatMap((group) => {
    /** @type {Line[]} */
    const rows = headed && folded.has(group.name) ? [] : group.rows.map((row) => ({ kind: "row", row }));
    return headed ? [{ kind: "group", group }, ...rows] : rows;
  });
}

/**
 * Mean and sample standard deviation (n − 1) of finite numbers; null where there are too few.
 * @param {(number | null)[]} cells
 * @returns {{mean: number | null, std: number | null}}
 */
export function meanAndStd(cells) {
  const known = cells.filter((cell) => cell !== null && Number.isFinite(cell)).map(Number);
  if (known.length === 0) return { mean: null, std: null };
  const mean = known.reduce((sum, cell) => sum + cell, 0) / known.length;
  const squares = known.reduce((sum, cell) => sum + (cell - mean) ** 2, 0);
  return { mean, std: known.length > 1 ? Math.sqrt(squares / (known.length - 1)) : null };
}

/** The best of a group: the first ranked row. @param {Group} group */
export const bestOf = ({ rows }) =>
  rows.reduce((best, row) => ((row.rank ?? Infinity) < (best?.rank ?? Infinity) ? row : best), rows[0]);
