/** All that is known of the focused training. */
import { focusOn } from "../focus.js";
import * as format from "../format.js";
import { allTrainings, drawnTrainings } from "../selectors.js";
import { focused } from "../store.js";
import { html, usePage, useSelect } from "./html.js";
import { Verdict } from "./chips.js";
import { PairChoice } from "./pairing.js";

/** @import { Training } from "../types.js" */

export function Details() {
  const training = useSelect((state) => focused({ ...state, hovered: "" }, drawnTrainings(state)));
  const all = useSelect(allTrainings);
  const { store } = usePage();
  const pinned = useSelect((state) => state.settings.baseline !== "" && state.settings.baseline === training?.id);
  if (training === null) return html`<p class="hint">Choose a training to read its details.</p>`;
  const { name, reason, advice, caveats, note, hparams } = training;
  return html`<div class="details">
    <div class="line">
      <h2><bdi>${name}</bdi></h2>
      <${Verdict} training=${training} />
      <span class="push"></span>
      <button
        class="plain"
        aria-pressed=${pinned}
        onClick=${() => store.choose({ baseline: pinned ? "" : training.id })}
      >
        ${pinned ? "Baseline of the table" : "Compare others with this"}
      </button>
    </div>
    <p>${format.sentence(reason)}</p>
    <p>${advice}</p>
    ${[...caveats, note].filter(Boolean).map((text) => html`<p class="caveat" key=${text}>${text}</p>`)}
    <div class="facts">
      <${Facts} title="The pair" facts=${pairFacts(training)} />
      <${Facts} title="Early stopping" facts=${stopFacts(training)} />
      <${Facts} title="Hyperparameters" facts=${Object.entries(hparams).map(([key, value]) => [key, String(value)])} />
      <${Attempts} training=${training} all=${all} />
    </div>
    <${PairChoice} key=${training.id} training=${training} />
  </div>`;
}

/** @param {{title: string, facts: [string, string][]}} props */
const Facts = ({ title, facts }) =>
  facts.length > 0 &&
  html`<section>
    <h3>${title}</h3>
    <dl>
      ${facts.map(
        ([term, said]) =>
          html`<div key=${term}>
            <dt>${term}</dt>
            <dd>${said}</dd>
          </div>`,
      )}
    </dl>
  </section>`;

/** @param {Training} training @returns {[string, string][]} */
function pairFacts({ train, val, alignment, with_gap, convention, exact, start_time, duration }) {
  return [
    ["training", `${train.tag} in ${train.run} (${format.plural(train.points, "point")})`],
    ["validation", `${val.tag} in ${val.run} (${format.plural(val.points, "point")})`],
    ["aligned by", `${alignment}; ${format.step(with_gap)} of ${format.step(val.points)} validation points have a gap`],
    ["recognised by", convention === "hand" ? "your choice" : convention],
    ["values", exact ? "every logged point" : "a sample: TensorBoard's data provider was read, not the files"],
    ["started", format.moment(start_time)],
    ["took", format.duration(duration)],
  ];
}

/** @param {Training} training @returns {[string, string][]} */
function stopFacts({ stop }) {
  if (stop === null) return [["would have stopped", "not before the end"]];
  return [
    ["rule", stop.rule],
    ["would have stopped", `at step ${format.step(stop.step)}`],
    ["would have kept", `step ${format.step(stop.best_step)}`],
    ["cost", stop.regret === 0 ? "nothing: the best is kept" : `${format.value(stop.regret)} worse than the best`],
    ["saved", `${format.plural(stop.steps_saved, "step")}, ${format.duration(stop.seconds_saved)}`],
  ];
}

/** @param {{training: Training, all: Training[]}} props */
function Attempts({ training, all }) {
  const { store } = usePage();
  if (training.attempts < 2) return null;
  const others = all.filter(({ name }) => name === training.name).sort((a, b) => a.attempt - b.attempt);
  return html`<section>
    <h3>Attempts</h3>
    <p class="hint">
      This name was used ${training.attempts} times. Give every training a directory of its own to keep them apart.
    </p>
    <ul class="attempts">
      ${others.map(
        ({ id, attempt, start_time, best }) =>
          html`<li key=${id}>
            <button class="link" aria-current=${id === training.id} onClick=${() => focusOn(store, id)}>
              ${attempt} of ${training.attempts}
            </button>
            ${format.moment(start_time)}, best ${format.value(best?.value)}
          </li>`,
      )}
    </ul>
  </section>`;
}
