/** The wire format of http_api.md: checks the JSON answers and unpacks the binary columns. */
import { flag, listOf, mapOf, nullable, number, oneOf, optional, record, text } from "./check.js";

/** @import { Band, Curves, GroupBands, Judgements, PatienceRow, Progress, ServerState, Summary, Tag } from "./types.js" */

const serverState = oneOf("loading", "ready", "error");
const direction = oneOf("min", "max");
const point = record({ step: number, value: nullable(number) });
const side = record({ run: text, tag: text, points: number });
const stepOnly = record({ step: number });
const progress = record({
  files: number,
  files_total: number,
  bytes: number,
  bytes_total: number,
  seconds_left: nullable(number),
});

const stop = record({
  criterion: text,
  rule: text,
  patience: number,
  min_delta: number,
  step: number,
  best_step: number,
  regret: nullable(number),
  steps_saved: number,
  seconds_saved: nullable(number),
});

/** @type {import("./check.js").Check<string | number | boolean | null>} */
const plainValue = (value, path) =>
  value === null || typeof value === "boolean" || typeof value === "number" ? value : text(value, path);

const criterion = oneOf("keras", "lightning", "huggingface", "gl", "pq", "up");
const parameters = record({ patience: number, min_delta: number, tolerance: number, criterion, alpha: number });

/** What the parameters decide. */
const judged = {
  verdict: text,
  severity: nullable(text),
  reason: text,
  advice: text,
  caveats: listOf(text),
  onset: nullable(stepOnly),
  stop: nullable(stop),
  divergence: nullable(stepOnly),
};

const training = record({
  ...judged,
  id: text,
  name: text,
  attempt: number,
  attempts: number,
  latest: flag,
  runs: listOf(text),
  metric: text,
  kind: text,
  direction,
  primary: flag,
  board: text,
  rank: nullable(number),
  train: side,
  val: side,
  best: nullable(point),
  final: nullable(point),
  gap_at_best: nullable(number),
  final_gap: nullable(number),
  gl_final: nullable(number),
  first_step: number,
  last_step: number,
  start_time: number,
  duration: nullable(number),
  alignment: text,
  with_gap: number,
  note: text,
  convention: text,
  hand_rule: nullable(record({ train: text, val: text })),
  exact: flag,
  hparams: mapOf(plainValue),
});

const summary = record({
  version: text,
  state: serverState,
  error: optional(text),
  logdir: text,
  exact: flag,
  progress,
  parameters,
  metrics: listOf(record({ name: text, kind: text, direction, trainings: number })),
  trainings: listOf(training),
  refused: listOf(record({ name: text, reason: text })),
  unpaired: record({ total: number, items: listOf(record({ run: text, tag: text, reason: text })) }),
  warnings: listOf(record({ file: text, byte: number, what: text })),
});

const pulse = record({ version: text, state: serverState, progress });

/** @param {unknown} json @returns {Summary} */
export const readSummary = (json) => summary(json, "trainings");

/** @param {unknown} json @returns {{version: string, state: ServerState, progress: Progress}} */
export const readPulse = (json) => pulse(json, "progress");

const changes = record({
  version: text,
  parameters,
  changed: mapOf(record(/** @type {any} */ (optionals(judged)))),
});

/** @param {unknown} json @returns {Judgements} */
export const readJudgements = (json) => /** @type {any} */ (changes(json, "judgements"));

/** @template {Record<string, import("./check.js").Check<any>>} S @param {S} shape */
function optionals(shape) {
  return Object.fromEntries(Object.entries(shape).map(([name, check]) => [name, optional(check)]));
}

const patienceTable = record({
  trainings: number,
  rows: listOf(record({ patience: number, stopped: number, kept: number, regret: nullable(number), saved: number })),
});

/** @param {unknown} json @returns {{trainings: number, rows: PatienceRow[]}} */
export const readPatience = (json) => patienceTable(json, "patience");

/** @param {unknown} json @returns {Tag[]} */
export const readTags = (json) => record({ tags: listOf(side) })(json, "tags").tags;

const columns = {
  points: number,
  total: number,
  step: number,
  wall_time: number,
  value: number,
  smooth: optional(number),
};
const head = record({
  version: text,
  series: listOf(
    record({ id: text, train: record(columns), val: record(columns), gap: record({ ...columns, train: number }) }),
  ),
  missing: listOf(text),
});

const places = record({ points: number, x: number, mean: number, low: number, high: number, count: number });
const bandsHead = record({
  groups: listOf(record({ name: text, trainings: number, train: places, val: places, gap: places })),
});

/**
 * Splits an answer into its JSON and its columns; every column is a view of the answer's own bytes.
 * @param {ArrayBuffer} buffer
 */
function opened(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const start = Math.ceil((4 + length) / 8) * 8;
  return {
    json: JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length))),
    /** @param {number} offset @param {number} points */
    column: (offset, points) => new Float64Array(buffer, start + offset, points),
  };
}

/**
 * The answer of `series`.
 * @param {ArrayBuffer} buffer
 * @returns {{version: string, curves: Curves[], missing: string[]}}
 */
export function readSeries(buffer) {
  const { json, column } = opened(buffer);
  const { version, series, missing } = head(json, "series");
  /** @param {{points: number, total: number, step: number, wall_time: number, value: number, smooth?: number}} at */
  const unpack = ({ points, total, step, wall_time, value, smooth }) => ({
    total,
    step: column(step, points),
    wall_time: column(wall_time, points),
    value: column(value, points),
    ...(smooth !== undefined && { smooth: column(smooth, points) }),
  });
  const curves = series.map(({ id, train, val, gap }) => ({
    id,
    train: unpack(train),
    val: unpack(val),
    gap: { ...unpack(gap), train: column(gap.train, gap.points) },
  }));
  return { version, curves, missing };
}

/** The answer of `groups`. @param {ArrayBuffer} buffer @returns {GroupBands[]} */
export function readGroups(buffer) {
  const { json, column } = opened(buffer);
  /** @param {ReturnType<typeof places>} at @returns {Band} */
  const unpack = ({ points, x, mean, low, high, count }) => ({
    x: column(x, points),
    mean: column(mean, points),
    low: column(low, points),
    high: column(high, points),
    count: column(count, points),
  });
  return bandsHead(json, "groups").groups.map(({ name, trainings, train, val, gap }) => ({
    name,
    trainings,
    train: unpack(train),
    val: unpack(val),
    gap: unpack(gap),
  }));
}
