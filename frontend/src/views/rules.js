/** The rules of the judgement: tolerance, stopping rule and its parameters. The server judges anew while they move. */
import { html, usePage, useSelect } from "./html.js";

/** @import { Criterion } from "../types.js" */

/** @typedef {"patience" | "min_delta" | "tolerance" | "alpha"} Rule */

/** @type {Record<Rule, {label: string, help: string, stops: number[], unit: string}>} */
const RULES = {
  patience: {
    label: "patience",
    help: "How many validation points without improvement the stop waits for. The stop marker depends on it.",
    stops: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500, 1000],
    unit: "",
  },
  min_delta: {
    label: "min Δ",
    help: "The smallest change of validation that counts as an improvement.",
    stops: [0, 1e-6, 1e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
    unit: "",
  },
  tolerance: {
    label: "tolerance",
    help: "How far validation may end above its best without being called overfit, in percent.",
    stops: [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100],
    unit: "%",
  },
  alpha: {
    label: "alpha",
    help: "How often generalization loss (percent) may outweigh what training gained in five points (per mille).",
    stops: [0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10],
    unit: "",
  },
};

/** @type {Record<Criterion, {label: string, help: string, rules: Rule[]}>} */
const CRITERIA = {
  keras: {
    label: "Keras",
    help: "keras.callbacks.EarlyStopping: no improvement by more than min Δ for as many points as the patience says.",
    rules: ["patience", "min_delta"],
  },
  lightning: {
    label: "Lightning",
    help: "lightning.pytorch.callbacks.EarlyStopping: as Keras', and at the first value that is not finite.",
    rules: ["patience", "min_delta"],
  },
  huggingface: {
    label: "Hugging Face",
    help: "transformers.EarlyStoppingCallback: counts improvements by more than min Δ (its threshold) on the best so far.",
    rules: ["patience", "min_delta"],
  },
  gl: {
    label: "Prechelt GL",
    help: "Stops where validation is above its best so far by more than the tolerance (Prechelt 1998).",
    rules: [],
  },
  pq: {
    label: "Prechelt PQ",
    help: "Stops where generalization loss outweighs the progress of training by more than alpha (Prechelt 1998).",
    rules: ["alpha"],
  },
  up: {
    label: "Prechelt UP",
    help: "Stops when validation rose over as many strips of five points, one after another, as the patience begins.",
    rules: ["patience"],
  },
};

/** The place on the slider that is nearest to a value. @param {number[]} stops @param {number} value */
export function nearestStop(stops, value) {
  let best = 0;
  stops.forEach((stop, index) => {
    if (Math.abs(stop - value) < Math.abs((stops[best] ?? 0) - value)) best = index;
  });
  return best;
}

/** @param {{name: Rule}} props */
function Slider({ name }) {
  const { store } = usePage();
  const value = useSelect((state) => state.settings[name]);
  const { label, help, stops, unit } = RULES[name];
  /** @param {number} chosen */
  const choose = (chosen) => {
    if (Number.isFinite(chosen) && chosen >= 0)
      store.choose({ [name]: name === "patience" ? Math.round(chosen) : chosen });
  };
  return html`<div class="field" data-help=${help}>
    <label for=${name}>${label}</label>
    <input
      id=${name}
      type="range"
      min="0"
      max=${stops.length - 1}
      value=${nearestStop(stops, value)}
      aria-valuetext=${`${value} ${unit}`}
      onInput=${(/** @type {any} */ event) => choose(stops[Number(event.target.value)] ?? value)}
    />
    <input
      class="digits"
      type="number"
      min="0"
      step="any"
      aria-label=${`${label}, exactly`}
      value=${value}
      onChange=${(/** @type {any} */ event) => choose(Number(event.target.value))}
    />
    ${unit}
  </div>`;
}

/** Which rule the stop marker replays. */
function StopRule() {
  const { store } = usePage();
  const criterion = useSelect((state) => state.settings.criterion);
  return html`<label class="field" data-help=${CRITERIA[criterion].help}>
    <span>stop</span>
    <select
      value=${criterion}
      onChange=${(/** @type {any} */ event) => store.choose({ criterion: event.target.value })}
    >
      ${Object.entries(CRITERIA).map(([key, { label }]) => html`<option key=${key} value=${key}>${label}</option>`)}
    </select>
  </label>`;
}

export function Rules() {
  const rules = useSelect((state) => CRITERIA[state.settings.criterion].rules);
  return html`<div class="rules needs-server" role="group" aria-label="Rules of the judgement">
    <${Slider} name="tolerance" /><${StopRule} />
    ${rules.map((name) => html`<${Slider} key=${name} name=${name} />`)}
  </div>`;
}
