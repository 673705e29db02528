/** Keeps the state current: asks for what is missing, follows TensorBoard's reload, notices when the server is gone. */
import { fetchProgress, fetchRuns, fetchSeries, fetchTrainings, UnreachableError } from "./api.js";
import { stepsWithin } from "./drawables.js";
import { drawnTrainings, zoomRange } from "./selectors.js";

/** @import { Curves, Range, Summary, Training } from "./types.js" */
/** @import { State, Store } from "./store.js" */

/** @typedef {{key: string, points: number, curves: Curves}} Kept */

const BATCH = 500;
const POLL = { loading: 300, ready: 5000, offline: 2000 };
/** How long to look more often after TensorBoard said that it has reloaded: our server may be a moment behind. */
const EAGER = { for: 10_000, every: 700 };

/** In a request for curves: every point. */
const ALL = 0;
/** So many points may be drawn unreduced where that matters: smoothing a reduced curve would give spikes too much weight. */
const WHOLE = 600_000;

/**
 * How many points a curve is to have: enough for the width of a screen, all of them where they are to be smoothed.
 * @param {Training[]} rows
 * @param {State} state
 */
function pointsFor(rows, { settings: { smooth } }) {
  const total = rows.reduce((sum, { train, val }) => sum + train.points + val.points, 0);
  if (smooth > 0 && total <= WHOLE) return ALL;
  return rows.length <= 60 ? 1000 : rows.length <= 250 ? 500 : 200;
}

/** @param {number} have @param {number} wanted */
const isEnough = (have, wanted) => have === ALL || (wanted !== ALL && have >= wanted);

/** What the server judges by. @param {State} state */
const judgedBy = ({ settings: { metric, patience, min_delta, tolerance } }) =>
  JSON.stringify([metric, patience, min_delta, tolerance]);

/** What a training's curves depend on. @param {Training} row @param {State} state */
const curveKey = ({ metric, train, val, last_step }, { settings }) =>
  JSON.stringify([metric, train, val, last_step, settings.gap]);

