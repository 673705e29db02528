import assert from "node:assert/strict";
import { test } from "node:test";
import { ruleFlag, rulesToml } from "../src/permanent.js";

test("a rule is quoted for the shell", () => {
  assert.equal(ruleFlag({ train: "^it's/loss$", val: "^a$" }), "--lossgap_pair 'train=^it'\\''s/loss$,val=^a$'");
});

test("a rule in TOML keeps quotes, backslashes and control characters", () => {
  assert.equal(
    rulesToml({ train: '^a\\.b"$', val: "^\t\x7f$" }),
    '[[pair]]\ntrain = "^a\\\\.b\\"$"\nval = "^\\t\\u007f$"\n',
  );
});
