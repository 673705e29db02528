/** Table and curves as text that other tools read: CSV, JSON, Markdown, LaTeX. */
import { COLUMNS, hparamColumn, hparamNames } from "./columns.js";

/** @import { Column } from "./columns.js" */
/** @import { Curves, Training } from "./types.js" */

/**
 * One cell of CSV. A text that a spreadsheet would take for a formula is made harmless by an apostrophe.
 * @param {string | number | null} cell
 */
export function csvCell(cell) {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** @param {(string | number | null)[][]} rows */
const csv = (rows) => rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");

/** Every column of every row, unrounded. @param {Training[]} trainings */
export function tableCsv(trainings) {
  const columns = [...COLUMNS, ...hparamNames(trainings).map(hparamColumn)];
  const extra = ["attempt", "train run", "train tag", "validation run", "validation tag", "reason"];
  return csv([
    [...columns.map(({ key }) => key.replace(/^h:/, "")), ...extra],
    ...trainings.map((row) => [
      ...columns.map((column) => column.get(row)),
      ...[row.attempt, row.train.run, row.train.tag, row.val.run, row.val.tag, row.reason],
    ]),
  ]);
}

/** @param {Training[]} trainings */
export const tableJson = (trainings) => `${JSON.stringify(trainings, null, 2)}\n`;

/** @param {Training[]} trainings @param {Column[]} columns */
const written = (trainings, columns) => trainings.map((row) => columns.map(({ get, write }) => write(get(row))));

/** The table as it is shown. @param {Training[]} trainings @param {Column[]} columns */
export function tableMarkdown(trainings, columns) {
  /** @param {string[]} cells */
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |\n`;
  const rule = columns.map(({ number }) => (number ? "--:" : "---"));
  return [columns.map(({ label }) => label), rule, ...written(trainings, columns)].map(line).join("");
}

const LATEX = /** @type {Record<string, string>} */ ({
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "−": "$-$",
  "–": "--",
  "∞": "$\\infty$",
  Δ: "$\\Delta$",
  "\u202f": "\\,",
});

/** @param {string} text */
const latexText = (text) => text.replace(/[\\~^−–∞Δ\u202f]|[&%$#_{}]/g, (sign) => LATEX[sign] ?? `\\${sign}`);

/** The table as it is shown, for the package booktabs. @param {Training[]} trainings @param {Column[]} columns */
export function tableLatex(trainings, columns) {
  /** @param {string[]} cells */
  const line = (cells) => `${cells.map(latexText).join(" & ")} \\\\\n`;
  const align = columns.map(({ number }) => (number ? "r" : "l")).join("");
  const body = written(trainings, columns).map(line).join("");
  const head = line(columns.map(({ label }) => label));
  return `\\begin{tabular}{${align}}\n\\toprule\n${head}\\midrule\n${body}\\bottomrule\n\\end{tabular}\n`;
}

const SIDES = /** @type {const} */ (["train", "val", "gap"]);

/** One line a point. @param {Training[]} trainings @param {Map<string, Curves>} curves */
export function curvesCsv(trainings, curves) {
  const lines = [csv([["training", "attempt", "metric", "series", "step", "wall_time", "value"]])];
  for (const { id, name, attempt, metric } of trainings) {
    const found = curves.get(id);
    if (found === undefined) continue;
    for (const side of SIDES) {
      const start = [name, attempt, metric, side].map(csvCell).join(",");
      const { step, wall_time, value } = found[side];
      step.forEach((at, index) => lines.push(`${start},${at},${wall_time[index]},${value[index]}\r\n`));
    }
  }
  return lines.join("");
}

/** Values that are not finite become null. @param {Training[]} trainings @param {Map<string, Curves>} curves */
export function curvesJson(trainings, curves) {
  const rows = trainings.flatMap(({ id, name, attempt, metric }) => {
    const found = curves.get(id);
    if (found === undefined) return [];
    const series = SIDES.map((side) => {
      const { step, wall_time, value } = found[side];
      return [side, { step: [...step], wall_time: [...wall_time], value: [...value] }];
    });
    return [{ name, attempt, metric, ...Object.fromEntries(series) }];
  });
  return `${JSON.stringify(rows)}\n`;
}
