/** Plots of all trainings at once: the fit map, and a result against a hyperparameter. */
import { useMemo } from "preact/hooks";
import { hparamNames } from "../columns.js";
import * as format from "../format.js";
import { marks, shownTrainings } from "../selectors.js";
import { html, usePage, useSelect } from "./html.js";
import { axisFor, Scatter } from "./scatter.js";

/** @import { Training } from "../types.js" */
/** @import { Axis, Dot } from "./scatter.js" */

/** Training loss at the best step against validation loss there; on the diagonal there is no gap. */
export function FitMap() {
  const rows = useSelect(shownTrainings);
  const colours = useSelect(marks);
  const dots = useMemo(
    () =>
      rows.flatMap(({ id, name, best, gap_at_best }) => {
        if (best === null || best.value === null || gap_at_best === null) return [];
        const train = best.value - gap_at_best;
        const title = `${name}: training ${format.value(train)}, validation ${format.value(best.value)}`;
        return [{ id, name, x: train, y: best.value, mark: colours.get(id), title }];
      }),
    [rows, colours],
  );
  const values = dots.flatMap(({ x, y }) => [x, y]);
  const xs = axisFor(values, "training at the best step");
  const ys = { ...xs, label: "validation at the best step" };
  return html`<p class="hint">
      Each training at its best step: to the left it fits its own data better, further down it does better on new data.
      On the line there is no gap.
    </p>
    <${Scatter}
      dots=${dots}
      xs=${xs}
      ys=${ys}
      diagonal=${true}
      label="Fit map of ${format.plural(dots.length, "training")}"
    />`;
}

/** @type {Record<string, {label: string, get: (row: Training) => number | null}>} */
const RESULTS = {
  best: { label: "best validation", get: ({ best }) => best?.value ?? null },
  gap_at_best: { label: "gap at best", get: ({ gap_at_best }) => gap_at_best },
  final_gap: { label: "final gap", get: ({ final_gap }) => final_gap },
};

export function Hyperparameter() {
  const { store } = usePage();
  const rows = useSelect(shownTrainings);
  const colours = useSelect(marks);
  const names = useMemo(() => hparamNames(rows), [rows]);
  const wanted = useSelect((state) => state.settings.hparam);
  const result = useSelect((state) => state.settings.result);
  const name = names.includes(wanted) ? wanted : (names[0] ?? "");
  const { label, get } = RESULTS[result] ?? /** @type {any} */ (RESULTS.best);
  const { dots, xs } = useMemo(() => hparamDots(rows, name, get, colours), [rows, name, result, colours]);
  const ys = axisFor(
    dots.map(({ y }) => y),
    label,
    false,
  );
  return html`<div class="toolbar">
      <label class="field">
        <span>Hyperparameter</span>
        <select value=${name} onChange=${(/** @type {any} */ event) => store.choose({ hparam: event.target.value })}>
          ${names.map((one) => html`<option key=${one} value=${one}>${one}</option>`)}
        </select>
      </label>
      <label class="field">
        <span>against</span>
        <select value=${result} onChange=${(/** @type {any} */ event) => store.choose({ result: event.target.value })}>
          ${Object.entries(RESULTS).map(([key, { label }]) => html`<option key=${key} value=${key}>${label}</option>`)}
        </select>
      </label>
    </div>
    <${Scatter}
      dots=${dots}
      xs=${xs}
      ys=${ys}
      label="${label} against ${name}, ${format.plural(dots.length, "training")}"
    />`;
}

/**
 * Dots at the numbers of a hyperparameter; where it has other values, at their places in the alphabet.
 * @param {Training[]} rows
 * @param {string} name
 * @param {(row: Training) => number | null} get
 * @param {Map<string, import("../types.js").Mark>} colours
 * @returns {{dots: Dot[], xs: Axis}}
 */
export function hparamDots(rows, name, get, colours) {
  const known = rows.flatMap((row) => {
    const value = row.hparams[name];
    const y = get(row);
    return value === undefined || value === null || y === null ? [] : [{ row, value, y }];
  });
  const numeric = known.every(({ value }) => typeof value === "number");
  const names = [...new Set(known.map(({ value }) => String(value)))].sort();
  const dots = known.map(({ row: { id, name: training }, value, y }) => ({
    id,
    name: training,
    x: numeric ? Number(value) : names.indexOf(String(value)),
    y,
    mark: colours.get(id),
    title: `${training}: ${name} ${value}, ${format.value(y)}`,
  }));
  const xs = numeric
    ? axisFor(
        dots.map(({ x }) => x),
        name,
      )
    : { min: -0.5, max: names.length - 0.5, log: false, label: name, names };
  return { dots, xs };
}