/** @param {Store} store */
export function createLive(store) {
  /** @type {Map<string, Kept>} */
  const overview = new Map();
  /** @type {Map<string, Kept>} */
  let detail = new Map();
  /** What was last asked for, whether or not it was answered. */
  let asked = "";
  let eagerUntil = 0;
  let lastRefresh = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {AbortController | null} */
  let asking = null;
  /** @type {AbortController | null} */
  let drawing = null;

  /** @param {unknown} error */
  function failed(error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof UnreachableError) store.change({ offline: message });
    else store.change({ error: message, waiting: false });
    schedule();
  }

  /** Asks for the trainings anew; `silently` when nobody asked for it. @param {boolean} silently */
  async function refresh(silently) {
    asking?.abort();
    const control = (asking = new AbortController());
    asked = judgedBy(store.state);
    try {
      const summary = await fetchTrainings(store.state.settings, control.signal);
      lastRefresh = performance.now();
      if (silently && store.state.summary !== null) await bringCurves({ ...store.state, summary });
      else {
        store.change({ summary, error: "", offline: "" });
        await bringCurves(store.state);
      }
    } catch (error) {
      failed(error);
    } finally {
      if (asking === control) asking = null;
      schedule();
    }
  }

  /** Fetches the curves that `state` lacks, and shows the state with them. @param {State} state */
  async function bringCurves(state) {
    drawing?.abort();
    const control = (drawing = new AbortController());
    const rows = drawnTrainings(state);
    const range = stepsOf(state, overview);
    const points = pointsFor(rows, state);
    try {
      await complete(overview, rows, state, null, points, control.signal);
      const short = range === null ? [] : rows.filter(({ id }) => isReduced(overview.get(id)));
      if (range === null) detail = new Map();
      else await complete(detail, short, state, range, points, control.signal);
    } finally {
      if (drawing === control) drawing = null;
    }
    const curves = new Map();
    for (const { id } of rows) {
      const kept = (range && isReduced(overview.get(id)) ? detail.get(id) : null) ?? overview.get(id);
      if (kept) curves.set(id, kept.curves);
    }
    store.change({ curves, summary: state.summary, waiting: false, error: "", offline: "" });
  }

  /**
   * @param {Map<string, Kept>} kept
   * @param {Training[]} rows
   * @param {State} state
   * @param {Range | null} range
   * @param {number} points
   * @param {AbortSignal} signal
   */
  async function complete(kept, rows, state, range, points, signal) {
    const { metric, gap } = state.settings;
    const keys = new Map(rows.map((row) => [row.id, curveKey(row, state) + (range ?? "")]));
    const missing = rows.flatMap(({ id }) => {
      const known = kept.get(id);
      return known && known.key === keys.get(id) && isEnough(known.points, points) ? [] : [id];
    });
    const batches = [];
    for (let from = 0; from < missing.length; from += BATCH) batches.push(missing.slice(from, from + BATCH));
    await Promise.all(
      batches.map(async (ids) => {
        const { curves } = await fetchSeries({ ids, metric, gap, points, range }, signal);
        for (const one of curves) kept.set(one.id, { key: keys.get(one.id) ?? "", points, curves: one });
      }),
    );
  }

  /** A cheap look at whether anything is new. */
  async function look() {
    const { summary, visible } = store.state;
    if (!visible) return;
    if (summary === null) {
      await refresh(false);
      return;
    }
    try {
      const pulse = await fetchProgress();
      const moved = pulse.version !== summary.version;
      const patient = pulse.state === "loading" && performance.now() - lastRefresh < 1000;
      const back = store.state.offline !== "";
      if (back || (moved && !patient)) await refresh(true);
      else if (pulse.state !== summary.state || pulse.state === "loading")
        store.change({
          summary: { .../** @type {Summary} */ (store.state.summary), ...pulse, version: summary.version },
        });
    } catch (error) {
      failed(error);
    }
    schedule();
  }

  function schedule() {
    clearTimeout(timer);
    const { summary, offline, visible } = store.state;
    if (!visible) return;
    const eager = performance.now() < eagerUntil;
    const usual = offline ? POLL.offline : summary?.state === "loading" ? POLL.loading : POLL.ready;
    timer = setTimeout(look, eager ? Math.min(usual, EAGER.every) : usual);
  }

  store.subscribe((state, before) => {
    if (state.visible && !before.visible) void look();
    if (state.settings === before.settings) return;
    if (judgedBy(state) !== asked) {
      store.change({ waiting: true, error: "" });
      void refresh(false);
    } else if (state.summary !== null && needsCurves(state, before)) {
      store.change({ waiting: true });
      bringCurves(store.state).catch(failed);
    }
  });

  return {
    async start() {
      void fetchRuns().then(
        (runs) => store.change({ runs }),
        () => {},
      );
      await refresh(false);
    },
    /** TensorBoard has reloaded. */
    reloaded() {
      eagerUntil = performance.now() + EAGER.for;
      void look();
    },
    retry() {
      store.change({ waiting: true, error: "" });
      void refresh(false);
    },
  };
}

/** @typedef {ReturnType<typeof createLive>} Live */

/** @param {State} state @param {State} before */
const needsCurves = ({ settings: now }, { settings: then }) =>
  now.select !== then.select ||
  now.filter !== then.filter ||
  now.gap !== then.gap ||
  now.zoom !== then.zoom ||
  now.smooth > 0 !== then.smooth > 0;

/** @param {Kept | undefined} kept */
const isReduced = (kept) =>
  kept !== undefined &&
  ["train", "val", "gap"].some((side) => {
    const column = kept.curves[/** @type {"train"} */ (side)];
    return column.step.length < column.total;
  });

/**
 * The steps to fetch in detail, or null for all.
 * @param {State} state
 * @param {Map<string, Kept>} kept
 */
function stepsOf(state, kept) {
  const zoom = zoomRange(state);
  if (zoom === null || state.settings.x === "step") return zoom;
  const known = drawnTrainings(state).flatMap((training) => {
    const curves = kept.get(training.id)?.curves;
    return curves
      ? [
          { training, column: curves.val },
          { training, column: curves.train },
        ]
      : [];
  });
  return stepsWithin(known, state.settings.x, zoom);
}
