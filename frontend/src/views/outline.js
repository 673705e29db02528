/** The charts as a table for those who do not see them. */
import * as format from "../format.js";
import { drawnTrainings } from "../selectors.js";
import { wording } from "../verdicts.js";
import { html, useSelect } from "./html.js";

const ROWS = 50;

export function Outline() {
  const trainings = useSelect(drawnTrainings);
  return html`<div class="hidden">
    <table>
      <caption>
        What the charts show
      </caption>
      <thead>
        <tr>
          ${[
            "Training",
            "Verdict",
            "Best validation",
            "at step",
            "Gap there",
            "Last validation",
            "Last gap",
            "Onset",
            "Stop",
          ].map((label) => html`<th key=${label} scope="col">${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${trainings.slice(0, ROWS).map(
          ({ id, name, verdict, best, final, gap_at_best, final_gap, onset, stop }) =>
            html`<tr key=${id}>
              <th scope="row">${name}</th>
              <td>${wording(verdict).label}</td>
              <td>${format.value(best?.value)}</td>
              <td>${format.step(best?.step)}</td>
              <td>${format.signed(gap_at_best)}</td>
              <td>${format.value(final?.value)}</td>
              <td>${format.signed(final_gap)}</td>
              <td>${format.step(onset?.step)}</td>
              <td>${format.step(stop?.step)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
