/** The table beside the pointer: what every drawn training has there. */
import { LEFT, RIGHT } from "../charts/axes.js";
import { nearest } from "../drawables.js";
import * as format from "../format.js";
import { drawn } from "../selectors.js";
import { Swatch } from "./chips.js";
import { html, usePage, useSelect } from "./html.js";
import { valueAt } from "./pointer.js";

/** @import { Curve, Drawable } from "../types.js" */
/** @import { Extent } from "../charts/frame.js" */

const ROWS = 12;

/**
 * What a training has at the validation point nearest to x.
 * @param {Drawable} drawable
 * @param {number} x
 */
export function reading({ found, val, train, gap, training }, x) {
  const at = nearest(val.x, x);
  return {
    val: val.y[at] ?? NaN,
    train: valueAt(train, val.x[at] ?? NaN),
    gap: within(gap, val.x[at] ?? NaN) ? valueAt(gap, val.x[at] ?? NaN) : NaN,
    step: found.val.step[at] ?? NaN,
    seconds: (found.val.wall_time[at] ?? NaN) - training.start_time,
  };
}

/** A gap ends where training does; its last value is none of later points. @param {Curve} curve @param {number} x */
const within = ({ x: xs }, x) => x >= (xs[0] ?? Infinity) && x <= (xs.at(-1) ?? -Infinity);

/**
 * One line a training, the best validation first; the pointed-at training is always among them.
 * @param {Drawable[]} drawables
 * @param {number} x
 * @param {string} id of the pointed-at training
 */
export function tooltipRows(drawables, x, id) {
  const rows = drawables.map((drawable) => ({ drawable, ...reading(drawable, x) }));
  const sign = drawables[0]?.training.direction === "max" ? -1 : 1;
  rows.sort((a, b) => Number(Number.isNaN(a.val)) - Number(Number.isNaN(b.val)) || sign * (a.val - b.val));
  const pointed = rows.findIndex(({ drawable }) => drawable.id === id);
  const kept = rows.slice(0, ROWS);
  if (pointed >= ROWS) kept.splice(ROWS - 1, 1, ...rows.slice(pointed, pointed + 1));
  return { rows: kept, more: rows.length - kept.length };
}

/** @param {{xs: Extent}} props */
export function Tooltip({ xs }) {
  const { store } = usePage();
  const pointer = useSelect((state) => state.pointer);
  const hovered = useSelect((state) => state.hovered);
  if (pointer === null) return null;
  const { rows, more } = tooltipRows(drawn(store.state), pointer.x, hovered);
  if (rows.length === 0) return null;
  const part = (pointer.x - xs.min) / (xs.max - xs.min);
  const place = `${LEFT + 24}px + (100% - ${LEFT + RIGHT}px) * ${part.toFixed(4)}`;
  const side = part > 0.5 ? { right: `calc(100% - (${place}) + 48px)` } : { left: `calc(${place})` };
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
