/** The words of the page, one sentence each. */
import { COLUMNS } from "./columns.js";

/** @type {[string, string][]} */
const WORDS = [
  ["training", "One fit of one model: what a person gave a unique name. It may span several of TensorBoard's runs."],
  ["gap", "Validation minus training at a validation step; as a difference, relative to training, or as a ratio."],
  ["attempt", "One of several trainings found one after another in the same directory: a name used twice."],
  ["patience", "How many validation points without improvement early stopping waits for."],
  ["min Δ", "The smallest change of validation that counts as an improvement."],
  [
    "stopping rule",
    "Where the stop marker stands: EarlyStopping of Keras, Lightning or Transformers, or Prechelt's GL, PQ and UP, replayed.",
  ],
  [
    "mean",
    "The mean of a group's curves, shaded by its 95 % interval; group trainings, such as seeds, in the ranking.",
  ],
  ["board", "Trainings that are ranked together, because they measure the same quantity under the same tag."],
  ["tolerance", "How far validation may end above its best without being called overfit."],
  ["exact", "Worked out from every logged point, not from the sample that TensorBoard draws."],
  [
    "smoothing",
    "TensorBoard's own moving average of the points that are drawn. Marks, table and verdicts are always of raw values.",
  ],
];

/** @type {[string, string][]} */
export const TERMS = [
  ...WORDS,
  .../** @type {[string, string][]} */ (COLUMNS.slice(3, 12).map(({ label, help }) => [label, help])),
];
