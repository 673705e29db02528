import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { createLive } from "../src/live.js";
import { createStore } from "../src/store.js";
import { summary, training } from "./examples.js";
import { fakeServer, settled } from "./server.js";

const names = Array.from({ length: 12 }, (_, at) => `m${at}`);

/** @param {Partial<import("../src/types.js").Summary>} [said] */
async function started(said = { trainings: names.map((name) => training({ name })) }) {
  const server = fakeServer(summary(said));
  const store = createStore();
  const live = createLive(store);
  await live.start();
  await settled();
  return { server, store, live };
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

/** @param {number} milliseconds */
async function pass(milliseconds) {
  mock.timers.tick(milliseconds);
  await settled();
}

test("the first look brings the trainings and the curves of the ten best", async () => {
  const { store, server } = await started();
  assert.deepEqual([...store.state.curves.keys()], names.slice(0, 10));
  assert.equal(store.state.waiting, false);
  assert.equal(server.askedFor("./trainings").length, 1);
});

test("choosing one more training fetches that one only", async () => {
  const { store, server } = await started();
  store.choose({ select: "all~m11" });
  assert.equal(store.state.waiting, true);
  await settled();
  assert.deepEqual(server.drawn.at(-1)?.ids, ["m10"]);
  assert.equal(store.state.curves.size, 11);
  assert.equal(store.state.waiting, false);
});

test("a slider asks for new judgements, and not for curves", async () => {
  const { store, server } = await started();
  store.choose({ patience: 3 });
  assert.equal(store.state.waiting, true);
  await settled();
  assert.match(server.askedFor("./judgements").at(-1) ?? "", /patience=3.*than=.*patience%22%3A10/);
  assert.equal(server.askedFor("./trainings").length, 1);
  assert.equal(server.drawn.length, 1);
  assert.equal(store.state.waiting, false);
});

test("only what is judged otherwise becomes another object", async () => {
  const { store, server } = await started();
  const before = store.state.summary?.trainings ?? [];
  server.changed = { m2: { verdict: "overfit", severity: "mild" } };
  store.choose({ patience: 3 });
  await settled();
  const after = store.state.summary?.trainings ?? [];
  assert.deepEqual(
    after.map((row, at) => row === before[at]),
    names.map((name) => name !== "m2"),
  );
  assert.deepEqual([after[2]?.verdict, after[2]?.best], ["overfit", before[2]?.best]);
  assert.equal(store.state.summary?.parameters.patience, 3);
});

test("judgements of newer logs are not mixed with older trainings: all is asked anew", async () => {
  const { store, server } = await started();
  server.summary = summary({ version: "v2", trainings: [training({ name: "new" })] });
  store.choose({ patience: 3 });
  await settled();
  assert.equal(store.state.summary?.version, "v2");
  assert.equal(store.state.summary?.parameters.patience, 3);
  assert.equal(store.state.waiting, false);
});

test("another pair, chosen by hand, is asked for with trainings and curves", async () => {
  const { store, server } = await started();
  store.choose({ pairs: '[["m0","m0","loss","m0","val_mse"]]' });
  await settled();
  assert.match(decodeURIComponent(server.askedFor("./trainings").at(-1) ?? ""), /pairs=\[\["m0","m0","loss"/);
});

test("groups of two or more are fetched as means, once", async () => {
  const { store, server } = await started({ trainings: names.map((name) => training({ name: `${name}-seed1` })) });
  store.choose({ group: "^m1" });
  await settled();
  assert.deepEqual(server.grouped, []);
  store.choose({ select: "all" });
  await settled();
  assert.deepEqual(server.grouped, [{ m1: ["m1-seed1", "m10-seed1", "m11-seed1"] }]);
  assert.deepEqual([...(store.state.bands[0]?.val.high ?? [])], [3, 3]);
  store.choose({ patience: 4 });
  store.choose({ means: false });
  await settled();
  assert.equal(server.grouped.length, 1);
  assert.deepEqual(store.state.bands, []);
});

test("of two answers only that to the last question counts", async () => {
  const { store, server } = await started();
  store.choose({ patience: 3 });
  store.choose({ patience: 4 });
  await settled();
  const last = server.askedFor("./judgements").at(-1) ?? "";
  assert.match(last, /patience=4/);
  assert.equal(store.state.summary?.parameters.patience, 4);
  assert.equal(store.state.waiting, false);
  assert.equal(store.state.error, "");
});

test("what grew in the background is fetched without a word, what did not is kept", async () => {
  const { store, server } = await started();
  const grown = names.map((name, at) => training({ name, last_step: at === 2 ? 9 : 4 }));
  server.summary = summary({ version: "v2", trainings: grown });
  const waited = /** @type {boolean[]} */ ([]);
  store.subscribe(({ waiting }) => waited.push(waiting));
  await pass(5000);
  assert.equal(store.state.summary?.version, "v2");
  assert.deepEqual(server.drawn.at(-1)?.ids, ["m2"]);
  assert.ok(!waited.includes(true));
});

test("nothing new costs one small question", async () => {
  const { server } = await started();
  const before = server.asked.length;
  await pass(5000);
  assert.deepEqual(server.asked.slice(before), ["./progress"]);
});

test("a server that went away is said, and forgotten when it is back", async () => {
  const { store, server } = await started();
  server.away = true;
  await pass(5000);
  assert.match(store.state.offline, /does not answer/);
  assert.equal(store.state.curves.size, 10);
  server.away = false;
  await pass(5000);
  assert.equal(store.state.offline, "");
});

test("a tab that is not on screen asks nothing, and looks at once when it is shown", async () => {
  const { store, server } = await started();
  store.change({ visible: false });
  await pass(5000);
  const before = server.asked.length;
  await pass(60_000);
  assert.equal(server.asked.length, before);
  store.change({ visible: true });
  await settled();
  assert.equal(server.asked.length, before + 1);
});

test("zooming fetches detail only for curves that were reduced", async () => {
  const { store, server } = await started();
  store.choose({ zoom: "1..2" });
  await settled();
  assert.equal(server.drawn.length, 1);
  server.total = 5000;
  store.choose({ select: "all", zoom: "" });
  await settled();
  store.choose({ zoom: "0..1" });
  await settled();
  const asked = server.drawn.at(-1);
  assert.deepEqual([asked?.ids, asked?.from, asked?.to], [["m10", "m11"], 0, 1]);
});

test("curves that are whole are smoothed by the page; only the server smooths those that were reduced", async () => {
  const { store, server } = await started();
  store.choose({ smooth: 0.6 });
  await settled();
  assert.equal(server.drawn.length, 1);
  server.total = 5000;
  store.choose({ select: "all" });
  await settled();
  assert.deepEqual([server.drawn.at(-1)?.ids, server.drawn.at(-1)?.smooth], [["m10", "m11"], 0.6]);
  store.choose({ smooth: 0.9 });
  await settled();
  assert.deepEqual([server.drawn.at(-1)?.ids, server.drawn.at(-1)?.smooth], [["m10", "m11"], 0.9]);
});

test("a refused request is an error that stays until the next answer", async () => {
  const { store, server } = await started();
  const usual = globalThis.fetch;
  globalThis.fetch = /** @type {any} */ (async () => Response.json({ error: "no such metric" }, { status: 400 }));
  store.choose({ metric: "moon" });
  await settled();
  assert.equal(store.state.error, "no such metric");
  globalThis.fetch = usual;
  store.choose({ metric: "" });
  await settled();
  assert.equal(store.state.error, "");
  assert.ok(server.asked.length > 0);
});

test("while logs are read, new ones are shown as they come", async () => {
  const { store, server } = await started({ state: "loading", trainings: [training({ name: "m0" })] });
  server.summary = summary({
    version: "v2",
    state: "ready",
    trainings: [training({ name: "m0" }), training({ name: "m1" })],
  });
  await pass(1000);
  await pass(1000);
  assert.equal(store.state.summary?.state, "ready");
  assert.equal(store.state.curves.size, 2);
});

test("curves of the view before do not end the waiting for another view", async () => {
  const { store, server } = await started();
  server.summary = summary({ version: "v2", trainings: names.map((name) => training({ name, last_step: 9 })) });
  const sendCurves = server.hold("./series");
  await pass(5000);
  const sendTrainings = server.hold("./trainings");
  store.choose({ metric: "accuracy" });
  sendCurves();
  await settled();
  assert.equal(store.state.waiting, true);
  sendTrainings();
  await settled();
  assert.equal(store.state.waiting, false);
  assert.equal(store.state.summary?.version, "v2");
});

test("while another view is on its way, no curves are fetched for the trainings of the one before", async () => {
  const { store, server } = await started();
  const sendTrainings = server.hold("./trainings");
  store.choose({ metric: "accuracy" });
  store.choose({ select: "all" });
  await settled();
  assert.equal(server.drawn.length, 1);
  sendTrainings();
  await settled();
  assert.equal(store.state.curves.size, 12);
});

test("a training that ran again is fetched again, though it has as many points", async () => {
  const { store, server } = await started();
  const again = names.map((name, at) => training({ name, start_time: at === 2 ? 9000 : 1000 }));
  server.summary = summary({ version: "v2", trainings: again });
  await pass(5000);
  assert.deepEqual(server.drawn.at(-1)?.ids, ["m2"]);
  assert.equal(store.state.summary?.version, "v2");
});

test("curves of trainings that are gone are not kept", async () => {
  const { server } = await started();
  const all = server.summary.trainings;
  server.summary = summary({ version: "v2", trainings: all.slice(1) });
  await pass(5000);
  server.summary = summary({ version: "v3", trainings: all });
  await pass(5000);
  assert.ok(server.drawn.at(-1)?.ids.includes("m0"));
});

test("runs that TensorBoard found since come after those that have their colours", async () => {
  const { store, server, live } = await started();
  assert.deepEqual(store.state.runs, []);
  server.runs = ["b"];
  live.reloaded();
  await settled();
  server.runs = ["a", "b"];
  live.reloaded();
  await settled();
  assert.deepEqual(store.state.runs, ["b", "a"]);
  const { runs } = store.state;
  live.reloaded();
  await settled();
  assert.equal(store.state.runs, runs);
});

test("an answer that breaks off is a server that went away: the page asks again", async () => {
  const { store } = await started();
  const usual = globalThis.fetch;
  const broken = () => new ReadableStream({ start: (stream) => stream.error(new TypeError("network error")) });
  globalThis.fetch = /** @type {any} */ (async () => new Response(broken()));
  store.choose({ metric: "accuracy" });
  await settled();
  assert.match(store.state.offline, /does not answer/);
  assert.equal(store.state.error, "");
  globalThis.fetch = usual;
  await pass(2000);
  assert.equal(store.state.offline, "");
});
