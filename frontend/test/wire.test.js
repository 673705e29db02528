import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { readSeries, readSummary } from "../src/wire.js";

const snapshots = new URL("../../tests/wire/snapshots/", import.meta.url);

/** What the Python tests wrote. @param {string} name */
const snapshot = (name) => readFile(new URL(name, snapshots));

test("the trainings that the server writes are understood", async () => {
  const { trainings, unpaired, warnings } = readSummary(JSON.parse(String(await snapshot("trainings.json"))));
  const [overfit] = trainings.filter(({ name }) => name === "overfits");
  assert.equal(overfit?.best?.step, 12);
  assert.equal(unpaired.total, unpaired.items.length);
  assert.equal(warnings[0]?.byte, 81920);
});

test("a metric where higher is better says so", async () => {
  const { trainings } = readSummary(JSON.parse(String(await snapshot("trainings-accuracy.json"))));
  assert.deepEqual(
    trainings.map(({ direction }) => direction),
    ["max"],
  );
});

test("the columns that the server writes are views of its own bytes", async () => {
  const file = await snapshot("series.bin");
  const buffer = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
  const { version, curves, missing } = readSeries(/** @type {ArrayBuffer} */ (buffer));
  assert.equal(version, "snapshot-1");
  assert.deepEqual(missing, ["0000000000"]);
  assert.ok(curves.length > 0);
  for (const { train, val, gap } of curves) {
    assert.equal(val.value.buffer, buffer);
    assert.equal(train.step.length, train.value.length);
    gap.value.forEach((difference, at) => {
      const wanted = (val.value[val.step.indexOf(gap.step[at] ?? -1)] ?? NaN) - (gap.train[at] ?? NaN);
      assert.ok(Object.is(difference, wanted) || Math.abs(difference - wanted) < 1e-12);
    });
  }
});

test("an answer that is not as promised is refused, and the place is named", async () => {
  const document = JSON.parse(String(await snapshot("trainings.json")));
  document.trainings[1].best = { step: "three", value: 1 };
  assert.throws(() => readSummary(document), /trainings\.trainings\[1\]\.best\.step is "three", not a number/);
  assert.throws(() => readSummary([]), /trainings is \[\], not an object/);
});

test("a newer server may say more", async () => {
  const document = JSON.parse(String(await snapshot("trainings.json")));
  assert.doesNotThrow(() => readSummary({ ...document, mood: "good" }));
});
