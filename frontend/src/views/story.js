/** What is said of the focused training, in two lines that keep their place. */
import * as format from "../format.js";
import { drawnTrainings, marks } from "../selectors.js";
import { focused } from "../store.js";
import { Name, Swatch, Verdict } from "./chips.js";
import { html, useSelect } from "./html.js";

export function Story() {
  const training = useSelect((state) => focused(state, drawnTrainings(state)));
  const colours = useSelect(marks);
  if (training === null) return html`<p class="story"></p>`;
  const { id, reason, advice, caveats } = training;
  return html`<p class="story">
    <span class="line">
      <${Swatch} mark=${colours.get(id)} /><${Name} training=${training} /><${Verdict} training=${training} />
      ${
        caveats.length > 0 &&
        html`<span class="attempt" data-help=${caveats.join(" ")}>${format.plural(caveats.length, "caveat")}</span>`
      }
      <span class="reason" title=${reason}>${format.sentence(reason)}</span>
    </span>
    <span class="line advice" title=${advice}>${advice}</span>
  </p>`;
}
