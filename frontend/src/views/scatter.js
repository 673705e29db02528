/** A plot of one dot a training: the overviews share it. */
import { focusOn } from "../focus.js";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { tick } from "../charts/axes.js";
import { shapePath } from "../charts/shapes.js";
import { linearTicks, logTicks } from "../charts/ticks.js";
import { html, usePage, useSelect } from "./html.js";

/** @import { Mark } from "../types.js" */

/** @typedef {{id: string, name: string, x: number, y: number, mark: Mark | undefined, title: string}} Dot */
/** @typedef {{min: number, max: number, log: boolean, label: string, names?: string[]}} Axis */

const HEIGHT = 320;
const MARGIN = { left: 64, right: 16, top: 10, bottom: 40 };

/**
 * An axis that holds some values with a little air; logarithmic where they span more than two powers of ten.
 * @param {number[]} values
 * @param {string} label
 * @param {boolean} [mayLog]
 * @returns {Axis}
 */
export function axisFor(values, label, mayLog = true) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!Number.isFinite(low)) return { min: 0, max: 1, log: false, label };
  if (mayLog && low > 0 && high / low > 100) return { min: low / 1.5, max: high * 1.5, log: true, label };
  const air = (high - low) * 0.06 || Math.abs(low) * 0.1 || 1;
  return { min: low - air, max: high + air, log: false, label };
}

/** @param {Axis} axis @param {number} from @param {number} to */
export function scaleFor({ min, max, log }, from, to) {
  const bend = log ? Math.log : (/** @type {number} */ value) => value;
  return (/** @type {number} */ value) => from + ((bend(value) - bend(min)) / (bend(max) - bend(min))) * (to - from);
}

/** @param {Axis} axis @param {number} room */
const ticksOf = ({ min, max, log, names }, room) =>
  names ? names.map((_, index) => index) : (log ? logTicks : linearTicks)(min, max, room);

/** @param {{dots: Dot[], xs: Axis, ys: Axis, diagonal?: boolean, label: string}} props */
export function Scatter({ dots, xs, ys, diagonal = false, label }) {
  const { store } = usePage();
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [width, setWidth] = useState(600);
  const hovered = useSelect((state) => state.hovered || state.settings.focus);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(240, entry?.contentRect.width ?? 600)));
    observer.observe(/** @type {Element} */ (box.current));
    return () => observer.disconnect();
  }, []);
  const right = Math.min(width, 900) - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const x = scaleFor(xs, MARGIN.left, right);
  const y = scaleFor(ys, bottom, MARGIN.top);
  const [from, to] = [Math.max(xs.min, ys.min), Math.min(xs.max, ys.max)];
  const last = dots.find(({ id }) => id === hovered);
  return html`<div class="scatter" ref=${box}>
    <svg width=${right + MARGIN.right} height=${HEIGHT} role="img" aria-label=${label}>
      ${ticksOf(xs, right / 90).map(
        (value) =>
          html`<g key=${value}>
            <line class="grid-line" x1=${x(value)} x2=${x(value)} y1=${MARGIN.top} y2=${bottom} />
            <text x=${x(value)} y=${bottom + 16} text-anchor="middle">${xs.names?.[value] ?? tick(value)}</text>
          </g>`,
      )}
      ${ticksOf(ys, bottom / 40).map(
        (value) =>
          html`<g key=${value}>
            <line class="grid-line" x1=${MARGIN.left} x2=${right} y1=${y(value)} y2=${y(value)} />
            <text x=${MARGIN.left - 6} y=${y(value) + 4} text-anchor="end">${tick(value)}</text>
          </g>`,
      )}
      ${diagonal && from < to && html`<line class="diagonal" x1=${x(from)} y1=${y(from)} x2=${x(to)} y2=${y(to)} />`}
      ${[...dots, ...(last ? [{ ...last, id: "" }] : [])].map(
        ({ id, x: dx, y: dy, mark, title }) =>
          html`<path
            key=${id}
            class=${id === "" ? "dot lifted" : "dot"}
            d=${shapePath(mark?.shape ?? 0)}
            fill=${mark?.color}
            transform="translate(${x(dx) - 6} ${y(dy) - 6})"
            onMouseEnter=${() => id && store.change({ hovered: id })}
            onMouseLeave=${() => id && store.change({ hovered: "" })}
            onClick=${() => id && focusOn(store, id)}
          >
            <title>${title}</title>
          </path>`,
      )}
      ${
        last &&
        html`<text
          class="dot-name"
          x=${x(last.x) + (x(last.x) > right / 2 ? -10 : 10)}
          y=${y(last.y) - 8}
          text-anchor=${x(last.x) > right / 2 ? "end" : "start"}
        >
          ${last.name}
        </text>`
      }
      <text class="axis-label" x=${right} y=${HEIGHT - 6} text-anchor="end">${xs.label}</text>
    </svg>
    <p class="axis-label y">${ys.label}</p>
  </div>`;
}
