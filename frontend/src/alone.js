/** What a report that stands alone answers in the server's place, from the curves that it holds. */
import { band, placesOf } from "./band.js";
import { smoothed } from "./smooth.js";

/** @import { XKind } from "./types.js" */

/** @typedef {{points: number, step: number, wall_time: number, value: number, smooth?: number}} Place */
/** @typedef {{id: string, train: Place, val: Place, gap: Place & {train: number}}} Placed */

/**
 * @typedef {object} Share  what one patience would have done to one training
 * @property {number} patience
 * @property {boolean} stopped
 * @property {boolean} kept  whether its best
 * @property {number | null} regret  as a share of the best; null where the best is no measure
 * @property {number} saved  validation points
 * @property {number} points  all of them
 */

/**
 * An answer of `series`: of the curves in the island those that are asked for, with the gap and the smoothing asked for.
 * @param {ArrayBuffer} buffer every curve with its absolute gap, as http_api.md describes
 * @param {{ids: string[], gap?: string, smooth?: number}} wanted
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function chosenSeries(buffer, { ids, gap = "absolute", smooth = 0 }) {
  const { head, known, column, columns } = opened(buffer);
  const added = adding(columns.byteLength);
  /** @param {Place} place @param {Float64Array} values */
  const withSmooth = (place, values) =>
    smooth > 0 ? { ...place, smooth: added.add(smoothed(values, smooth)) } : place;
  const series = ids.flatMap((id) => {
    const found = known.get(id);
    if (found === undefined) return [];
    const kind = gapOf(column(found.gap.value, found.gap), column(found.gap.train, found.gap), gap);
    const value = gap === "absolute" ? found.gap.value : added.add(kind);
    return {
      id,
      train: withSmooth(found.train, column(found.train.value, found.train)),
      val: withSmooth(found.val, column(found.val.value, found.val)),
      gap: withSmooth({ ...found.gap, value }, kind),
    };
  });
  const missing = ids.filter((id) => !known.has(id));
  return packed({ ...head, series, missing }, [columns, ...added.columns]);
}

/** At how many places a mean is told at most, as the server does where it is not told otherwise. */
const MOST_PLACES = 1000;

/**
 * An answer of `groups`: their mean curves.
 * @param {ArrayBuffer} buffer as of `chosenSeries`
 * @param {{groups: Record<string, string[]>, gap?: string, x?: XKind, smooth?: number}} wanted
 */
export function groupMeans(buffer, { groups, gap = "absolute", x = "step", smooth = 0 }) {
  const { head, known, column } = opened(buffer);
  const added = adding(0);
  const answered = Object.entries(groups).map(([name, ids]) => {
    const members = ids.flatMap((id) => known.get(id) ?? []);
    /** @param {"train" | "val" | "gap"} side */
    const mean = (side) => {
      const curves = members.map((one) => {
        const place = one[side];
        const value = column(place.value, place);
        const values = side === "gap" ? gapOf(value, column(one.gap.train, place), gap) : value;
        const [steps, times] = [column(place.step, place), column(place.wall_time, place)];
        /** @type {(what: "step" | "wall_time") => Float64Array[]} */
        const ends = (what) => [column(one.train[what], one.train), column(one.val[what], one.val)];
        return { x: placesOf(x, steps, times, ends), y: smoothed(values, smooth) };
      });
      const found = band(curves, MOST_PLACES);
      const offsets = Object.entries(found).map(([part, values]) => [part, added.add(values)]);
      return { points: found.x.length, ...Object.fromEntries(offsets) };
    };
    return { name, trainings: members.length, train: mean("train"), val: mean("val"), gap: mean("gap") };
  });
  const missing = Object.values(groups)
    .flat()
    .filter((id) => !known.has(id));
  return packed({ version: head.version, groups: answered, missing }, added.columns);
}

/**
 * An answer of `patience` for some trainings.
 * @param {Record<string, Share[]>} shares by id
 * @param {string[]} ids
 */
export function patienceTable(shares, ids) {
  const known = ids.flatMap((id) => (shares[id] ? [shares[id]] : []));
  const rows = (known[0] ?? []).map(({ patience }, at) => {
    const own = known.flatMap((all) => all[at] ?? []);
    const regrets = own.flatMap(({ regret }) => regret ?? []);
    return {
      patience,
      stopped: own.filter(({ stopped }) => stopped).length,
      kept: own.filter(({ kept }) => kept).length / own.length,
      regret: regrets.length > 0 ? sum(regrets) / regrets.length : 0,
      saved: sum(own.map(({ saved }) => saved)) / sum(own.map(({ points }) => points)),
    };
  });
  return { trainings: ids.length, rows };
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

/** @param {ArrayBuffer} buffer */
function opened(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const start = Math.ceil((4 + length) / 8) * 8;
  /** @type {Map<string, Placed>} */
  const known = new Map(head.series.map((/** @type {Placed} */ one) => [one.id, one]));
  return {
    head,
    known,
    columns: new Float64Array(buffer, start),
    /** @param {number} offset @param {{points: number}} place */
    column: (offset, { points }) => new Float64Array(buffer, start + offset, points),
  };
}

/** Columns that are added behind so many bytes. @param {number} end */
function adding(end) {
  /** @type {Float64Array[]} */
  const columns = [];
  return {
    columns,
    /** Takes a column and tells its offset. @param {Float64Array} values */
    add(values) {
      columns.push(values);
      end += values.byteLength;
      return end - values.byteLength;
    },
  };
}

/** @param {object} head @param {Float64Array[]} columns */
function packed(head, columns) {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const start = Math.ceil((4 + text.length) / 8) * 8;
  const bytes = new Uint8Array(start + columns.reduce((sum, { byteLength }) => sum + byteLength, 0));
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  let at = start;
  for (const values of columns) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

/** The gap of one kind from the absolute one. @param {Float64Array} gap @param {Float64Array} train @param {string} kind */
function gapOf(gap, train, kind) {
  if (kind === "absolute") return gap;
  return gap.map((value, index) => {
    const at = /** @type {number} */ (train[index]);
    const share = kind === "relative" ? value / Math.abs(at) : (value + at) / at;
    return Number.isFinite(share) ? share : NaN;
  });
}
