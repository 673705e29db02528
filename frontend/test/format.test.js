import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../src/format.js";

test("a value has four significant digits", () => {
  assert.equal(format.value(0.231), "0.2310");
  assert.equal(format.value(12.345), "12.35");
  assert.equal(format.value(1234.5), "1235");
  assert.equal(format.value(-0.08234), "−0.08234");
  assert.equal(format.value(0), "0");
});

test("very small and very large values are written with a power of ten", () => {
  assert.equal(format.value(0.00001234), "1.234e−5");
  assert.equal(format.value(12_345_678), "1.235e+7");
  assert.equal(format.value(-0.00001234), "−1.234e−5");
});

test("a value that is missing is a dash, an infinite one is said", () => {
  assert.equal(format.value(null), "–");
  assert.equal(format.value(NaN), "–");
  assert.equal(format.value(-Infinity), "−∞");
});

test("a signed value says plus", () => {
  assert.equal(format.signed(0.5), "+0.5000");
  assert.equal(format.signed(-0.5), "−0.5000");
  assert.equal(format.signed(0), "0");
});

test("steps are grouped from five digits on", () => {
  assert.equal(format.step(9999), "9999");
  assert.equal(format.step(1234567), "1\u202f234\u202f567");
});

test("durations keep the two units that matter", () => {
  assert.equal(format.duration(0.83), "0.8 s");
  assert.equal(format.duration(200), "3 m 20 s");
  assert.equal(format.duration(59.7), "1 m 00 s");
  assert.equal(format.duration(3599.7), "1 h 00 m");
  assert.equal(format.duration(7500), "2 h 05 m");
  assert.equal(format.duration(273_600), "3 d 4 h");
  assert.equal(format.duration(null), "–");
});

test("an axis of moments says the day only where it is new", () => {
  const midnight = new Date(2026, 2, 2).getTime() / 1000;
  const written = format.clock([midnight - 3600, midnight - 1800, midnight, midnight + 1800]);
  assert.deepEqual(written, ["23:00\n2026-03-01", "23:30", "00:00\n2026-03-02", "00:30"]);
});

test("an axis of days says days", () => {
  const day = new Date(2026, 2, 2).getTime() / 1000;
  assert.deepEqual(format.clock([day, day + 86400]), ["2026-03-02", "2026-03-03"]);
});

test("bytes are written in thousands", () => {
  assert.equal(format.bytes(512), "512 B");
  assert.equal(format.bytes(1_048_576), "1.0 MB");
});

test("nouns are counted", () => {
  assert.equal(format.plural(1, "training"), "1 training");
  assert.equal(format.plural(12, "training"), "12 trainings");
});
