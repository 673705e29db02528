/** A server for tests: answers what the page asks for, writes down what it was asked, and can be away. */
import { curves } from "./examples.js";

/** @import { Summary } from "../src/types.js" */

/** Curves as bytes, as http_api.md has them. @param {import("../src/types.js").Curves[]} all @param {number} [total] */
export function seriesBytes(all, total) {
  /** @type {number[]} */
  const values = [];
  /** @param {Float64Array} column */
  const put = (column) => 8 * (values.push(...column) - column.length);
  const series = all.map(({ id, train, val, gap }) => {
    /** @param {import("../src/types.js").Column} column */
    const describe = (column) => ({
      points: column.step.length,
      total: total ?? column.total,
      step: put(column.step),
      wall_time: put(column.wall_time),
      value: put(column.value),
    });
    return { id, train: describe(train), val: describe(val), gap: { ...describe(gap), train: put(gap.train) } };
  });
  const head = new TextEncoder().encode(JSON.stringify({ version: "v1", series, missing: [] }));
  const start = Math.ceil((4 + head.length) / 8) * 8;
  const bytes = new Uint8Array(start + 8 * values.length);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  bytes.set(new Uint8Array(Float64Array.from(values).buffer), start);
  return bytes;
}

/** @param {Summary} summary */
export function fakeServer(summary) {
  const server = {
    summary,
    away: false,
    /** Points of every curve before reduction. @type {number | undefined} */
    total: undefined,
    /** @type {string[]} */
    asked: [],
    /** @type {{ids: string[], points: number, from: number | null, to: number | null}[]} */
    drawn: [],
    /** @param {string} address @param {RequestInit} [options] */
    async fetch(address, options) {
      await Promise.resolve();
      if (options?.signal?.aborted) throw new DOMException("aborted", "AbortError");
      if (server.away) throw new TypeError("Failed to fetch");
      server.asked.push(address);
      const { version, state, progress } = server.summary;
      if (address.startsWith("./trainings")) return Response.json(server.summary);
      if (address.startsWith("./progress")) return Response.json({ version, state, progress });
      if (address.startsWith("./series")) {
        const body = JSON.parse(String(options?.body));
        server.drawn.push(body);
        const found = body.ids.map((/** @type {string} */ id) => curves(id, [3, 2, 1], [4, 3, 3]));
        return new Response(seriesBytes(found, server.total));
      }
      return Response.json([]);
    },
    /** The last questions that begin so. @param {string} start */
    askedFor: (start) => server.asked.filter((address) => address.startsWith(start)),
  };
  globalThis.fetch = /** @type {any} */ (server.fetch);
  return server;
}

/** Lets everything that waits for an answer go on. */
export async function settled() {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
}
