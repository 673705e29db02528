import assert from "node:assert/strict";
import { test } from "node:test";
import { training } from "../examples.js";
import { painted, said, shown } from "./dom.js";

const trainings = [
  training({ name: "wide", rank: 1, verdict: "overfit", severity: "strong", best: { step: 14, value: 0.2 } }),
  training({ name: "tiny", rank: 2, verdict: "underfit", best: { step: 40, value: 0.9 } }),
];

/** @param {Element} page @param {string} name */
function button(page, name) {
  const found = [...page.querySelectorAll("button")].find((one) => said(one).startsWith(name));
  assert.ok(found, `a button "${name}"`);
  return found;
}

test("the headline says how many, what became of them, and which is best", async () => {
  const { page } = await shown({ trainings });
  const headline = said(page.querySelector(".headline p"));
  assert.match(headline, /2 trainings 1 overfit 1 underfit best: wide, 0\.2000 at step 14/);
});

test("a verdict in the headline filters by it, and lets go again", async () => {
  const { page, store } = await shown({ trainings });
  const tally = page.querySelectorAll(".tally")[0];
  /** @type {any} */ (tally).click();
  await painted();
  assert.equal(store.state.settings.filter, "^overfit$");
  assert.equal(page.querySelectorAll(".ranking tbody th[scope=row]").length, 1);
  /** @type {any} */ (page.querySelector(".tally")).click();
  assert.equal(store.state.settings.filter, "");
});

test("every column sorts, and says how", async () => {
  const { page } = await shown({ trainings });
  const heads = () => [...page.querySelectorAll(".ranking thead th[aria-sort]")];
  const best = heads().findIndex((one) => said(one).startsWith("Best"));
  for (const direction of ["ascending", "descending"]) {
    /** @type {any} */ (heads()[best])?.querySelector("button").click();
    await painted();
    assert.equal(heads()[best]?.getAttribute("aria-sort"), direction);
  }
  assert.match(said(page.querySelector(".ranking tbody th[scope=row]")), /tiny/);
});

test("rows of equal rank order are windowed: a thousand trainings make no thousand rows", async () => {
  const many = Array.from({ length: 1000 }, (_, at) => training({ name: `m${at}`, rank: at + 1 }));
  const { page } = await shown({ trainings: many });
  assert.ok(page.querySelectorAll(".ranking tbody tr").length < 100);
  assert.equal(page.querySelector(".ranking table")?.getAttribute("aria-rowcount"), "1001");
});

test("only and none change what is drawn", async () => {
  const { page, store } = await shown({ trainings });
  button(/** @type {Element} */ (page.querySelector(".trainings")), "only").click();
  assert.equal(store.state.settings.select, "wide");
  button(page, "none").click();
  await painted();
  assert.equal(store.state.settings.select, "none");
  assert.match(said(page.querySelector(".drawn")), /0 of 2 drawn/);
});

test("a filter that is no expression yet is said, and hides nothing", async () => {
  const { page, store } = await shown({ trainings });
  store.choose({ filter: "(" });
  await painted();
  assert.equal(page.querySelector("#filter")?.getAttribute("aria-invalid"), "true");
  assert.equal(page.querySelectorAll(".training").length, 2);
});

test("a baseline shows how the others differ", async () => {
  const { page, store } = await shown({ trainings });
  store.choose({ baseline: "wide" });
  await painted();
  assert.match(said(page.querySelectorAll(".ranking tbody .delta")[8]), /\+0\.7000/);
});

test("only the details of the baseline itself call it the baseline", async () => {
  const { page, store } = await shown({ trainings });
  const pin = () => said(page.querySelector(".details button"));
  assert.match(pin(), /Compare others/);
  store.choose({ baseline: "wide" });
  await painted();
  assert.match(pin(), /Baseline of the table/);
  store.choose({ focus: "tiny" });
  await painted();
  assert.match(pin(), /Compare others/);
});

test("a name used twice is shown as attempts", async () => {
  const { page } = await shown({ trainings: [training({ attempt: 2, attempts: 2 })] });
  assert.equal(said(page.querySelector(".trainings .attempt")), "2/2");
  assert.match(said(page.querySelector("#panel")), /used 2 times/);
});

test("directories group the list when there are several", async () => {
  const { page, store } = await shown({ trainings: ["a/1", "a/2", "b/1"].map((name) => training({ name })) });
  assert.equal(page.querySelectorAll(".trainings .group").length, 2);
  store.choose({ fold: "a" });
  await painted();
  assert.equal(page.querySelectorAll(".trainings .training").length, 1);
});

test("names are text, whatever they contain", async () => {
  const name = '<img src=x onerror="alert(1)">';
  const { page } = await shown({ trainings: [training({ name })] });
  assert.equal(page.querySelector("img"), null);
  assert.match(said(page.querySelector(".trainings .name")), /<img/);
});

test("a stop that keeps the best costs nothing", async () => {
  const rule = { criterion: "keras", rule: "p=10", patience: 10, min_delta: 0 };
  const stop = { ...rule, step: 24, best_step: 14, regret: 0, steps_saved: 35, seconds_saved: 70 };
  const { page } = await shown({ trainings: [training({ stop })] });
  assert.match(said(page.querySelector(".details")), /cost nothing: the best is kept/);
});

test("the details give the verdict's reason, the pair and its alignment", async () => {
  const { page } = await shown({ trainings });
  const details = said(page.querySelector("#panel"));
  for (const part of ["Both settled.", "val_loss in wide", "same step", "not before the end"])
    assert.ok(details.includes(part), part);
});

test("while the logs are read there is progress with bytes and the time left", async () => {
  const progress = { files: 3, files_total: 12, bytes: 1e6, bytes_total: 4e6, seconds_left: 2 };
  const { page } = await shown({ state: "loading", trainings: [], progress });
  assert.match(said(page.querySelector("main")), /3 of 12 files, 1\.0 MB of 4\.0 MB, about 2 s left/);
});

test("no scalars says where was looked", async () => {
  const { page } = await shown({ trainings: [] });
  assert.match(said(page), /No scalars yet.*\/logs.*--logdir/);
});

test("scalars without a pair are listed with the reason and what helps", async () => {
  const items = [{ run: "x/train", tag: "epoch_loss", reason: "training only: no validation run beside it" }];
  const { page } = await shown({ trainings: [], unpaired: { total: 1, items } });
  assert.match(said(page), /exp1\/validation.*x\/train.*training only/);
});

test("an error of the logs is said with a way on", async () => {
  const { page } = await shown({ state: "error", trainings: [], error: "permission denied" });
  assert.match(said(page), /permission denied.*Try again/);
});

test("a server that went away is said above what is still shown", async () => {
  const { page } = await shown({ trainings }, { offline: "TensorBoard does not answer." });
  assert.match(said(page.querySelector(".notices")), /does not answer\. What you see may be out of date/);
  assert.equal(page.querySelectorAll(".training").length, 2);
});

test("a file that could not be read whole is named with the byte", async () => {
  const warnings = [{ file: "exp/events.1", byte: 81920, what: "record checksum does not match" }];
  const { page } = await shown({ warnings });
  assert.match(said(page.querySelector(".notices")), /1 file could not be read whole.*exp\/events\.1.*81 920/);
});

test("sampled values are said to be sampled", async () => {
  const { page } = await shown({ exact: false });
  assert.match(said(page.querySelector(".notices")), /Sampled/);
});
