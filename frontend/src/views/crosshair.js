/** Moving the crosshair by keys, and saying what it is on. */
import { useEffect, useState } from "preact/hooks";
import { lowerBound, nearest, place } from "../drawables.js";
import * as format from "../format.js";
import { drawn, zoomRange } from "../selectors.js";
import { writeZoom } from "../settings.js";
import { focused } from "../store.js";
import { html, usePage, useSelect } from "./html.js";
import { reading } from "./tooltip.js";

/** @import { Drawable } from "../types.js" */
/** @import { Store } from "../store.js" */

const LEAP = 10;
const SPOKEN_AFTER = 350;

/** @param {Store} store @param {KeyboardEvent} event */
export function onChartKey(store, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { state } = store;
  const drawables = drawn(state);
  const focus = focused(state, drawables);
  if (focus === null) return;
  const { x: xs, y: ys } = focus.val;
  const zoom = zoomRange(state) ?? [-Infinity, Infinity];
  const first = lowerBound(xs, zoom[0]);
  const last = Math.min(xs.length, lowerBound(xs, zoom[1]) + 1) - 1;
  const at = state.pointer === null ? null : nearest(xs, state.pointer.x);

  /** @param {number} index */
  const moveTo = (index) => {
    const held = Math.max(first, Math.min(last, index));
    const pointer = { x: xs[held] ?? 0, y: ys[held] ?? 0, chart: /** @type {const} */ ("loss"), spoken: true };
    store.change({ pointer, hovered: focus.id });
  };
  /** @param {number} by */
  const refocus = (by) => {
    const index = drawables.indexOf(focus) + by;
    const next = drawables[Math.max(0, Math.min(drawables.length - 1, index))] ?? focus;
    store.change({ hovered: next.id, pointer: state.pointer && { ...state.pointer, spoken: true } });
    store.choose({ focus: next.id });
  };
  /** @type {Record<string, () => void>} */
  const actions = {
    ArrowLeft: () => moveTo(at === null ? last : at - 1),
    ArrowRight: () => moveTo(at === null ? first : at + 1),
    PageUp: () => moveTo((at ?? first) + LEAP),
    PageDown: () => moveTo((at ?? last) - LEAP),
    Home: () => moveTo(first),
    End: () => moveTo(last),
    b: () => moveTo(bestIndex(focus, state.settings.x)),
    ArrowUp: () => refocus(-1),
    ArrowDown: () => refocus(1),
    "+": () => zoomBy(store, 0.5),
    "=": () => zoomBy(store, 0.5),
    "-": () => zoomBy(store, 2),
    Escape: () => store.change({ pointer: null, hovered: "" }),
  };
  const action = actions[event.key];
  if (action === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  action();
}

/** @param {Drawable} focus @param {import("../types.js").XKind} x */
function bestIndex({ val, found, training }, x) {
  return training.best === null ? 0 : nearest(val.x, place(training.best.step, found.val, training, x));
}

/** @param {Store} store @param {number} factor */
function zoomBy(store, factor) {
  const { state } = store;
  const ends = drawn(state).flatMap(({ val, train }) => [val.x[0], val.x.at(-1), train.x[0], train.x.at(-1)]);
  const known = ends.filter((end) => end !== undefined);
  const whole = /** @type {const} */ ([Math.min(...known), Math.max(...known)]);
  const [from, to] = zoomRange(state) ?? whole;
  const centre = state.pointer?.x ?? (from + to) / 2;
  const low = Math.max(whole[0], centre - (centre - from) * factor);
  const high = Math.min(whole[1], centre + (to - centre) * factor);
  const everything = low <= whole[0] && high >= whole[1];
  if (high > low) store.choose({ zoom: everything ? "" : writeZoom([low, high]) });
}

/** Says what the crosshair is on once it rests; only when keys moved it, for a mouse has eyes. */
export function Spoken() {
  const { store } = usePage();
  const pointer = useSelect((state) => state.pointer);
  const focus = useSelect((state) => focused(state, drawn(state)));
  const [text, setText] = useState("");
  useEffect(() => {
    if (!pointer?.spoken || focus === null) return undefined;
    const timer = setTimeout(() => setText(sentence(focus, pointer.x)), SPOKEN_AFTER);
    return () => clearTimeout(timer);
  }, [pointer, focus, store]);
  return html`<p class="hidden" aria-live="polite">${text}</p>`;
}

/** @param {Drawable} drawable @param {number} x */
function sentence(drawable, x) {
  const { step, train, val, gap } = reading(drawable, x);
  const values = `training ${format.value(train)}, validation ${format.value(val)}, gap ${format.signed(gap)}`;
  return `${drawable.training.name}, step ${step}: ${values}`;
}
