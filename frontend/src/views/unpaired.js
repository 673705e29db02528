/** Scalars without a pair: why, and a way to pair two of them by hand. */
import { useState } from "preact/hooks";
import { allTrainings } from "../selectors.js";
import { writePair } from "../settings.js";
import { html, usePage, useSelect } from "./html.js";
import { keyOf } from "./pairing.js";

/** @import { Unpaired } from "../types.js" */

/**
 * The name of the training that two scalars make: what their runs share, else the training run; with the tag where that
 * name is taken.
 * @param {{run: string, tag: string}} train
 * @param {{run: string, tag: string}} val
 * @param {Set<string>} taken
 */
export function nameOf(train, val, taken) {
  const [own, other] = [train.run.split("/"), val.run.split("/")];
  const differ = own.findIndex((part, at) => part !== other[at]);
  const shared = own.slice(0, differ < 0 ? own.length : differ).join("/") || train.run;
  return taken.has(shared) ? `${shared} ${train.tag}` : shared;
}

/** @param {{items: Unpaired[]}} props */
export function UnpairedTable({ items }) {
  const { store } = usePage();
  const trainings = useSelect(allTrainings);
  // By name, for every look at growing logs brings other objects.
  const [ticked, setTicked] = useState({ train: "", val: "" });
  const train = items.find((item) => keyOf(item) === ticked.train);
  const val = items.find((item) => keyOf(item) === ticked.val);
  const isPair = train !== undefined && val !== undefined && train !== val;

  function pair() {
    if (train === undefined || val === undefined) return;
    const name = nameOf(train, val, new Set(trainings.map((one) => one.name)));
    store.choose({ pairs: writePair(store.state.settings.pairs, name, { train, val }), metric: "" });
    setTicked({ train: "", val: "" });
  }
  /** @param {"train" | "val"} side @param {Unpaired} item */
  const box = (side, item) =>
    html`<input
      type="radio"
      name="unpaired ${side}"
      aria-label="${item.tag} in ${item.run} is the ${side === "train" ? "training" : "validation"} side"
      checked=${ticked[side] === keyOf(item)}
      onChange=${() => setTicked((before) => ({ ...before, [side]: keyOf(item) }))}
    />`;
  return html`<p class="choices needs-server">
      <button class="plain" disabled=${!isPair} onClick=${pair}>Pair the two that are ticked</button>
      <span class="hint">Tick one scalar as training and one as validation to look at them as a pair.</span>
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Scalars without a pair">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">train</th>
            <th scope="col">val</th>
            <th scope="col">run</th>
            <th scope="col">tag</th>
            <th scope="col">why it is in no pair</th>
          </tr>
        </thead>
        <tbody>
          ${items.map(
            (item) =>
              html`<tr key=${keyOf(item)}>
                <td>${box("train", item)}</td>
                <td>${box("val", item)}</td>
                <td>${item.run}</td>
                <td>${item.tag}</td>
                <td>${item.reason}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
