/** TensorBoard's own colours for runs, reproduced: it hands out seven in the order of its list of runs. */

import { groupOf } from "./groups.js";

/** @import { Mark, Training } from "./types.js" */

const PALETTE = {
  light: ["#425066", "#12b5cb", "#e52592", "#f9ab00", "#9334e6", "#7cb342", "#e8710a"],
  dark: ["#8e98a3", "#12b5cb", "#e52592", "#f9ab00", "#9334e6", "#7cb342", "#e8710a"],
};

/** How many different shapes tell trainings of one colour apart. */
export const SHAPES = 6;

/**
 * Colour and shape of every training. A training has the colour of its training run; where a colour comes again, the
 * shape of its marks changes.
 * @param {Training[]} trainings
 * @param {string[]} runs in TensorBoard's order
 * @param {string} theme
 * @param {string} [by]  as in Settings' group: where trainings are drawn in groups, each group has one colour
 * @returns {Map<string, Mark>}
 */
export function assignMarks(trainings, runs, theme, by = "") {
  const palette = theme === "dark" ? PALETTE.dark : PALETTE.light;
  const places = new Map(runs.map((run, place) => [run, place]));
  const used = new Array(palette.length).fill(0);
  /** @type {Map<string, Mark>} */
  const marks = new Map();
  const byName = [...trainings].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : b.attempt - a.attempt));
  /** @type {Map<string, number>} */
  const groups = new Map();
  byName.forEach(({ id, name, train }, index) => {
    const group = by === "" ? "" : groupOf(name, by);
    if (!groups.has(group)) groups.set(group, groups.size);
    const place = by === "" ? (places.get(train.run) ?? index) : (groups.get(group) ?? 0);
    const slot = place % palette.length;
    marks.set(id, { color: palette[slot] ?? "#888888", shape: used[slot]++ % SHAPES });
  });
  return marks;
}
