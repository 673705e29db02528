/**
 * A report in one file: what the server would answer lies in the page itself, in a data island that
 * `tb-lossgap report --format html` wrote. Everywhere else `reach` is plain `fetch`.
 */
import { smoothed } from "./smooth.js";

/** @typedef {{trainings: object & {version: string, progress: object}, runs: string[], series: string}} Island */
/** @typedef {{points: number, step: number, wall_time: number, value: number, smooth?: number}} Place */
/** @typedef {{id: string, train: Place, val: Place, gap: Place & {train: number}}} Placed */

export const ISLAND = "lossgap-island";

/** Whether this page is a report that stands alone. */
export const standsAlone = () => Boolean(globalThis.document?.getElementById(ISLAND));

/** @returns {Island | null} */
function readIsland() {
  return standsAlone() ? JSON.parse(document.getElementById(ISLAND)?.textContent ?? "") : null;
}

/** @param {string} packed gzip in base64 */
async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** @type {Island | null | undefined} */
let island;
/** @type {Promise<ArrayBuffer> | undefined} */
let unpacked;

/**
 * As `fetch`; in a report, the answer comes from the page.
 * @param {string} address
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
export async function reach(address, options) {
  island ??= readIsland();
  if (island === null) return fetch(address, options);
  const { trainings, runs } = island;
  const route = address.replace(/\?.*/, "");
  if (route === "./trainings") return Response.json(trainings);
  if (route === "./progress")
    return Response.json({ version: trainings.version, state: "ready", progress: trainings.progress });
  if (route === "../../runs") return Response.json(runs);
  if (route === "./series") {
    unpacked ??= unpack(island.series);
    return new Response(chosenSeries(await unpacked, JSON.parse(String(options?.body))));
  }
  return Response.json({ error: "This report stands alone: start TensorBoard to ask for more." }, { status: 404 });
}

/**
 * An answer of `series`: of the curves in the island those that are asked for, with the gap and the smoothing asked for.
 * @param {ArrayBuffer} buffer every curve with its absolute gap, as http_api.md describes
 * @param {{ids: string[], gap?: string, smooth?: number}} wanted
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function chosenSeries(buffer, { ids, gap = "absolute", smooth = 0 }) {
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const start = Math.ceil((4 + length) / 8) * 8;
  /** @param {number} offset @param {Place} place */
  const column = (offset, { points }) => new Float64Array(buffer, start + offset, points);
  /** @type {Float64Array[]} */
  const added = [];
  let end = buffer.byteLength - start;
  /** @param {Float64Array} values */
  const add = (values) => {
    added.push(values);
    end += values.byteLength;
    return end - values.byteLength;
  };
  /** @param {Place} place @param {Float64Array} values */
  const withSmooth = (place, values) => (smooth > 0 ? { ...place, smooth: add(smoothed(values, smooth)) } : place);

  const known = new Map(head.series.map((/** @type {Placed} */ one) => [one.id, one]));
  const series = ids.flatMap((id) => {
    const found = known.get(id);
    if (found === undefined) return [];
    const kind = gapOf(column(found.gap.value, found.gap), column(found.gap.train, found.gap), gap);
    const values = gap === "absolute" ? found.gap.value : add(kind);
    return {
      id,
      train: withSmooth(found.train, column(found.train.value, found.train)),
      val: withSmooth(found.val, column(found.val.value, found.val)),
      gap: withSmooth({ ...found.gap, value: values }, kind),
    };
  });
  const missing = ids.filter((id) => !known.has(id));
  return packed({ ...head, series, missing }, [new Float64Array(buffer, start), ...added]);
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
