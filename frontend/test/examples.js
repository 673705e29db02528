/** Trainings and curves for tests, with as little said as each test needs. */

/** @import { Curves, Training } from "../src/types.js" */

/** @param {Partial<Training>} [said] @returns {Training} */
export function training(said = {}) {
  const name = said.name ?? "model";
  return {
    id: name,
    name,
    attempt: 1,
    attempts: 1,
    latest: true,
    runs: [name],
    metric: "loss",
    kind: "loss",
    direction: "min",
    primary: true,
    board: "val_loss",
    rank: 1,
    train: { run: name, tag: "loss", points: 5 },
    val: { run: name, tag: "val_loss", points: 5 },
    verdict: "good-fit",
    severity: null,
    reason: "both settled",
    advice: "Keep it.",
    caveats: [],
    best: { step: 3, value: 0.25 },
    final: { step: 4, value: 0.5 },
    gap_at_best: 0.05,
    final_gap: 0.3,
    gl_final: 100,
    onset: null,
    stop: null,
    divergence: null,
    first_step: 0,
    last_step: 4,
    start_time: 1000,
    duration: 40,
    alignment: "same step",
    with_gap: 5,
    note: "",
    convention: "grammar",
    hand_rule: null,
    exact: true,
    hparams: {},
    ...said,
  };
}

/**
 * A point every ten seconds.
 * @param {string} id
 * @param {number[]} train
 * @param {number[]} val
 * @returns {Curves}
 */
export function curves(id, train, val) {
  /** @param {number[]} values */
  const column = (values) => ({
    total: values.length,
    step: Float64Array.from(values.keys()),
    wall_time: Float64Array.from(values, (_, at) => 1000 + 10 * at),
    value: Float64Array.from(values),
  });
  const gap = val.map((value, at) => value - (train[at] ?? NaN));
  return { id, train: column(train), val: column(val), gap: { ...column(gap), train: Float64Array.from(train) } };
}

/** @param {Partial<import("../src/types.js").Summary>} [said] @returns {import("../src/types.js").Summary} */
export function summary(said = {}) {
  return {
    version: "v1",
    state: "ready",
    logdir: "/logs",
    exact: true,
    progress: { files: 1, files_total: 1, bytes: 10, bytes_total: 10, seconds_left: null },
    parameters: { patience: 10, min_delta: 0, tolerance: 4, criterion: "keras", alpha: 0.75 },
    refused: [],
    metrics: [{ name: "loss", kind: "loss", direction: "min", trainings: 1 }],
    trainings: [training()],
    unpaired: { total: 0, items: [] },
    warnings: [],
    ...said,
  };
}
