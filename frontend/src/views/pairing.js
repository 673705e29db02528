/** Choosing by hand which two scalars are a training's pair, and how to make that choice permanent. */
import { fetchTags } from "../api.js";
import { copy } from "../download.js";
import { rulesToml, ruleFlag } from "../permanent.js";
import { writePair } from "../settings.js";
import { useState } from "preact/hooks";
import { useAnswer } from "./answer.js";
import { html, usePage, useSelect } from "./html.js";

/** @import { Side, Tag, Training } from "../types.js" */

/** @param {{training: Training}} props */
export function PairChoice({ training }) {
  const [open, setOpen] = useState(false);
  const byHand = training.convention === "hand";
  return html`<section class="pairing needs-server">
    ${
      open || byHand
        ? html`<${Chooser} training=${training} />`
        : html`<button class="plain" onClick=${() => setOpen(true)}>Choose another pair…</button>`
    }
    ${byHand && html`<${Permanent} training=${training} />`}
  </section>`;
}

/** What tells one scalar from all others. @param {{run: string, tag: string}} side */
export const keyOf = ({ run, tag }) => JSON.stringify([run, tag]);

/** @param {{training: Training}} props */
function Chooser({ training }) {
  const { store } = usePage();
  const { id, name, train, val } = training;
  const pairs = useSelect((state) => state.settings.pairs);
  const version = useSelect((state) => state.summary?.version);
  const { answer: tags, error } = useAnswer(JSON.stringify([version, id]), () => fetchTags(id));
  if (error) return html`<p class="hint" role="alert">${error}</p>`;
  if (tags === null) return html`<p class="hint">Looking what there is to choose from…</p>`;
  const known = new Map([...tags, train, val].map((tag) => [keyOf(tag), tag]));

  /** The chosen pair stands for the training, so that is what is to be seen. @param {{train?: Tag, val?: Tag}} change */
  const choose = (change) => store.choose({ pairs: writePair(pairs, name, { train, val, ...change }), metric: "" });
  /** @param {string} label @param {Side} side @param {(tag: Tag) => void} onChoose */
  const menu = (label, side, onChoose) =>
    html`<label class="field">
      <span>${label}</span>
      <select
        value=${keyOf(side)}
        onChange=${(/** @type {any} */ event) => onChoose(/** @type {Tag} */ (known.get(event.target.value)))}
      >
        ${[...known].map(
          ([key, { run, tag, points }]) => html`<option key=${key} value=${key}>${tag} in ${run} (${points})</option>`,
        )}
      </select>
    </label>`;
  return html`<div class="choices">
    ${menu("Training side", train, (tag) => choose({ train: tag }))}
    ${menu("Validation side", val, (tag) => choose({ val: tag }))}
    ${
      training.convention === "hand" &&
      html`<button class="plain" onClick=${() => store.choose({ pairs: writePair(pairs, name, null) })}>
        Back to the pair that was recognised
      </button>`
    }
  </div>`;
}

/** @param {{training: Training}} props */
function Permanent({ training: { hand_rule: rule } }) {
  const [said, setSaid] = useState("");
  if (rule === null) return null;
  /** @param {string} text */
  const onCopy = async (text) => {
    try {
      await copy(text);
      setSaid("Copied.");
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  /** @type {[string, string][]} */
  const ways = [
    ["when TensorBoard is started", ruleFlag(rule)],
    ["in lossgap.toml in the logdir", rulesToml(rule)],
  ];
  return html`<p class="caveat">
      This pair was chosen by hand. It is kept in this page's link only; to make it permanent for everybody:
    </p>
    ${ways.map(
      ([where, text]) =>
        html`<div key=${where} class="permanent">
          <span>${where}</span>
          <code tabindex="0">${text}</code>
          <button class="plain" aria-label="Copy what to write ${where}" onClick=${() => onCopy(text)}>Copy</button>
        </div>`,
    )}
    <p class="said" role="status">${said}</p>`;
}
