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
  return bytesOf({ version: "v1", series, missing: [] }, values);
}

/** @param {object} json @param {number[]} values */
function bytesOf(json, values) {
  const head = new TextEncoder().encode(JSON.stringify(json));
  const start = Math.ceil((4 + head.length) / 8) * 8;
  const bytes = new Uint8Array(start + 8 * values.length);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  bytes.set(new Uint8Array(Float64Array.from(values).buffer), start);
  return bytes;
}

/** Groups of two flat curves at 1 and 3, as bytes. @param {string[]} names */
function groupsBytes(names) {
  const at = { points: 2, x: 0, mean: 16, low: 32, high: 48, count: 64 };
  const groups = names.map((name) => ({ name, trainings: 2, train: at, val: at, gap: at }));
  return bytesOf({ version: "v1", groups, missing: [] }, [0, 9, 2, 2, 1, 1, 3, 3, 2, 2]);
}

/** @param {Summary} summary */
export function fakeServer(summary) {
  /** @type {Map<string, Promise<void>>} */
  const held = new Map();
  const server = {
    summary,
    away: false,
    /** TensorBoard's runs. @type {string[]} */
    runs: [],
    /** Keeps answers of one route back until what is returned is called. @param {string} route */
    hold(route) {
      /** @type {() => void} */
      let release = () => {};
      held.set(route, new Promise((resolve) => (release = resolve)));
      return () => {
        held.delete(route);
        release();
      };
    },
    /** Points of every curve before reduction. @type {number | undefined} */
    total: undefined,
    /** What the answer to moved sliders changes, by id. @type {Record<string, object>} */
    changed: {},
    /** @type {string[]} */
    asked: [],
    /** @type {Record<string, string[]>[]} */
    grouped: [],
    /** @type {{ids: string[], points: number, from: number | null, to: number | null, smooth: number}[]} */
    drawn: [],
    /** @param {string} address @param {RequestInit} [options] */
    async fetch(address, options) {
      await Promise.resolve();
      if (options?.signal?.aborted) throw new DOMException("aborted", "AbortError");
      if (server.away) throw new TypeError("Failed to fetch");
      server.asked.push(address);
      await held.get(address.replace(/\?.*/, ""));
      if (options?.signal?.aborted) throw new DOMException("aborted", "AbortError");
      const { version, state, progress } = server.summary;
      const query = new URLSearchParams(address.split("?")[1]);
      const parameters = { ...server.summary.parameters, patience: Number(query.get("patience") ?? 10) };
      if (address.startsWith("./trainings")) return Response.json({ ...server.summary, parameters });
      if (address.startsWith("./judgements")) return Response.json({ version, parameters, changed: server.changed });
      if (address.startsWith("./progress")) return Response.json({ version, state, progress });
      if (address.startsWith("./series")) {
        const body = JSON.parse(String(options?.body));
        server.drawn.push(body);
        const found = body.ids.map((/** @type {string} */ id) => curves(id, [3, 2, 1], [4, 3, 3]));
        return new Response(seriesBytes(found, server.total));
      }
      if (address.startsWith("./groups")) {
        const { groups } = JSON.parse(String(options?.body));
        server.grouped.push(groups);
        return new Response(groupsBytes(Object.keys(groups)));
      }
      return Response.json(server.runs);
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
