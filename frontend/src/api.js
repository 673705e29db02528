/** All that talks to our routes. Every address is relative, so that prefixes and proxies keep working. */
import { listOf, text } from "./check.js";
import { reach } from "./island.js";
import { readLines, readPairs } from "./settings.js";
import { readGroups, readJudgements, readPatience, readPulse, readSeries, readSummary, readTags } from "./wire.js";

/** @import { Parameters, Range, Settings } from "./types.js" */

/** The server was reached and refused; its own words say why. */
export class RefusedError extends Error {}

/** The server was not reached at all. */
export class UnreachableError extends Error {}

/**
 * The whole answer; one that breaks off is none.
 * @param {string} address
 * @param {RequestInit} [options]
 * @returns {Promise<ArrayBuffer>}
 */
async function ask(address, options) {
  /** @type {Response} */
  let response;
  /** @type {ArrayBuffer} */
  let body;
  try {
    response = await reach(address, options);
    body = await response.arrayBuffer();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new UnreachableError("TensorBoard does not answer.", { cause: error });
  }
  if (response.ok) return body;
  const said = errorIn(body) ?? `TensorBoard answered with status ${response.status}.`;
  throw response.status >= 500 ? new UnreachableError(said) : new RefusedError(said);
}

/** @param {ArrayBuffer} body */
const json = (body) => JSON.parse(new TextDecoder().decode(body));

/** What the server says of a refusal; a proxy between us says it in words of its own. @param {ArrayBuffer} body */
function errorIn(body) {
  try {
    return json(body).error;
  } catch {
    return undefined;
  }
}

/** What a person set that decides which pair of each training is looked at. @param {Settings} settings */
const viewOf = ({ metric, pairs }) => ({ metric, pairs: readPairs(pairs) });

/** @param {Parameters} settings @returns {Parameters} */
export const parametersOf = ({ patience, min_delta, tolerance, criterion, alpha }) => ({
  patience,
  min_delta,
  tolerance,
  criterion,
  alpha,
});

/** @param {Record<string, string | number | object>} parameters @returns {string} */
const query = (parameters) =>
  String(
    new URLSearchParams(
      Object.entries(parameters).map(([name, value]) => [
        name,
        typeof value === "object" ? JSON.stringify(value) : String(value),
      ]),
    ),
  );

/** @param {string} address @param {object} body @param {AbortSignal} [signal] */
const post = (address, body, signal) =>
  ask(address, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
    signal: signal ?? null,
  });

/** Every training, judged. @param {Settings} settings @param {AbortSignal} [signal] */
export async function fetchTrainings(settings, signal) {
  const parameters = { ...viewOf(settings), joined: readLines(settings.joined), ...parametersOf(settings) };
  const answer = await ask(`./trainings?${query(parameters)}`, { cache: "no-cache", signal: signal ?? null });
  return readSummary(json(answer));
}

/** What other parameters change of the judgements. @param {Settings} settings @param {Parameters} than */
export async function fetchJudgements(settings, than) {
  const parameters = { ...viewOf(settings), ...parametersOf(settings), than: parametersOf(than) };
  const answer = await ask(`./judgements?${query(parameters)}`, { cache: "no-cache" });
  return readJudgements(json(answer));
}

/**
 * The curves of some trainings; `range` in steps, `points` the number that each curve is reduced to (0: all).
 * @param {{ids: string[], points: number, range: Range | null, smooth: number}} wanted
 * @param {Settings} settings
 * @param {AbortSignal} [signal]
 */
export async function fetchSeries({ ids, points, range, smooth }, settings, signal) {
  const [from, to] = range ?? [null, null];
  const { gap } = settings;
  const answer = await post("./series", { ids, ...viewOf(settings), gap, points, from, to, smooth }, signal);
  return readSeries(answer);
}

/** The mean curves of groups: ids by name. @param {Record<string, string[]>} groups @param {Settings} settings */
export async function fetchGroups(groups, settings) {
  const { gap, x, smooth } = settings;
  const answer = await post("./groups", { groups, ...viewOf(settings), gap, x, smooth });
  return readGroups(answer);
}

/** The server answers for no more trainings at once. */
export const MOST_IDS = 2000;

/** What several patiences would have done. @param {string[]} ids @param {number[]} patiences @param {Settings} settings */
export async function fetchPatience(ids, patiences, settings) {
  const { min_delta } = settings;
  const answer = await post("./patience", { ids, patiences, min_delta, ...viewOf(settings) });
  return readPatience(json(answer));
}

/** The scalars that a training's pair may be chosen from. @param {string} id */
export async function fetchTags(id) {
  const answer = await ask(`./tags?${query({ id })}`, { cache: "no-cache" });
  return readTags(json(answer));
}

/** How far reading has come. */
export async function fetchProgress() {
  const answer = await ask("./progress", { cache: "no-cache" });
  return readPulse(json(answer));
}

/** TensorBoard's own list of runs, in the order from which it hands out colours. */
export async function fetchRuns() {
  const answer = await ask("../../runs");
  return listOf(text)(json(answer), "runs");
}
