/** All that talks to our routes. Every address is relative, so that prefixes and proxies keep working. */
import { listOf, text } from "./check.js";
import { readPulse, readSeries, readSummary } from "./wire.js";

/** @import { GapKind, Range } from "./types.js" */

/** The server was reached and refused; its own words say why. */
export class RefusedError extends Error {}

/** The server was not reached at all. */
export class UnreachableError extends Error {}

/**
 * @param {string} address
 * @param {RequestInit} [options]
 */
async function ask(address, options) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new UnreachableError("TensorBoard does not answer.", { cause: error });
  }
  if (response.ok) return response;
  if (response.status >= 500) throw new UnreachableError(`TensorBoard answered with status ${response.status}.`);
  const said = await response.json().catch(() => null);
  throw new RefusedError(said?.error ?? `The request was refused with status ${response.status}.`);
}

/**
 * Every training, judged.
 * @param {{metric: string, patience: number, min_delta: number, tolerance: number}} parameters
 * @param {AbortSignal} [signal]
 */
export async function fetchTrainings({ metric, patience, min_delta, tolerance }, signal) {
  const query = new URLSearchParams({
    metric,
    patience: String(patience),
    min_delta: String(min_delta),
    tolerance: String(tolerance),
  });
  const response = await ask(`./trainings?${query}`, { cache: "no-cache", signal });
  return readSummary(await response.json());
}

/**
 * The curves of some trainings; `range` in steps, `points` the number that each curve is reduced to (0: all).
 * @param {{ids: string[], metric: string, gap: GapKind, points: number, range: Range | null}} wanted
 * @param {AbortSignal} [signal]
 */
export async function fetchSeries({ ids, metric, gap, points, range }, signal) {
  const body = JSON.stringify({ ids, metric, gap, points, from: range?.[0] ?? null, to: range?.[1] ?? null });
  const headers = { "Content-Type": "application/json" };
  const response = await ask("./series", { method: "POST", body, headers, signal });
  return readSeries(await response.arrayBuffer());
}

/** How far reading has come. */
export async function fetchProgress() {
  const response = await ask("./progress", { cache: "no-cache" });
  return readPulse(await response.json());
}

/** TensorBoard's own list of runs, in the order from which it hands out colours. */
export async function fetchRuns() {
  const response = await ask("../../runs");
  return listOf(text)(await response.json(), "runs");
}
