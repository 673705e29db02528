/** What several patiences of early stopping would have done to the trainings that are listed. */
import { fetchPatience, MOST_IDS } from "../api.js";
import * as format from "../format.js";
import { standsAlone } from "../island.js";
import { shownTrainings } from "../selectors.js";
import { useAnswer } from "./answer.js";
import { html, usePage, useSelect } from "./html.js";

/** @import { PatienceRow } from "../types.js" */

const PATIENCES = [1, 2, 5, 10, 20, 50, 100];

/** The usual patiences and the chosen one. @param {number} chosen */
export const patiencesWith = (chosen) => [...new Set([...PATIENCES, chosen])].sort((a, b) => a - b);

export function Patience() {
  const { store } = usePage();
  const rows = useSelect(shownTrainings);
  const version = useSelect((state) => state.summary?.version);
  const settings = useSelect((state) => state.settings);
  const { patience, min_delta, metric, pairs } = settings;
  const ids = rows.slice(0, MOST_IDS).map(({ id }) => id);
  const key = JSON.stringify([version, metric, pairs, min_delta, patience, ids]);
  const { answer, error } = useAnswer(key, () => fetchPatience(ids, patiencesWith(patience), settings));
  if (error) return html`<p class="hint" role="alert">${error}</p>`;
  if (answer === null) return html`<p class="hint">Replaying early stopping…</p>`;
  if (answer.rows.length === 0) return html`<p class="hint">No training has a validation value to watch.</p>`;
  return html`<p class="hint">
      Keras' EarlyStopping replayed over
      ${rows.length > MOST_IDS ? "the first " : ""}${format.plural(answer.trainings, "training")}, min Δ
      ${" "}${format.value(min_delta)}, best weights restored. Too little patience stops before the best; too much
      trains on for nothing.
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Patience table">
      <table class="plain patience">
        <thead>
          <tr>
            ${HEADS.map(([label, help]) => html`<th key=${label} scope="col" class="number" data-help=${help}>${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${answer.rows.map(
            (row) =>
              html`<${Row}
                key=${row.patience}
                row=${row}
                trainings=${answer.trainings}
                chosen=${row.patience === patience}
                onChoose=${() => store.choose({ patience: row.patience })}
              />`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** @type {[string, string][]} */
const HEADS = [
  ["Patience", "Validation points without improvement. Choose one to see its stop in the charts."],
  ["Stopped", "How many of the trainings it would have stopped before their end."],
  ["Best kept", "How often the best validation value of all was reached before the stop."],
  ["Mean regret", "How much worse the kept value is than the best of all, on average, as a share of the best."],
  ["Points saved", "How many of all validation points would not have been trained for."],
];

/** @param {{row: PatienceRow, trainings: number, chosen: boolean, onChoose: () => void}} props */
const Row = ({ row: { patience, stopped, kept, regret, saved }, trainings, chosen, onChoose }) =>
  html`<tr class=${chosen ? "focused" : ""}>
    <th scope="row" class="number">
      ${
        standsAlone()
          ? format.step(patience)
          : html`<button class="link" aria-pressed=${chosen} onClick=${onChoose}>${format.step(patience)}</button>`
      }
    </th>
    <td class="number">${format.step(stopped)} of ${format.step(trainings)}</td>
    <${Share} part=${kept} /><${Share} part=${regret} /><${Share} part=${saved} />
  </tr>`;

/** @param {{part: number | null}} props */
const Share = ({ part }) =>
  html`<td class="number share" title=${format.full(part)} style=${{ "--part": Math.min(1, part ?? 0) }}>
    ${format.percent(part === null ? null : 100 * part)}
  </td>`;
