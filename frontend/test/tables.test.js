import assert from "node:assert/strict";
import { test } from "node:test";
import { shownColumns } from "../src/columns.js";
import { csvCell, curvesCsv, curvesJson, tableCsv, tableJson, tableLatex, tableMarkdown } from "../src/tables.js";
import { curves, training } from "./examples.js";

test("a cell that a spreadsheet would run is made harmless", () => {
  for (const text of ["=1+1", "+1", "-1", "@sum", "\tx"]) assert.ok(csvCell(text).startsWith("'"), text);
  assert.equal(csvCell('=HYPERLINK("x")'), `"'=HYPERLINK(""x"")"`);
});

test("a negative number stays a number", () => {
  assert.equal(csvCell(-0.5), "-0.5");
});

test("commas, quotes and line ends are quoted", () => {
  assert.equal(csvCell('a,"b"\n'), '"a,""b""\n"');
});

test("the table as CSV has unrounded numbers and one line a training", () => {
  const rows = [training({ name: "a", best: { step: 3, value: 0.123456789012 } }), training({ name: "b" })];
  const lines = tableCsv(rows).trimEnd().split("\r\n");
  assert.equal(lines.length, 3);
  assert.match(lines[1] ?? "", /0\.123456789012/);
});

test("the table as JSON is what the server said", () => {
  const rows = [training()];
  assert.deepEqual(JSON.parse(tableJson(rows)), rows);
});

test("Markdown escapes what would end a cell", () => {
  const rows = [training({ name: "a|b" })];
  assert.equal(
    tableMarkdown(rows, shownColumns("rank~name", rows)),
    "| # | Training |\n| --: | --- |\n| 1 | a\\|b |\n",
  );
});

test("LaTeX escapes its own signs", () => {
  const rows = [training({ name: "a_b&c%~\\" })];
  const text = tableLatex(rows, shownColumns("rank~name~gap_at_best", rows));
  assert.match(text, /\\begin\{tabular\}\{rlr\}/);
  assert.match(text, /a\\_b\\&c\\%\\textasciitilde\{\}\\textbackslash\{\}/);
  assert.match(text, /\\# & Training/);
});

test("curves have one line a point, also where a value is not finite", () => {
  const rows = [training()];
  const found = new Map([["model", curves("model", [2, 1], [3, NaN])]]);
  const lines = curvesCsv(rows, found).trimEnd().split("\r\n");
  assert.equal(lines.length, 1 + 6);
  assert.ok(lines.includes("model,1,loss,val,1,1010,NaN"));
  const [one] = JSON.parse(curvesJson(rows, found));
  assert.deepEqual(one.val.value, [3, null]);
});
