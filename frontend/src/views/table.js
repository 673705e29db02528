/** The ranking table. */
import { useMemo } from "preact/hooks";
import { shownColumns, sorted } from "../columns.js";
import { focusOn } from "../focus.js";
import * as format from "../format.js";
import { boards, groupedBy, linesOf, meanAndStd } from "../groups.js";
import { allTrainings, drawnTrainings, folded, marks, shownTrainings } from "../selectors.js";
import { focused } from "../store.js";
import { countVerdicts, wording } from "../verdicts.js";
import { Name, Swatch, Verdict } from "./chips.js";
import { html, usePage, useSelect } from "./html.js";
import { toggleFold } from "./trainings.js";
import { useWindow } from "./windowed.js";

/** @import { Column } from "../columns.js" */
/** @import { Group, Line } from "../groups.js" */
/** @import { Mark, Training } from "../types.js" */

const ROW = 32;

export function Table() {
  const { store } = usePage();
  const all = useSelect(allTrainings);
  const shown = useSelect(shownTrainings);
  const sort = useSelect((state) => state.settings.sort);
  const group = useSelect((state) => state.settings.group);
  const chosen = useSelect((state) => state.settings.columns);
  const baselineId = useSelect((state) => state.settings.baseline);
  const focus = useSelect((state) => focused(state, drawnTrainings(state))?.id);
  const closed = useSelect(folded);
  const lines = useMemo(() => {
    const rows = sorted(shown, sort);
    return linesOf(group === "" && sort === "rank" ? boards(rows) : groupedBy(rows, group), closed);
  }, [shown, sort, group, closed]);
  const columns = useMemo(() => shownColumns(chosen, all), [chosen, all]);
  const baseline = all.find(({ id }) => id === baselineId) ?? null;
  // Where some cells have a second figure, all leave room for it, so that the first ones stand in one line.
  const spaced = baseline !== null || lines.some(({ kind }) => kind === "group");
  const { box, first, last, before, after } = useWindow(lines.length, ROW);
  return html`<div class="scroll" ref=${box} tabindex="0" role="region" aria-label="Ranking table">
    <table aria-rowcount=${lines.length + 1}>
      <thead>
        <tr>
          ${columns.map((column) => html`<${Head} key=${column.key} column=${column} sort=${sort} />`)}
          <th scope="col"><span class="hidden">Baseline</span></th>
        </tr>
      </thead>
      <tbody onMouseLeave=${() => store.change({ hovered: "" })}>
        <tr aria-hidden="true" style=${{ height: `${before}px` }}></tr>
        ${lines.slice(first, last).map((/** @type {Line} */ line, index) => {
          const place = first + index + 2;
          if (line.kind === "group")
            return html`<${GroupRow}
              key=${`group ${line.group.name}`}
              group=${line.group}
              columns=${columns}
              place=${place}
            />`;
          const { row } = line;
          const props = { row, place, columns, baseline, focused: row.id === focus, spaced };
          return html`<${Row} key=${row.id} ...${props} />`;
        })}
        <tr aria-hidden="true" style=${{ height: `${after}px` }}></tr>
      </tbody>
    </table>
  </div>`;
}

/** @param {{column: Column, sort: string}} props */
function Head({ column: { key, label, help, number }, sort }) {
  const { store } = usePage();
  const direction = sort === key ? "ascending" : sort === `-${key}` ? "descending" : "none";
  const next = direction === "ascending" ? `-${key}` : key;
  return html`<th scope="col" class="${number ? "number" : ""} ${key}" aria-sort=${direction}>
    <button data-help=${help} onClick=${() => store.choose({ sort: next })}>
      ${label}<span class="arrow" aria-hidden="true">${{ ascending: "▲", descending: "▼", none: "" }[direction]}</span>
    </button>
  </th>`;
}

