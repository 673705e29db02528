/** The curves and means that were fetched, and the fetching of what is missing. */
import { fetchGroups, fetchSeries } from "./api.js";
import { stepsWithin } from "./drawables.js";
import { allTrainings, drawnGroups, drawnTrainings, zoomRange } from "./selectors.js";

/** @import { Curves, GroupBands, Range, Training } from "./types.js" */
/** @import { State } from "./store.js" */

/** @typedef {{key: string, points: number, smooth: number, curves: Curves}} Kept */
/** @typedef {{curves: Map<string, Curves>, bands: GroupBands[]}} Brought */

const BATCH = 500;

/** How many points a curve is to have: enough for the width of a screen. @param {number} drawn */
const pointsFor = (drawn) => (drawn <= 60 ? 1000 : drawn <= 250 ? 500 : 200);

/** What a training's curves depend on. @param {Training} row @param {State} state */
const curveKey = ({ metric, train, val, start_time, last_step }, { settings }) =>
  JSON.stringify([metric, train, val, start_time, last_step, settings.gap]);

/** @param {Kept | undefined} kept */
const isReduced = (kept) =>
  kept !== undefined &&
  ["train", "val", "gap"].some((side) => {
    const column = kept.curves[/** @type {"train"} */ (side)];
    return column.step.length < column.total;
  });

/** What is whole the page can smooth itself; what is reduced only the server can. @param {Kept} kept @param {number} smooth */
const isSmoothed = (kept, smooth) => smooth === 0 || kept.smooth === smooth || !isReduced(kept);

export function createShelf() {
  /** @type {Map<string, Kept>} */
  const overview = new Map();
  /** @type {Map<string, Kept>} */
  let detail = new Map();
  /** @type {{key: string, bands: GroupBands[]}} */
  let means = { key: "[]", bands: [] };
  /** @type {Map<string, Curves>} */
  let brought = new Map();
  /** @type {AbortController | null} */
  let asking = null;

  /** @param {State} state */
  function plan(state) {
    const rows = drawnTrainings(state);
    const range = stepsOf(state, overview);
    const points = pointsFor(rows.length);
    const missing = lacking(overview, rows, state, null, points);
    const short = range === null ? [] : rows.filter(({ id }) => isReduced(overview.get(id)));
    const missingDetail = lacking(detail, short, state, range, points);
    return { rows, range, points, missing, missingDetail, groups: groupsOf(state) };
  }

  return {
    /** Whether something that the state wants to draw has to be fetched. @param {State} state */
    lacks(state) {
      const { missing, missingDetail, groups } = plan(state);
      return missing.length + missingDetail.length > 0 || groups.key !== means.key;
    },

    /** Fetches what the state lacks; a second call gives up the first. @param {State} state @returns {Promise<Brought>} */
    async bring(state) {
      asking?.abort();
      const control = (asking = new AbortController());
      const { rows, points, missing, groups } = plan(state);
      await fetchInto(overview, missing, state, null, points, control.signal);
      const { range, missingDetail } = plan(state);
      if (range === null) detail = new Map();
      for (const kept of [overview, detail]) forgetGone(kept, state);
      await fetchInto(detail, missingDetail, state, range, points, control.signal);
      if (groups.key !== means.key) means = { key: groups.key, bands: await bandsOf(groups.ids, state) };
      if (control.signal.aborted) throw new DOMException("Something else is wanted by now.", "AbortError");
      const curves = new Map();
      for (const { id } of rows) {
        const kept = (range && isReduced(overview.get(id)) ? detail.get(id) : null) ?? overview.get(id);
        if (kept) curves.set(id, kept.curves);
      }
      if (!isSame(curves, brought)) brought = curves;
      return { curves: brought, bands: means.bands };
    },
  };
}

/** A page may be left open for weeks over logs that come and go. @param {Map<string, Kept>} kept @param {State} state */
function forgetGone(kept, state) {
  const known = new Set(allTrainings(state).map(({ id }) => id));
  for (const id of kept.keys()) if (!known.has(id)) kept.delete(id);
}

/** @param {Map<string, Curves>} one @param {Map<string, Curves>} other */
const isSame = (one, other) => one.size === other.size && [...one].every(([id, curves]) => other.get(id) === curves);

/** @param {Record<string, string[]>} ids @param {State} state */
const bandsOf = async (ids, { settings }) => (Object.keys(ids).length > 0 ? fetchGroups(ids, settings) : []);

/** The groups to draw as means, and what these depend on. @param {State} state */
function groupsOf(state) {
  const groups = drawnGroups(state);
  const ids = Object.fromEntries(groups.map(({ name, rows }) => [name, rows.map(({ id }) => id)]));
  const { x, smooth } = state.settings;
  const keys = groups.map(({ name, rows }) => [name, ...rows.map((row) => curveKey(row, state))]);
  return { ids, key: JSON.stringify(keys.length > 0 ? [x, smooth, keys] : []) };
}

/**
 * The ids of which the shelf has no curves, or none that are good enough.
 * @param {Map<string, Kept>} kept
 * @param {Training[]} rows
 * @param {State} state
 * @param {Range | null} range
 * @param {number} points
 */
function lacking(kept, rows, state, range, points) {
  return rows.flatMap((row) => {
    const known = kept.get(row.id);
    const isGood =
      known !== undefined &&
      known.key === curveKey(row, state) + (range ?? "") &&
      (known.points >= points || !isReduced(known)) &&
      isSmoothed(known, state.settings.smooth);
    return isGood ? [] : [row];
  });
}

/**
 * @param {Map<string, Kept>} kept
 * @param {Training[]} rows
 * @param {State} state
 * @param {Range | null} range
 * @param {number} points
 * @param {AbortSignal} signal
 */
async function fetchInto(kept, rows, state, range, points, signal) {
  const { smooth } = state.settings;
  const keys = new Map(rows.map((row) => [row.id, curveKey(row, state) + (range ?? "")]));
  const ids = [...keys.keys()];
  const batches = [];
  for (let from = 0; from < ids.length; from += BATCH) batches.push(ids.slice(from, from + BATCH));
  await Promise.all(
    batches.map(async (ids) => {
      const { curves } = await fetchSeries({ ids, points, range, smooth }, state.settings, signal);
      for (const one of curves) kept.set(one.id, { key: keys.get(one.id) ?? "", points, smooth, curves: one });
    }),
  );
}

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
