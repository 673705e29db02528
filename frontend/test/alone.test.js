import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { chosenSeries, groupMeans, patienceTable } from "../src/alone.js";
import { answer } from "../src/island.js";
import { readGroups, readPatience, readSeries } from "../src/wire.js";
import { curves } from "./examples.js";
import { seriesBytes } from "./server.js";

const one = curves("one", [4, 3, 2], [5, 3.5, 3]);
const two = curves("two", [1, -1], [2, 2]);
const both = () => seriesBytes([one, two]).buffer;

/** What the Python tests wrote. @param {string} name @returns {Promise<ArrayBuffer>} */
async function bufferOf(name) {
  const file = await readFile(new URL(`../../tests/wire/snapshots/${name}`, import.meta.url));
  return /** @type {ArrayBuffer} */ (file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
}

/** @param {{ids: string[], gap?: string, smooth?: number}} wanted */
const answered = (wanted) => readSeries(chosenSeries(both(), wanted).buffer);

test("a report answers with the curves that are asked for, as the server would", () => {
  const { curves: found, missing } = answered({ ids: ["two", "gone"] });
  assert.deepEqual(found, readSeries(seriesBytes([two]).buffer).curves);
  assert.deepEqual(missing, ["gone"]);
});

test("the relative gap and the ratio follow from the absolute gap and training", () => {
  const [absolute] = answered({ ids: ["one"] }).curves;
  const [relative] = answered({ ids: ["one"], gap: "relative" }).curves;
  const [ratio] = answered({ ids: ["one"], gap: "ratio" }).curves;
  assert(absolute && relative && ratio);
  const { value, train } = absolute.gap;
  value.forEach((gap, at) => {
    const trained = train[at] ?? NaN;
    assert.equal(relative.gap.value[at], gap / Math.abs(trained));
    assert.equal(ratio.gap.value[at], (gap + trained) / trained);
  });
});

test("what a report smooths is what the server would have smoothed", async () => {
  const whole = readSeries(await bufferOf("series.bin")).curves;
  const wanted = readSeries(await bufferOf("series-smooth.bin")).curves;
  const ids = whole.map(({ id }) => id);
  const { curves: found } = readSeries(chosenSeries(await bufferOf("series.bin"), { ids, smooth: 0.6 }).buffer);
  found.forEach(({ val }, at) =>
    val.smooth?.forEach((value, step) => {
      const server = wanted[at]?.val.smooth?.[step] ?? 0;
      assert(Object.is(value, server) || Math.abs(value - server) < 1e-12);
    }),
  );
});

test("the mean curves of a report are what the server would have answered", async () => {
  const buffer = await bufferOf("series.bin");
  const all = readSeries(buffer).curves.map(({ id }) => id);
  const found = readGroups(groupMeans(buffer, { groups: { all, none: [] } }).buffer);
  const wanted = readGroups(await bufferOf("groups.bin"));
  assert.deepEqual(
    found.map(({ name, trainings }) => [name, trainings]),
    wanted.map(({ name, trainings }) => [name, trainings]),
  );
  for (const side of /** @type {const} */ (["train", "val", "gap"]))
    for (const part of /** @type {const} */ (["x", "mean", "low", "high", "count"]))
      found[0]?.[side][part].forEach((value, at) => {
        const server = wanted[0]?.[side][part][at] ?? 0;
        assert(Object.is(value, server) || Math.abs(value - server) <= 1e-12 * Math.abs(server), `${side} ${part}`);
      });
});

test("means lie over time and over fractions of a run as over steps", () => {
  const groups = { both: ["one", "two"] };
  const x = (/** @type {"relative" | "wall" | "fraction"} */ axis) => [
    ...(readGroups(groupMeans(both(), { groups, x: axis }).buffer)[0]?.val.x ?? []),
  ];
  assert.deepEqual(x("relative"), [0, 10, 20]);
  assert.deepEqual(x("wall"), [1000, 1010, 1020]);
  assert.deepEqual(x("fraction"), [0, 0.5, 1]);
});

test("what patiences would have done is summed over the trainings that are asked for", () => {
  const share = { patience: 5, stopped: true, kept: false, regret: 0.5, saved: 3, points: 10 };
  const shares = { a: [share], b: [{ ...share, stopped: false, kept: true, regret: 0, saved: 0 }], c: [share] };
  assert.deepEqual(readPatience(patienceTable(shares, ["a", "b"])), {
    trainings: 2,
    rows: [{ patience: 5, stopped: 1, kept: 0.5, regret: 0.25, saved: 0.15 }],
  });
  assert.deepEqual(patienceTable({ a: [{ ...share, regret: null }] }, ["a"]).rows[0]?.regret, 0);
  assert.deepEqual(patienceTable(shares, []).rows, []);
});

test("each metric of a report has answers of its own, and what is not there is said", async () => {
  const view = (/** @type {string} */ version) => ({
    trainings: { version, progress: {} },
    series: "",
    patience: {},
  });
  const held = {
    views: [view("main"), view("other")],
    metrics: { "": 0, accuracy: 1 },
    groups: null,
    means: true,
    runs: [],
  };
  const said = async (/** @type {string} */ address) => (await (await answer(held, address)).json()).version;
  assert.equal(await said("./trainings?metric="), "main");
  assert.equal(await said("./trainings?metric=accuracy"), "other");
  assert.equal(await said("./progress"), "main");
  assert.equal((await answer(held, "./trainings?metric=lozz")).status, 404);
  assert.equal((await answer(held, "./judgements?metric=")).status, 404);
});
