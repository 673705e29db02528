/** The ranking table. */
import { useMemo } from "preact/hooks";
import { shownColumns, sorted } from "../columns.js";
import * as format from "../format.js";
import { allTrainings, drawnTrainings, marks, shownTrainings } from "../selectors.js";
import { focused } from "../store.js";
import { Name, Swatch, Verdict } from "./chips.js";
import { html, usePage, useSelect } from "./html.js";
import { useWindow } from "./windowed.js";

/** @import { Column } from "../columns.js" */
/** @import { Mark, Training } from "../types.js" */

const ROW = 32;

export function Table() {
  const { store } = usePage();
  const all = useSelect(allTrainings);
  const shown = useSelect(shownTrainings);
  const sort = useSelect((state) => state.settings.sort);
  const chosen = useSelect((state) => state.settings.columns);
  const baselineId = useSelect((state) => state.settings.baseline);
  const focus = useSelect((state) => focused(state, drawnTrainings(state))?.id);
  const colours = useSelect(marks);
  const rows = useMemo(() => sorted(shown, sort), [shown, sort]);
  const columns = useMemo(() => shownColumns(chosen, all), [chosen, all]);
  const baseline = all.find(({ id }) => id === baselineId) ?? null;
  const { box, first, last, before, after } = useWindow(rows.length, ROW);
  return html`<section class="card ranking" aria-label="Ranking">
    <div class="scroll" ref=${box} tabindex="0" role="region" aria-label="Ranking table">
      <table aria-rowcount=${rows.length + 1}>
        <thead>
          <tr>
            ${columns.map((column) => html`<${Head} key=${column.key} column=${column} sort=${sort} />`)}
            <th scope="col"><span class="hidden">Baseline</span></th>
          </tr>
        </thead>
        <tbody onMouseLeave=${() => store.change({ hovered: "" })}>
          <tr aria-hidden="true" style=${{ height: `${before}px` }}></tr>
          ${rows
            .slice(first, last)
            .map(
              (row, index) =>
                html`<${Row}
                  key=${row.id}
                  row=${row}
                  index=${first + index}
                  columns=${columns}
                  baseline=${baseline}
                  focused=${row.id === focus}
                  mark=${colours.get(row.id)}
                />`,
            )}
          <tr aria-hidden="true" style=${{ height: `${after}px` }}></tr>
        </tbody>
      </table>
    </div>
  </section>`;
}

/** @param {{column: Column, sort: string}} props */
function Head({ column: { key, label, help, number }, sort }) {
  const { store } = usePage();
  const direction = sort === key ? "ascending" : sort === `-${key}` ? "descending" : "none";
  const next = direction === "ascending" ? `-${key}` : key;
  return html`<th scope="col" class=${number ? "number" : ""} aria-sort=${direction}>
    <button title=${help} onClick=${() => store.choose({ sort: next })}>
      ${label}<span class="arrow" aria-hidden="true">${{ ascending: "▲", descending: "▼", none: "" }[direction]}</span>
    </button>
  </th>`;
}

/** @param {{row: Training, index: number, columns: Column[], baseline: Training | null, focused: boolean, mark: Mark | undefined}} props */
function Row({ row, index, columns, baseline, focused, mark }) {
  const { store } = usePage();
  const pinned = baseline?.id === row.id;
  return html`<tr
    class="${focused ? "focused" : ""} ${pinned ? "pinned" : ""}"
    aria-rowindex=${index + 2}
    onMouseEnter=${() => store.change({ hovered: row.id })}
    onClick=${() => store.choose({ focus: row.id })}
  >
    ${columns.map((column) => html`<${Cell} key=${column.key} row=${row} column=${column} baseline=${baseline} mark=${mark} />`)}
    <td>
      <button
        class="pin"
        aria-pressed=${pinned}
        aria-label="Compare with ${row.name}"
        title=${pinned ? "No longer compare with this training" : "Show how the others differ from this training"}
        onClick=${(/** @type {Event} */ event) => {
          event.stopPropagation();
          store.choose({ baseline: pinned ? "" : row.id });
        }}
      >
        ${pinned ? "baseline" : "compare"}
      </button>
    </td>
  </tr>`;
}

/** @param {{row: Training, column: Column, baseline: Training | null, mark: Mark | undefined}} props */
function Cell({ row, column, baseline, mark }) {
  const { key, get, write, number, delta } = column;
  if (key === "name")
    return html`<th scope="row">
      <span class="line"><${Swatch} mark=${mark} /><${Name} training=${row} /></span>
    </th>`;
  if (key === "verdict") return html`<td><${Verdict} training=${row} /></td>`;
  const cell = get(row);
  const base = baseline !== null && delta && baseline.id !== row.id ? get(baseline) : null;
  const difference = typeof base === "number" && typeof cell === "number" ? cell - base : null;
  return html`<td class=${number ? "number" : ""} title=${typeof cell === "number" ? format.full(cell) : ""}>
    ${write(cell)}${difference !== null && html` <span class="delta">${signedBy(write, difference)}</span>`}
  </td>`;
}

/** A difference in the column's own writing. @param {(cell: number) => string} write @param {number} difference */
const signedBy = (write, difference) =>
  difference > 0 && !write(difference).startsWith("+") ? `+${write(difference)}` : write(difference);
