/** What the page shows, worked out from the state; each result is kept until what it depends on changes. */
import { MOST_IDS } from "./api.js";
import { assignMarks } from "./colours.js";
import { drawables } from "./drawables.js";
import { groupedBy } from "./groups.js";
import { hasMeans } from "./island.js";
import { matching, selectedIds } from "./selection.js";
import { readZoom } from "./settings.js";

/** @import { Curves, Drawable, GroupMean, Mark, Training } from "./types.js" */
/** @import { Group } from "./groups.js" */
/** @import { State } from "./store.js" */

/**
 * Remembers the last result of a pure function for as long as its arguments stay the very same.
 * @template {unknown[]} A
 * @template R
 * @param {(...args: A) => R} work
 * @returns {(...args: A) => R}
 */
export function remember(work) {
  /** @type {{args: A, result: R} | null} */
  let last = null;
  return (...args) => {
    if (last === null || args.some((arg, index) => arg !== last?.args[index])) last = { args, result: work(...args) };
    return last.result;
  };
}

/** @type {Training[]} */
const NONE = [];

const shownOf = remember(matching);
const selectedOf = remember(selectedIds);
const drawnOf = remember((/** @type {Training[]} */ shown, /** @type {Set<string>} */ selected) =>
  shown.filter(({ id }) => selected.has(id)),
);
const marksOf = remember(assignMarks);
const groupsOf = remember(meanGroups);
const meansOf = remember(groupMeans);
const drawablesOf = remember(drawables);
const foldedOf = remember((/** @type {string} */ fold) => new Set(fold === "" ? [] : fold.split("\n")));
const zoomOf = remember(readZoom);

/** @param {State} state */
export const allTrainings = (state) => state.summary?.trainings ?? NONE;

/** The trainings that the filter leaves. @param {State} state */
export const shownTrainings = (state) => shownOf(state.settings.filter, allTrainings(state));

/** @param {State} state */
export const selected = (state) => selectedOf(state.settings.select, allTrainings(state), shownTrainings(state));

/** The trainings whose curves are wanted: chosen, and left by the filter. @param {State} state */
export const drawnTrainings = (state) => drawnOf(shownTrainings(state), selected(state));

/** What groups the colours, and the means that are drawn; "" for nothing. @param {State} state */
const meansBy = ({ settings: { means, group } }) => (means && hasMeans() ? group : "");

/** @param {State} state @returns {Map<string, Mark>} */
export const marks = (state) => marksOf(allTrainings(state), state.runs, state.theme, meansBy(state));

/** The groups that are drawn as means: of two trainings or more. @param {State} state @returns {Group[]} */
export const drawnGroups = (state) =>
  groupsOf(drawnTrainings(state), state.settings.view === "overlay" ? meansBy(state) : "");

/** Means as the charts draw them. @param {State} state @returns {GroupMean[]} */
export const means = (state) => meansOf(state.bands, drawnGroups(state), marks(state));

/** What the charts draw: those of the wanted trainings whose curves have arrived. @param {State} state */
export const drawn = (state) =>
  drawablesOf(drawnTrainings(state), state.curves, marks(state), state.settings.x, state.settings.smooth);

/** Names of folded groups. @param {State} state */
export const folded = (state) => foldedOf(state.settings.fold);

/** @param {State} state */
export const zoomRange = (state) => zoomOf(state.settings.zoom);

/** Always the same, so that nothing is drawn again for it. @type {GroupMean[]} */
const NO_MEANS = [];

/** More means than this nobody tells apart. */
const MOST_MEANS = 100;

/** @param {Training[]} drawn @param {string} by */
function meanGroups(drawn, by) {
  if (by === "") return [];
  return groupedBy(drawn.slice(0, MOST_IDS), by)
    .filter(({ name, rows }) => name !== "" && rows.length > 1)
    .slice(0, MOST_MEANS);
}

/**
 * @param {import("./types.js").GroupBands[]} bands
 * @param {Group[]} groups
 * @param {Map<string, Mark>} marks
 * @returns {GroupMean[]}
 */
function groupMeans(bands, groups, marks) {
  if (bands.length === 0) return NO_MEANS;
  const first = new Map(groups.map(({ name, rows }) => [name, rows[0]]));
  return bands.flatMap((band) => {
    const mark = marks.get(first.get(band.name)?.id ?? "");
    return mark ? [{ ...band, mark: { ...mark, shape: 0 } }] : [];
  });
}
