import assert from "node:assert/strict";
import { test } from "node:test";
import "../views/dom.js";
import { SvgContext } from "../../src/charts/svg.js";

test("a picture is XML whatever a training is called", () => {
  const context = new SvgContext();
  context.fillText('a<b>&"\u0001\ud800\uffff é😀', 0, 0);
  assert.match(context.picture(10, 10), />a&lt;b&gt;&amp;&quot;\ufffd\ufffd\ufffd é😀<\/text>/u);
});