/** @param {{group: Group, columns: Column[], place: number}} props */
function GroupRow({ group, columns, place }) {
  const { store } = usePage();
  const { name, rows } = group;
  const closed = useSelect((state) => folded(state).has(name));
  return html`<tr class="group" aria-rowindex=${place}>
    ${columns.map((column) => {
      if (column.key === "name")
        return html`<th key="name" scope="rowgroup">
          <button class="line" aria-expanded=${!closed} onClick=${() => toggleFold(store, name)}>
            <span class="fold" aria-hidden="true">${closed ? "▸" : "▾"}</span
            ><span class="name" title=${name}><bdi>${name || "others"}</bdi></span>
            <span class="faint">${format.step(rows.length)}</span>
          </button>
        </th>`;
      if (column.key === "verdict")
        return html`<td key="verdict">
          <span class="line">
            ${countVerdicts(rows).map(([verdict, count]) => {
              const { label, sign, tone } = wording(verdict);
              return html`<span key=${verdict} class="count ${tone}" title="${count} ${label}">${sign}${count}</span>`;
            })}
          </span>
        </td>`;
      return html`<${Summed} key=${column.key} column=${column} rows=${rows} />`;
    })}
    <td></td>
  </tr>`;
}

/** Mean ± standard deviation of a column over a group, where that makes sense. @param {{column: Column, rows: Training[]}} props */
function Summed({ column: { get, write, delta }, rows }) {
  if (!delta) return html`<td></td>`;
  const { mean, std } = meanAndStd(rows.map((row) => /** @type {number | null} */ (get(row))));
  return html`<td
    class="number"
    title=${mean === null ? "" : `mean ${format.full(mean)} ± ${format.full(std)} (standard deviation)`}
  >
    ${write(mean)}<span class="delta">${std !== null && `± ${write(std).replace("+", "")}`}</span>
  </td>`;
}

/** @param {{row: Training, place: number, columns: Column[], baseline: Training | null, focused: boolean, spaced: boolean}} props */
function Row({ row, place, columns, baseline, focused, spaced }) {
  const { store } = usePage();
  /** @type {Mark | undefined} */
  const mark = useSelect((state) => marks(state).get(row.id));
  const pinned = baseline?.id === row.id;
  return html`<tr
    class="${focused ? "focused" : ""} ${pinned ? "pinned" : ""}"
    aria-rowindex=${place}
    onMouseEnter=${() => store.change({ hovered: row.id })}
    onClick=${() => focusOn(store, row.id)}
  >
    ${columns.map(
      (column) =>
        html`<${Cell}
          key=${column.key}
          row=${row}
          column=${column}
          baseline=${baseline}
          mark=${mark}
          focused=${focused}
          spaced=${spaced}
        />`,
    )}
    <td>
      <button
        class="pin"
        aria-pressed=${pinned}
        aria-label="Compare with ${row.name}"
        data-help=${pinned ? "No longer compare with this training." : "Show how the others differ from this training."}
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

/** @param {{row: Training, column: Column, baseline: Training | null, mark: Mark | undefined, focused: boolean, spaced: boolean}} props */
function Cell({ row, column, baseline, mark, focused, spaced }) {
  const { key, get, write, number, delta } = column;
  if (key === "name")
    return html`<th scope="row">
      <button class="line" aria-pressed=${focused}><${Swatch} mark=${mark} /><${Name} training=${row} /></button>
    </th>`;
  if (key === "verdict") return html`<td><${Verdict} training=${row} /></td>`;
  const cell = get(row);
  return html`<td class=${number ? "number" : ""} title=${typeof cell === "number" ? format.full(cell) : ""}>
    ${write(cell)}${spaced && delta && html`<span class="delta">${baseline && differenceFrom(baseline, row, column)}</span>`}
  </td>`;
}

/** How a row differs from the baseline, in the column's own writing. @param {Training} baseline @param {Training} row @param {Column} column */
function differenceFrom(baseline, row, { get, write }) {
  const [cell, base] = [get(row), get(baseline)];
  if (baseline === row || typeof cell !== "number" || typeof base !== "number") return "";
  const written = write(cell - base);
  return cell > base && !written.startsWith("+") ? `+${written}` : written;
}
