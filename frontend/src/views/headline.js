/** The first line: how many trainings, what became of them, and which is best. */
import { focusOn } from "../focus.js";
import * as format from "../format.js";
import { allTrainings } from "../selectors.js";
import { countVerdicts, wording } from "../verdicts.js";
import { html, usePage, useSelect } from "./html.js";
import { MetricMenu } from "./metric.js";
import { Reading } from "./states.js";

export function Headline() {
  const { store } = usePage();
  const trainings = useSelect(allTrainings);
  const best = trainings.find(({ rank }) => rank === 1);
  const filter = useSelect((state) => state.settings.filter);
  return html`<header class="headline">
    <h1>Loss Gap</h1>
    <p>
      ${trainings.length > 0 && html`<span class="count">${format.plural(trainings.length, "training")}</span>`}
      ${countVerdicts(trainings).map(
        ([verdict, count]) =>
          html`<button
            key=${verdict}
            class="tally ${wording(verdict).tone}"
            aria-pressed=${filter === `^${verdict}$`}
            data-help="${wording(verdict).meaning} Click to show only these."
            onClick=${() => store.choose({ filter: filter === `^${verdict}$` ? "" : `^${verdict}$` })}
          >
            <b>${format.step(count)}</b> ${wording(verdict).label}
          </button>`,
      )}
      ${
        best?.best &&
        html`<span class="champion"
          >best:
          <button class="link" onClick=${() => focusOn(store, best.id)} title=${best.name}>
            <bdi>${best.name}</bdi></button
          >, <b title=${format.full(best.best.value)}>${format.value(best.best.value)}</b> at step
          ${format.step(best.best.step)}
        </span>`
      }
    </p>
    <${Reading} /><${MetricMenu} />
    <button
      class="round"
      aria-label="Keys and terms"
      title="Keys and terms (?)"
      onClick=${() => store.change({ help: true })}
    >
      ?
    </button>
  </header>`;
}
