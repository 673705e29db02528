/** The menu of ways out: files of table, curves and picture, and text for the clipboard. */
import { useState } from "preact/hooks";
import { fetchSeries } from "../api.js";
import { figurePng, figureSvg } from "../charts/figure.js";
import { shownColumns, sorted } from "../columns.js";
import { copy, download } from "../download.js";
import { currentFigure } from "../figures.js";
import * as format from "../format.js";
import { shareAddress } from "../host.js";
import { allTrainings, drawnTrainings, shownTrainings } from "../selectors.js";
import { curvesCsv, curvesJson, tableCsv, tableJson, tableLatex, tableMarkdown } from "../tables.js";
import { Disclosure } from "./disclosure.js";
import { html, usePage } from "./html.js";
import { useInk } from "./ink.js";

/** @import { Curves } from "../types.js" */

/** So many trainings' points are asked for at once. */
const BATCH = 50;

export function Export() {
  const { store } = usePage();
  const ink = useInk();
  const [said, setSaid] = useState("");
  const rows = () => sorted(shownTrainings(store.state), store.state.settings.sort);
  const columns = () => shownColumns(store.state.settings.columns, allTrainings(store.state));

  /** @param {() => Promise<string> | string} work gives what to say when it is done */
  const run = (work) => async () => {
    setSaid("…");
    try {
      setSaid(await work());
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };

  /** Every point of the drawn curves. */
  async function wholeCurves() {
    const { state } = store;
    const trainings = drawnTrainings(state);
    /** @type {Map<string, Curves>} */
    const byId = new Map();
    for (let from = 0; from < trainings.length; from += BATCH) {
      const ids = trainings.slice(from, from + BATCH).map(({ id }) => id);
      const { curves } = await fetchSeries({ ids, points: 0, range: null, smooth: 0 }, state.settings);
      for (const one of curves) byId.set(one.id, one);
      setSaid(`${format.step(byId.size)} of ${format.plural(trainings.length, "training")}…`);
    }
    return /** @type {const} */ ([trainings, byId]);
  }

  /** @param {string} name @param {BlobPart} content @param {string} type */
  function save(name, content, type) {
    download(name, content, type);
    return `${name} is saved.`;
  }

  /** @param {string} what @param {string} text */
  async function clip(what, text) {
    await copy(text);
    return `${what} is on the clipboard.`;
  }

  const figure = () => currentFigure(store.state, ink);
  /** @type {[string, [string, () => Promise<string> | string][]][]} */
  const menu = [
    [
      "Table",
      [
        ["CSV", () => save("lossgap-table.csv", tableCsv(rows()), "text/csv")],
        ["JSON", () => save("lossgap-table.json", tableJson(rows()), "application/json")],
        ["copy Markdown", () => clip("The table as Markdown", tableMarkdown(rows(), columns()))],
        ["copy LaTeX", () => clip("The table as LaTeX", tableLatex(rows(), columns()))],
      ],
    ],
    [
      "Curves, every point",
      [
        ["CSV", async () => save("lossgap-curves.csv", curvesCsv(...(await wholeCurves())), "text/csv")],
        ["JSON", async () => save("lossgap-curves.json", curvesJson(...(await wholeCurves())), "application/json")],
      ],
    ],
    [
      "Picture",
      [
        ["PNG", async () => save("lossgap.png", await figurePng(figure()), "image/png")],
        ["SVG", () => save("lossgap.svg", figureSvg(figure()), "image/svg+xml")],
      ],
    ],
    ["This view", [["copy link", () => clip("The link", shareAddress())]]],
  ];
  return html`<${Disclosure} label="Export" align="right">
    ${menu.map(
      ([title, items]) =>
        html`<section key=${title}>
          <div class="title">${title}</div>
          ${items.map(
            ([label, work]) =>
              html`<button key=${label} class="plain" aria-label="${title}: ${label}" onClick=${run(work)}>
                ${label}
              </button>`,
          )}
        </section>`,
    )}
    <p class="said" role="status">${said}</p>
  <//>`;
}
