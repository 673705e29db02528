import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHash, replaceHash } from "../src/host.js";

test("our part of the address is read, whatever stands beside it", () => {
  const link = parseHash("#lossgap&p.lossgap.select=all&_smoothing=0.6&p.lossgap.filter=a%26b%3Dc");
  assert.deepEqual(link, { select: "all", filter: "a&b=c" });
});

test("an address that is badly encoded is read as it stands", () => {
  assert.deepEqual(parseHash("#lossgap&p.lossgap.filter=50%"), { filter: "50%" });
});

test("everything else in the address is kept", () => {
  const hash = replaceHash("#lossgap&p.lossgap.select=all&_smoothing=0.6", { filter: "a&b" });
  assert.equal(hash, "#lossgap&_smoothing=0.6&p.lossgap.filter=a%26b");
  assert.deepEqual(parseHash(hash), { filter: "a&b" });
});

test("no settings leave no trace", () => {
  assert.equal(replaceHash("#lossgap&p.lossgap.select=all", {}), "#lossgap");
});
