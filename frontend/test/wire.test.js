import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { smoothed } from "../src/smooth.js";
import { readGroups, readJudgements, readPatience, readSeries, readSummary, readTags } from "../src/wire.js";

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
  const buffer = await bufferOf("series.bin");
  const { version, curves, missing } = readSeries(buffer);
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

/** @param {string} name @returns {Promise<ArrayBuffer>} */
async function bufferOf(name) {
  const file = await snapshot(name);
  return /** @type {ArrayBuffer} */ (file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
}

test("what the server smooths has a column of its own, and is what the page would have smoothed", async () => {
  const { curves } = readSeries(await bufferOf("series-smooth.bin"));
  for (const { train, val, gap } of curves)
    for (const { value, smooth } of [train, val, gap]) {
      const own = smoothed(value, 0.6);
      smooth?.forEach((found, at) =>
        assert.ok(Object.is(found, own[at]) || Math.abs(found - (own[at] ?? NaN)) < 1e-12),
      );
      assert.equal(smooth?.length, value.length);
    }
});

test("the means of groups are read with their interval", async () => {
  const [all, none] = readGroups(await bufferOf("groups.bin"));
  assert.equal(none?.val.x.length, 0);
  assert.equal(all?.trainings, 3);
  all?.val.mean.forEach((mean, at) => {
    const [low, high] = [all.val.low[at] ?? NaN, all.val.high[at] ?? NaN];
    assert.ok((all.val.count[at] ?? 0) < 2 ? Number.isNaN(low) : low <= mean && mean <= high);
  });
});

test("judgements, patience table and tags that the server writes are understood", async () => {
  const { judgements, patience, tags } = JSON.parse(String(await snapshot("small.json")));
  const { changed, parameters } = readJudgements(judgements);
  assert.equal(parameters.criterion, "gl");
  assert.ok(Object.values(changed).some(({ stop }) => stop?.rule === "GL > 500 %"));
  assert.deepEqual(
    readPatience(patience).rows.map((row) => row.patience),
    [1, 2, 5, 10, 20, 50, 100],
  );
  assert.ok(readTags(tags).every(({ points }) => points > 0));
});

test("a pair chosen by hand comes with the rule that would make it permanent", async () => {
  const { trainings, refused } = readSummary(JSON.parse(String(await snapshot("trainings-hand.json"))));
  const rule = trainings.find(({ convention }) => convention === "hand")?.hand_rule;
  assert.deepEqual(rule, { train: "^improves/train/loss$", val: "^improves/val/accuracy$" });
  assert.deepEqual(refused, [{ name: "gone", reason: "there is no scalar loss in gone" }]);
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
