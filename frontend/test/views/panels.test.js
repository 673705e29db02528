import assert from "node:assert/strict";
import { test } from "node:test";
import { summary, training } from "../examples.js";
import { nameOf } from "../../src/views/unpaired.js";
import { appears, painted, said, shown } from "./dom.js";

/** Answers every request alike, and remembers the last. @param {object} answer */
function answering(answer) {
  const asked = { address: "", body: /** @type {any} */ (null) };
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {string} */ address, /** @type {RequestInit} */ options) => {
      Object.assign(asked, { address, body: options.body ? JSON.parse(String(options.body)) : null });
      return Response.json(answer);
    }
  );
  return asked;
}

/** @param {Element | null} element @param {string} value */
function pick(element, value) {
  const select = /** @type {any} */ (element);
  select.value = value;
  select.dispatchEvent(new /** @type {any} */ (window).Event("change", { bubbles: true }));
}

test("the patience table weighs what is kept against what is saved, and sets the patience", async () => {
  const row = { patience: 5, stopped: 1, kept: 0.5, regret: 0.031, saved: 0.25 };
  const asked = answering({ trainings: 2, rows: [row, { ...row, patience: 10 }] });
  const { page, store } = await shown({ trainings: [training({ name: "a" }), training({ name: "b" })] });
  store.choose({ panel: "patience" });
  await appears(page, ".patience tbody tr");
  assert.deepEqual([asked.body.ids, asked.body.min_delta], [["a", "b"], 0]);
  assert.match(said(page.querySelector(".patience tbody tr")), /5 1 of 2 50\.0 % 3\.1 % 25\.0 %/);
  /** @type {any} */ (page.querySelector(".patience tbody button")).click();
  assert.equal(store.state.settings.patience, 5);
});

test("an own patience has a row of its own in the table", async () => {
  const asked = answering({ trainings: 0, rows: [] });
  const { page, store } = await shown({});
  store.choose({ patience: 7, panel: "patience" });
  await appears(page, "#panel > .hint");
  while (said(page.querySelector("#panel")).startsWith("Replaying")) await painted();
  assert.deepEqual(asked.body.patiences, [1, 2, 5, 7, 10, 20, 50, 100]);
  assert.match(said(page.querySelector("#panel")), /No training has a validation value/);
});

test("another pair is chosen among the scalars that were seen", async () => {
  const tags = ["loss", "val_loss", "val_mse"].map((tag) => ({ run: "model", tag, points: 5 }));
  answering({ tags });
  const { page, store } = await shown({});
  /** @type {any} */ (page.querySelector(".pairing button")).click();
  await appears(page, ".choices select");
  const [, val] = page.querySelectorAll(".choices select");
  assert.equal(val?.querySelectorAll("option").length, 3);
  pick(val ?? null, '["model","val_mse"]');
  assert.equal(store.state.settings.pairs, '[["model","model","loss","model","val_mse"]]');
});

test("a pair chosen by hand says so, shows how to make it permanent, and can be taken back", async () => {
  answering({ tags: [] });
  const rule = { train: "^m/a$", val: "^m/b$" };
  const { page, store } = await shown({ trainings: [training({ convention: "hand", hand_rule: rule })] });
  store.choose({ pairs: '[["model","m","a","m","b"]]' });
  await appears(page, ".permanent");
  await appears(page, ".choices button");
  const text = said(page.querySelector(".pairing"));
  assert.match(text, /chosen by hand.*--lossgap_pair 'train=\^m\/a\$,val=\^m\/b\$'.*\[\[pair\]\] train = "\^m\/a\$"/);
  /** @type {any} */ (page.querySelector(".choices button")).click();
  assert.equal(store.state.settings.pairs, "");
});

test("a choice that could not be followed is said, and can be forgotten", async () => {
  const refused = [{ name: "gone", reason: "there is no scalar loss in gone" }];
  const { page, store } = await shown({ refused }, {});
  store.choose({ pairs: '[["gone","g","loss","g","val"]]' });
  await painted();
  assert.match(said(page.querySelector(".notices")), /gone.*there is no scalar loss in gone/);
  /** @type {any} */ (page.querySelector(".notices .link")).click();
  assert.equal(store.state.settings.pairs, "");
});

test("the stopping rule is chosen, and has the sliders that it knows", async () => {
  const { page, store } = await shown({});
  const sliders = () => [...page.querySelectorAll(".rules input[type=range]")].map(({ id }) => id);
  assert.deepEqual(sliders(), ["tolerance", "patience", "min_delta"]);
  pick(page.querySelector(".rules select"), "pq");
  await painted();
  assert.equal(store.state.settings.criterion, "pq");
  assert.deepEqual(sliders(), ["tolerance", "alpha"]);
});

test("boards that measure the same are joined by their tags", async () => {
  const mixed = [training({ name: "a" }), training({ name: "b", val: { run: "b", tag: "eval/loss", points: 5 } })];
  const { page, store } = await shown({ trainings: mixed });
  const menu = [...page.querySelectorAll(".disclosure")].find((one) => said(one).startsWith("Boards"));
  assert.ok(menu);
  menu.querySelector("button")?.click();
  await painted();
  for (const box of menu.querySelectorAll("input")) /** @type {any} */ (box).click();
  assert.equal(store.state.settings.joined, "eval/loss\nval_loss");
});

test("a group in the table has mean and standard deviation of its columns", async () => {
  const rows = [0.2, 0.4].map((value, at) => training({ name: `a-${at}`, best: { step: at, value } }));
  const { page, store } = await shown({ trainings: [...rows, training({ name: "b-1" })] });
  store.choose({ group: "^." });
  await painted();
  assert.match(said(page.querySelector(".ranking tr.group")), /a 2 .*0\.3000± 0\.1414.*0\.5± 0\.7/);
});

test("two scalars without a pair are paired by hand, under the name that their runs share", async () => {
  const items = ["a/fit", "a/check"].map((run) => ({ run, tag: "score", reason: "says neither" }));
  const { page, store } = await shown({ trainings: [], unpaired: { total: 2, items } });
  const button = /** @type {any} */ (page.querySelector(".choices button"));
  assert.equal(button.disabled, true);
  const [train, , , val] = page.querySelectorAll("tbody input");
  /** @type {any} */ (train).click();
  /** @type {any} */ (val).click();
  await painted();
  button.click();
  assert.equal(store.state.settings.pairs, '[["a","a/fit","score","a/check","score"]]');
});

test("scalars stay ticked while logs grow", async () => {
  const unpaired = () => ({
    total: 2,
    items: ["a", "b"].map((run) => ({ run, tag: "score", reason: "says neither" })),
  });
  const { page, store } = await shown({ trainings: [], unpaired: unpaired() });
  const [train, , , val] = page.querySelectorAll("tbody input");
  for (const box of [train, val]) /** @type {any} */ (box).click();
  store.change({ summary: summary({ version: "v2", trainings: [], unpaired: unpaired() }) });
  await painted();
  assert.deepEqual(
    [...page.querySelectorAll("tbody input")].map((box) => /** @type {any} */ (box).checked),
    [true, false, false, true],
  );
});

test("a training made by hand takes no name that another has", () => {
  const at = (/** @type {string} */ run) => ({ run, tag: "score" });
  assert.equal(nameOf(at("a"), at("b"), new Set()), "a");
  assert.equal(nameOf(at("a/b"), at("a/b"), new Set(["a/b"])), "a/b score");
});
