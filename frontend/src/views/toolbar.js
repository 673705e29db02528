/** How the curves are drawn: layout, axes, smoothing, gap. */
import { Export } from "./export.js";
import { html, usePage, useSelect } from "./html.js";

/** @import { Settings } from "../types.js" */

/** @param {{name: keyof Settings, label: string, options: [string, string][], reset?: Partial<Settings>, help?: string}} props */
function Choice({ name, label, options, reset = {}, help = "" }) {
  const { store } = usePage();
  const value = useSelect((state) => state.settings[name]);
  return html`<label class="field" data-help=${help}>
    <span>${label}</span>
    <select
      value=${value}
      onChange=${(/** @type {any} */ event) => store.choose({ ...reset, [name]: event.target.value })}
    >
      ${options.map(([key, text]) => html`<option key=${key} value=${key}>${text}</option>`)}
    </select>
  </label>`;
}

function Layout() {
  const { store } = usePage();
  const view = useSelect((state) => state.settings.view);
  /** @param {"overlay" | "grid"} key @param {string} text */
  const button = (key, text) =>
    html`<button aria-pressed=${view === key} onClick=${() => store.choose({ view: key })}>${text}</button>`;
  return html`<div class="segments" role="group" aria-label="Layout">
    ${button("overlay", "Overlay")}${button("grid", "Side by side")}
  </div>`;
}

function Smoothing() {
  const { store } = usePage();
  const smooth = useSelect((state) => state.settings.smooth);
  /** @param {any} event */
  const change = (event) => store.choose({ smooth: Math.min(0.999, Math.max(0, Number(event.target.value) || 0)) });
  return html`<div
    class="field"
    data-help="TensorBoard's own moving average. Markers, table and verdicts are always of the raw values."
  >
    <label for="smooth">Smooth</label>
    <input id="smooth" type="range" min="0" max="0.999" step="0.001" value=${smooth} onInput=${change} />
    <input
      class="digits"
      type="number"
      aria-label="Smoothing"
      min="0"
      max="0.999"
      step="0.05"
      value=${smooth}
      onChange=${change}
    />
  </div>`;
}

export function Toolbar() {
  const { store } = usePage();
  const clip = useSelect((state) => state.settings.clip);
  const zoom = useSelect((state) => state.settings.zoom);
  return html`<div class="toolbar" role="toolbar" aria-label="Charts">
    <${Layout} />
    <${Choice}
      name="x"
      label="x"
      help="What the curves are drawn over. A fraction of the run lays trainings of unequal length over each other."
      reset=${{ zoom: "" }}
      options=${[
        ["step", "step"],
        ["relative", "relative time"],
        ["wall", "wall time"],
        ["fraction", "fraction of run"],
      ]}
    />
    <${Choice}
      name="y"
      label="y"
      help="A logarithmic axis leaves out values that are not above 0, and says how many."
      options=${[
        ["linear", "linear"],
        ["log", "log"],
      ]}
    />
    <${Choice}
      name="gap"
      label="gap"
      help="How validation is compared with training at each validation step"
      options=${[
        ["absolute", "val − train"],
        ["relative", "(val − train) / |train|"],
        ["ratio", "val / train"],
      ]}
    />
    <${Smoothing} />
    <label class="field check" data-help="Scale the y axes to the inner 90 % of the values">
      <input
        type="checkbox"
        checked=${clip}
        onChange=${(/** @type {any} */ event) => store.choose({ clip: event.target.checked })}
      />
      <span>Clip outliers</span>
    </label>
    <button
      class="plain"
      disabled=${zoom === ""}
      onClick=${() => store.choose({ zoom: "" })}
      data-help="Show everything (double-click on a chart)"
    >
      Fit
    </button>
    <span class="push"></span>
    <${Export} />
  </div>`;
}
