/** What the keyboard does: one table for the page's ears and for its list of keys. */

/** @typedef {{keys: string, does: string}} Key */

/** @type {Key[]} */
export const PAGE_KEYS = [
  { keys: "?", does: "show or hide this list" },
  { keys: "/", does: "go to the filter" },
  { keys: "c", does: "go to the charts" },
  { keys: "t", does: "go to the table" },
  { keys: "g", does: "overlay or side by side" },
  { keys: "l", does: "linear or logarithmic y axis" },
  { keys: "0", does: "show everything (undo zoom)" },
];

/** @type {Key[]} */
export const CHART_KEYS = [
  { keys: "← →", does: "move the crosshair to the next validation point" },
  { keys: "PgUp PgDn", does: "move it by ten points" },
  { keys: "Home End", does: "move it to the first or last point" },
  { keys: "b", does: "move it to the best point" },
  { keys: "↑ ↓", does: "focus the training ranked above or below" },
  { keys: "+ −", does: "zoom in or out about the crosshair" },
  { keys: "Esc", does: "hide the crosshair" },
];

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLElement &&
  (target.matches("input:not([type=checkbox], [type=radio]), select, textarea") || target.isContentEditable);

/**
 * @param {import("./store.js").Store} store
 * @param {KeyboardEvent} event
 */
export function onPageKey(store, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const { settings, help } = store.state;
  /** @type {Record<string, () => void>} */
  const actions = {
    "?": () => store.change({ help: !help }),
    "/": () => focusOn("#filter"),
    c: () => focusOn(".curves, .grid"),
    t: () => focusOn(".ranking .scroll"),
    g: () => store.choose({ view: settings.view === "grid" ? "overlay" : "grid" }),
    l: () => store.choose({ y: settings.y === "log" ? "linear" : "log" }),
    0: () => store.choose({ zoom: "" }),
  };
  const action = actions[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
}

/** @param {string} selector */
function focusOn(selector) {
  /** @type {HTMLElement | null} */ (document.querySelector(`${selector}`))?.focus();
}
