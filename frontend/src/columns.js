/** The columns of the ranking table: what each says, how it is written, by what it is sorted. */
import * as format from "./format.js";
import { wording } from "./verdicts.js";

/** @import { Training } from "./types.js" */

/** @typedef {number | string | null} Cell */

/**
 * @typedef {object} Column
 * @property {string} key
 * @property {string} label
 * @property {string} help  one sentence: what the number is
 * @property {(row: Training) => Cell} get
 * @property {(cell: Cell) => string} write
 * @property {boolean} [number]  aligned to the right
 * @property {boolean} [usual]  shown unless a person chose columns
 * @property {boolean} [delta]  whether a difference from a baseline makes sense
 */

const asValue = (/** @type {Cell} */ cell) => format.value(/** @type {number | null} */ (cell));
const asSigned = (/** @type {Cell} */ cell) => format.signed(/** @type {number | null} */ (cell));
const asStep = (/** @type {Cell} */ cell) => format.step(/** @type {number | null} */ (cell));
const asText = (/** @type {Cell} */ cell) => (cell === null ? "–" : String(cell));

/** @type {Column[]} */
export const COLUMNS = [
  {
    key: "rank",
    label: "#",
    help: "Rank by best validation value, among trainings that measure the same quantity.",
    get: (row) => row.rank,
    write: asStep,
    number: true,
    usual: true,
  },
  {
    key: "name",
    label: "Training",
    help: "The directory of the training below the logdir.",
    get: (row) => row.name,
    write: asText,
    usual: true,
  },
  {
    key: "verdict",
    label: "Verdict",
    help: "What happened, in one word. The reason with its numbers stands in the details.",
    get: (row) => wording(row.verdict).label + (row.severity ? ` ${row.severity}` : ""),
    write: asText,
    usual: true,
  },
  {
    key: "best",
    label: "Best",
    help: "The best raw validation value.",
    get: (row) => row.best?.value ?? null,
    write: asValue,
    number: true,
    usual: true,
    delta: true,
  },
  {
    key: "best_step",
    label: "@ step",
    help: "The first step that has the best validation value.",
    get: (row) => row.best?.step ?? null,
    write: asStep,
    number: true,
    usual: true,
    delta: true,
  },
  {
    key: "final",
    label: "Final",
    help: "The last validation value.",
    get: (row) => row.final?.value ?? null,
    write: asValue,
    number: true,
    usual: true,
    delta: true,
  },
  {
    key: "gap_at_best",
    label: "Gap at best",
    help: "Validation minus training at the best step.",
    get: (row) => row.gap_at_best,
    write: asSigned,
    number: true,
    usual: true,
    delta: true,
  },
  {
    key: "final_gap",
    label: "Final gap",
    help: "Validation minus training at the last validation step.",
    get: (row) => row.final_gap,
    write: asSigned,
    number: true,
    usual: true,
    delta: true,
  },
  {
    key: "gl_final",
    label: "GL at end",
    help: "Generalization loss at the end: how far validation ended above its best, in percent (Prechelt 1998).",
    get: (row) => row.gl_final,
    write: (cell) => format.percent(/** @type {number | null} */ (cell)),
    number: true,
    delta: true,
  },
  {
    key: "onset",
    label: "Onset",
    help: "The step from which validation stays above its best by more than the tolerance while training still falls.",
    get: (row) => row.onset?.step ?? null,
    write: asStep,
    number: true,
    usual: true,
    delta: true,
  },
  {
    key: "stop",
    label: "Stop",
    help: "The step at which the chosen stopping rule would have stopped: Keras' EarlyStopping unless you choose another.",
    get: (row) => row.stop?.step ?? null,
    write: asStep,
    number: true,
    usual: true,
    delta: true,
  },
  {
    key: "regret",
    label: "Regret",
    help: "How much worse the value that stopping would have kept is than the best of all.",
    get: (row) => row.stop?.regret ?? null,
    write: asValue,
    number: true,
    delta: true,
  },
  {
    key: "points",
    label: "Points",
    help: "Validation points that were read.",
    get: (row) => row.val.points,
    write: asStep,
    number: true,
    delta: true,
  },
  {
    key: "duration",
    label: "Duration",
    help: "Time from the first to the last point.",
    get: (row) => row.duration,
    write: (cell) => format.duration(/** @type {number | null} */ (cell)),
    number: true,
    usual: true,
    delta: true,
  },
  {
    key: "metric",
    label: "Metric",
    help: "The quantity that is judged, and the tag that names its board.",
    get: (row) => (row.board === row.metric ? row.metric : `${row.metric} (${row.board})`),
    write: asText,
  },
];

/** A column for a hyperparameter. @param {string} name @returns {Column} */
export const hparamColumn = (name) => ({
  key: `h:${name}`,
  label: name,
  help: `Hyperparameter ${name}.`,
  get: (row) => {
    const value = row.hparams[name];
    return typeof value === "boolean" ? String(value) : (value ?? null);
  },
  write: (cell) => (typeof cell === "number" ? format.value(cell) : asText(cell)),
  number: true,
});

/** The names of all hyperparameters. @param {Training[]} trainings */
export function hparamNames(trainings) {
  const names = new Set(trainings.flatMap(({ hparams }) => Object.keys(hparams)));
  return [...names].sort();
}

/**
 * The columns that are shown.
 * @param {string} chosen as in Settings
 * @param {Training[]} trainings
 */
export function shownColumns(chosen, trainings) {
  const all = [...COLUMNS, ...hparamNames(trainings).map(hparamColumn)];
  if (chosen === "") return all.filter(({ usual }) => usual);
  const keys = new Set(chosen.split("~"));
  return all.filter(({ key }) => keys.has(key));
}

/**
 * Rows in the order of one column; rows without a value come last whichever way it goes. Rank keeps the server's order.
 * @param {Training[]} trainings
 * @param {string} sort as in Settings
 */
export function sorted(trainings, sort) {
  const falling = sort.startsWith("-");
  const key = falling ? sort.slice(1) : sort;
  const column = COLUMNS.find((one) => one.key === key) ?? (key.startsWith("h:") ? hparamColumn(key.slice(2)) : null);
  if (column === null || sort === "rank") return trainings;
  const sign = falling ? -1 : 1;
  return trainings
    .map((row) => ({ row, cell: column.get(row) }))
    .sort((a, b) => compare(a.cell, b.cell, sign))
    .map(({ row }) => row);
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** @param {Cell} a @param {Cell} b @param {number} sign */
function compare(a, b, sign) {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * collator.compare(String(a), String(b));
}
