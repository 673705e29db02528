/** The wire format of http_api.md: checks the JSON answers and unpacks the binary columns. */
import { flag, listOf, mapOf, nullable, number, oneOf, optional, record, text } from "./check.js";

/** @import { Curves, Progress, ServerState, Summary } from "./types.js" */

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

const training = record({
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
  verdict: text,
  severity: nullable(text),
  reason: text,
  advice: text,
  caveats: listOf(text),
  best: nullable(point),
  final: nullable(point),
  gap_at_best: nullable(number),
  final_gap: nullable(number),
  gl_final: nullable(number),
  onset: nullable(stepOnly),
  stop: nullable(stop),
  divergence: nullable(stepOnly),
  first_step: number,
  last_step: number,
  start_time: number,
  duration: number,
  alignment: text,
  with_gap: number,
  note: text,
  convention: text,
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
  metrics: listOf(record({ name: text, kind: text, direction, trainings: number })),
  trainings: listOf(training),
  unpaired: record({ total: number, items: listOf(record({ run: text, tag: text, reason: text })) }),
  warnings: listOf(record({ file: text, byte: number, what: text })),
});

const pulse = record({ version: text, state: serverState, progress });

/** @param {unknown} json @returns {Summary} */
export const readSummary = (json) => summary(json, "trainings");

/** @param {unknown} json @returns {{version: string, state: ServerState, progress: Progress}} */
export const readPulse = (json) => pulse(json, "progress");

const columns = { points: number, total: number, step: number, wall_time: number, value: number };
const head = record({
  version: text,
  series: listOf(
    record({ id: text, train: record(columns), val: record(columns), gap: record({ ...columns, train: number }) }),
  ),
  missing: listOf(text),
});

/**
 * Unpacks the answer of `series` without copying: every column is a view of the answer's own bytes.
 * @param {ArrayBuffer} buffer
 * @returns {{version: string, curves: Curves[], missing: string[]}}
 */
export function readSeries(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const { version, series, missing } = head(
    JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length))),
    "series",
  );
  const start = Math.ceil((4 + length) / 8) * 8;
  /** @param {{points: number, total: number, step: number, wall_time: number, value: number}} at */
  const unpack = (at) => {
    /** @param {number} offset */
    const column = (offset) => new Float64Array(buffer, start + offset, at.points);
    return { total: at.total, step: column(at.step), wall_time: column(at.wall_time), value: column(at.value) };
  };
  const curves = series.map(({ id, train, val, gap }) => ({
    id,
    train: unpack(train),
    val: unpack(val),
    gap: { ...unpack(gap), train: new Float64Array(buffer, start + gap.train, gap.points) },
  }));
  return { version, curves, missing };
}
