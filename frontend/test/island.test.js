import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { chosenSeries } from "../src/island.js";
import { readSeries } from "../src/wire.js";
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
