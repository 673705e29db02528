/** The table beside the pointer: what every drawn training has there. */
import { nearest } from "../drawables.js";
import * as format from "../format.js";
import { drawn } from "../selectors.js";
import { html, usePage, useSelect } from "./html.js";
import { Swatch } from "./chips.js";
import { valueAt } from "./pointer.js";

/** @import { Drawable } from "../types.js" */
/** @import { Plot } from "../charts/plot.js" */

const ROWS = 12;

/**
 * One line a training, the lowest validation first; the pointed-at training is always among them.
 * @param {Drawable[]} drawables
 * @param {number} x
 * @param {string} id of the pointed-at training
 */
export function tooltipRows(drawables, x, id) {
  const rows = drawables.map((drawable) => {
    const { found, val, train, gap, training } = drawable;
    const at = nearest(val.x, x);
    const time = found.val.wall_time[at] ?? NaN;
    return {
      drawable,
      val: val.y[at] ?? NaN,
      train: valueAt(train, x),
      gap: valueAt(gap, x),
      step: found.val.step[at] ?? NaN,
      seconds: time - training.start_time,
    };
  });
  rows.sort((a, b) => Number(Number.isNaN(a.val)) - Number(Number.isNaN(b.val)) || a.val - b.val);
  const pointed = rows.findIndex(({ drawable }) => drawable.id === id);
  const kept = rows.slice(0, ROWS);
  if (pointed >= ROWS) kept.splice(ROWS - 1, 1, ...rows.slice(pointed, pointed + 1));
  return { rows: kept, more: rows.length - kept.length };
}

/** @param {{plots: {current: Plot[]}, hovered: string}} props */
export function Tooltip({ plots, hovered }) {
  const { store } = usePage();
  const pointer = useSelect((state) => state.pointer);
  if (pointer === null) return null;
  const { rows, more } = tooltipRows(drawn(store.state), pointer.x, hovered);
  if (rows.length === 0) return null;
  const left = plots.current[0]?.leftOf(pointer.x) ?? 0;
  const width = plots.current[0]?.element.clientWidth ?? 0;
  const side = left > width / 2 ? { right: `${width - left + 24}px` } : { left: `${left + 24}px` };
  return html`<div class="tooltip" style=${side} aria-hidden="true">
    <table>
      <thead>
        <tr>
          <th></th>
          <th>training</th>
          <th>train</th>
          <th>val</th>
          <th>gap</th>
          <th>step</th>
          <th>time</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ drawable: { id, training, mark }, train, val, gap, step, seconds }) =>
            html`<tr key=${id} class=${id === hovered ? "pointed" : ""}>
              <td><${Swatch} mark=${mark} /></td>
              <th scope="row"><bdi>${training.name}</bdi></th>
              <td>${format.value(train)}</td>
              <td>${format.value(val)}</td>
              <td>${format.signed(gap)}</td>
              <td>${format.step(step)}</td>
              <td>${format.duration(seconds)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${more > 0 && html`<p>+ ${format.step(more)} more</p>`}
  </div>`;
}
