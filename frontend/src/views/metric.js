/** The menu of quantities: each training's main loss, or one pair by name. */
import { html, usePage, useSelect } from "./html.js";

/** @import { Metric } from "../types.js" */

/** @type {Metric[]} */
const NONE = [];

export function MetricMenu() {
  const { store } = usePage();
  const metrics = useSelect((state) => state.summary?.metrics ?? NONE);
  const metric = useSelect((state) => state.settings.metric);
  /** @param {string} kind */
  const options = (kind) =>
    metrics
      .filter((one) => one.kind === kind)
      .map(
        ({ name, trainings, direction }) =>
          html`<option key=${name} value=${name}>
            ${name} (${trainings}${direction === "max" ? ", higher is better" : ""})
          </option>`,
      );
  return html`<label
    class="field metric"
    data-help="Which quantity is drawn, judged and ranked: each training's total loss, or one that you choose."
  >
    <span>Metric</span>
    <select
      value=${metric}
      onChange=${(/** @type {any} */ event) => store.choose({ metric: event.target.value, zoom: "", focus: "" })}
    >
      <option value="">each training's main loss</option>
      <optgroup label="Losses">${options("loss")}</optgroup>
      <optgroup label="Metrics">${options("metric")}</optgroup>
    </select>
  </label>`;
}
