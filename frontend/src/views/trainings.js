/** The list of trainings: find, switch on and off, see at a glance. */
import { useMemo } from "preact/hooks";
import * as format from "../format.js";
import { readPattern, writeSelected } from "../selection.js";
import { allTrainings, drawnTrainings, marks, selected, shownTrainings } from "../selectors.js";
import { Name, Swatch, Verdict } from "./chips.js";
import { html, usePage, useSelect } from "./html.js";
import { useWindow } from "./windowed.js";

/** @import { Training } from "../types.js" */

const ROW = 44;

export function Trainings() {
  const { store } = usePage();
  const all = useSelect(allTrainings);
  const shown = useSelect(shownTrainings);
  const chosen = useSelect(selected);
  const drawn = useSelect(drawnTrainings);
  const filter = useSelect((state) => state.settings.filter);
  const focus = useSelect((state) => state.settings.focus);
  const colours = useSelect(marks);
  const { box, first, last, before, after } = useWindow(shown.length, ROW);
  const wrong = useMemo(() => readPattern(filter) === null, [filter]);

  /** @param {string[]} ids @param {boolean} on */
  function switchOn(ids, on) {
    const next = new Set(chosen);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    store.choose({ select: writeSelected(next, all) });
  }

  const shownIds = () => shown.map(({ id }) => id);
  return html`<nav class="trainings" aria-label="Trainings">
    <label class="search">
      <span class="hidden">Filter trainings by a regular expression</span>
      <input
        type="search"
        placeholder="Filter (regex)"
        value=${filter}
        aria-invalid=${wrong}
        onInput=${(/** @type {any} */ event) => store.choose({ filter: event.target.value })}
      />
    </label>
    ${wrong && html`<p class="hint" role="alert">This is not a regular expression yet; all trainings are shown.</p>`}
    <div class="picks">
      <span class="drawn" role="status">${drawn.length} of ${format.step(shown.length)} drawn</span>
      <button onClick=${() => (filter ? switchOn(shownIds(), true) : store.choose({ select: "all" }))}>all</button>
      <button onClick=${() => (filter ? switchOn(shownIds(), false) : store.choose({ select: "none" }))}>none</button>
      <button onClick=${() => store.choose({ select: "top" })} title="The ten best by rank">top 10</button>
    </div>
    <ul ref=${box} class="rows" onMouseLeave=${() => store.change({ hovered: "" })}>
      <li aria-hidden="true" style=${{ height: `${before}px` }}></li>
      ${shown
        .slice(first, last)
        .map(
          (training) =>
            html`<${Item}
              key=${training.id}
              training=${training}
              on=${chosen.has(training.id)}
              focused=${training.id === focus}
              mark=${colours.get(training.id)}
              onSwitch=${(/** @type {boolean} */ on) => switchOn([training.id], on)}
              onOnly=${() => store.choose({ select: training.id, focus: training.id })}
            />`,
        )}
      <li aria-hidden="true" style=${{ height: `${after}px` }}></li>
    </ul>
  </nav>`;
}

/** @param {{training: Training, on: boolean, focused: boolean, mark: any, onSwitch: (on: boolean) => void, onOnly: () => void}} props */
function Item({ training, on, focused, mark, onSwitch, onOnly }) {
  const { store } = usePage();
  const { id } = training;
  return html`<li
    class="training ${on ? "on" : ""} ${focused ? "focused" : ""}"
    onMouseEnter=${() => store.change({ hovered: id })}
  >
    <input
      type="checkbox"
      checked=${on}
      aria-label="Draw ${training.name}"
      onChange=${(/** @type {any} */ event) => onSwitch(event.target.checked)}
    />
    <${Swatch} mark=${mark} />
    <button class="pick" aria-pressed=${focused} onClick=${() => store.choose({ focus: focused ? "" : id })}>
      <span class="line"><${Name} training=${training} /></span>
      <span class="line"><${Verdict} training=${training} /></span>
    </button>
    <button class="only" aria-label="Draw only ${training.name}" onClick=${onOnly}>only</button>
  </li>`;
}
