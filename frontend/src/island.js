/**
 * A report in one file: what the server would answer lies in the page itself, in a data island that
 * `tb-lossgap report --format html` wrote. Everywhere else `reach` is plain `fetch`.
 */
import { chosenSeries, groupMeans, patienceTable } from "./alone.js";

/** @import { Share } from "./alone.js" */

/**
 * @typedef {object} View  what is seen of one metric
 * @property {object & {version: string, progress: object}} trainings
 * @property {string} series  every curve, as http_api.md describes, gzip in base64
 * @property {string} [even]  the same at even distances, where `series` is reduced and groups have means all the same
 * @property {Record<string, Share[]>} patience  by id, a share a patience
 */

/**
 * @typedef {object} Island
 * @property {View[]} views
 * @property {Record<string, number>} metrics  which view answers for a metric, "" for each training's main loss
 * @property {{by: string, names: Record<string, string>} | null} groups  the command's groups by training
 * @property {boolean} means  whether the means of groups can be told from what is here
 * @property {string[]} runs
 */

export const ISLAND = "lossgap-island";

/** Whether this page is a report that stands alone. */
export const standsAlone = () => Boolean(globalThis.document?.getElementById(ISLAND));

/** @type {Island | null | undefined} */
let island;

/** What a report holds; null everywhere else. */
function readIsland() {
  if (island === undefined)
    island = standsAlone() ? JSON.parse(document.getElementById(ISLAND)?.textContent ?? "") : null;
  return /** @type {Island | null} */ (island);
}

/** Whether groups can be drawn as their means. */
export const hasMeans = () => readIsland()?.means ?? true;

/** The groups that the command found by a regular expression, by the names of trainings. @param {string} by */
export function toldGroups(by) {
  const groups = readIsland()?.groups;
  return groups?.by === by ? groups.names : null;
}

/** @param {string} packed gzip in base64 */
async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** @type {Map<string, Promise<ArrayBuffer>>} */
const unpacked = new Map();

/** @param {string} packed */
function columnsOf(packed) {
  const known = unpacked.get(packed) ?? unpack(packed);
  unpacked.set(packed, known);
  return known;
}

/**
 * As `fetch`; in a report, the answer comes from the page.
 * @param {string} address
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
export async function reach(address, options) {
  const held = readIsland();
  return held === null ? fetch(address, options) : answer(held, address, options);
}

/**
 * @param {Island} held
 * @param {string} address
 * @param {RequestInit} [options]
 */
export async function answer({ views, metrics, runs }, address, options) {
  const [route, query] = address.split("?");
  const body = JSON.parse(String(options?.body ?? "{}"));
  if (route === "../../runs") return Response.json(runs);
  const view = views[metrics[new URLSearchParams(query).get("metric") ?? body.metric ?? ""] ?? -1];
  if (view !== undefined) {
    const { trainings, series, even = series, patience } = view;
    const { version, progress } = trainings;
    if (route === "./trainings") return Response.json(trainings);
    if (route === "./series") return new Response(chosenSeries(await columnsOf(series), body));
    if (route === "./groups") return new Response(groupMeans(await columnsOf(even), body));
    if (route === "./patience") return Response.json(patienceTable(patience, body.ids));
    if (route === "./progress") return Response.json({ version, state: "ready", progress });
  }
  return Response.json({ error: "This report stands alone: start TensorBoard to ask for more." }, { status: 404 });
}
