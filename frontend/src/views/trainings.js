/** The list of trainings: find, switch on and off, see at a glance. */
import { useMemo } from "preact/hooks";
import * as format from "../format.js";
import { bestOf, BY_DIRECTORY, groupedBy, groupOf, linesOf } from "../groups.js";
import { focusOn } from "../focus.js";
import { readPattern, writeSelected } from "../selection.js";
import { allTrainings, drawnTrainings, folded, marks, selected, shownTrainings } from "../selectors.js";
import { countVerdicts, wording } from "../verdicts.js";
import { Name, Swatch, Verdict } from "./chips.js";
import { html, usePage, useSelect } from "./html.js";
import { useWindow } from "./windowed.js";

/** @import { Group, Line } from "../groups.js" */
/** @import { Mark, Training } from "../types.js" */

const ROW = 44;

/** Folds a group or opens it. @param {import("../store.js").Store} store @param {string} name */
export function toggleFold(store, name) {
  const names = new Set(folded(store.state));
  if (!names.delete(name)) names.add(name);
  // A line break alone is the group without a name; nothing at all is no group.
  store.choose({ fold: [...names].join("\n") || "\n".repeat(names.size) });
}

export function Trainings() {
  const { store } = usePage();
  const all = useSelect(allTrainings);
  const shown = useSelect(shownTrainings);
  const chosen = useSelect(selected);
  const drawn = useSelect(drawnTrainings);
  const filter = useSelect((state) => state.settings.filter);
  const group = useSelect((state) => state.settings.group || BY_DIRECTORY);
  const closed = useSelect(folded);
  const lines = useMemo(() => linesOf(groupedBy(shown, group), closed), [shown, group, closed]);
  const { box, first, last, before, after } = useWindow(lines.length, ROW);
  const wrong = useMemo(() => readPattern(filter) === null, [filter]);

  /** @param {Training[]} rows @param {boolean} on */
  function switchOn(rows, on) {
    const next = new Set(chosen);
    for (const { id } of rows) {
      if (on) next.add(id);
      else next.delete(id);
    }
    store.choose({ select: writeSelected(next, all) });
  }

  /** @param {boolean} on */
  const switchAll = (on) => (filter === "" ? store.choose({ select: on ? "all" : "none" }) : switchOn(shown, on));

  return html`<nav class="trainings" aria-label="Trainings">
    <label class="search">
      <span class="hidden">Filter trainings by a regular expression</span>
      <input
        id="filter"
        type="search"
        placeholder="Filter (regex)  /"
        value=${filter}
        aria-invalid=${wrong}
        onInput=${(/** @type {any} */ event) => store.choose({ filter: event.target.value })}
      />
    </label>
    ${wrong && html`<p class="hint" role="alert">This is not a regular expression yet; all trainings are shown.</p>`}
    <div class="picks">
      <span class="drawn" role="status">${format.step(drawn.length)} of ${format.step(shown.length)} drawn</span>
      <button onClick=${() => switchAll(true)}>all</button>
      <button onClick=${() => switchAll(false)}>none</button>
      <button onClick=${() => store.choose({ select: "top" })} data-help="The ten best by rank">top 10</button>
    </div>
    ${shown.length === 0 && html`<p class="hint">No training's name or verdict fits this filter.</p>`}
    <ul ref=${box} class="rows" onMouseLeave=${() => store.change({ hovered: "" })}>
      <li aria-hidden="true" style=${{ height: `${before}px` }}></li>
      ${lines.slice(first, last).map((/** @type {Line} */ line) => {
        if (line.kind === "group")
          return html`<${Heading}
            key=${`group ${line.group.name}`}
            group=${line.group}
            chosen=${chosen}
            onSwitch=${switchOn}
          />`;
        const { row } = line;
        const within = group === BY_DIRECTORY && lines.length > shown.length ? groupOf(row.name, BY_DIRECTORY) : "";
        return html`<${Item}
          key=${row.id}
          training=${row}
          within=${within}
          on=${chosen.has(row.id)}
          onSwitch=${switchOn}
        />`;
      })}
      <li aria-hidden="true" style=${{ height: `${after}px` }}></li>
    </ul>
  </nav>`;
}

/** @typedef {(rows: Training[], on: boolean) => void} Switch */

/** @param {{group: Group, chosen: Set<string>, onSwitch: Switch}} props */
function Heading({ group, chosen, onSwitch }) {
  const { store } = usePage();
  const { name, rows } = group;
  const closed = useSelect((state) => folded(state).has(name));
  const on = rows.filter(({ id }) => chosen.has(id)).length;
  const best = bestOf(group)?.best?.value;
  const some = on > 0 && on < rows.length;
  return html`<li class="group">
    <input
      type="checkbox"
      checked=${on === rows.length}
      indeterminate=${some}
      aria-label="Draw all of ${name || "the rest"}"
      onChange=${(/** @type {any} */ event) => onSwitch(rows, event.target.checked)}
    />
    <button class="pick" aria-expanded=${!closed} onClick=${() => toggleFold(store, name)}>
      <span class="line">
        <span class="fold" aria-hidden="true">${closed ? "▸" : "▾"}</span>
        <span class="name" title=${name}><bdi>${name || "others"}</bdi></span>
      </span>
      <span class="line faint">
        ${format.step(on)}/${format.step(rows.length)} drawn, best ${format.value(best)}
        ${countVerdicts(rows)
          .slice(0, 3)
          .map(([verdict, count]) => {
            const { label, sign, tone } = wording(verdict);
            return html`<span key=${verdict} class="count ${tone}" title="${count} ${label}">${sign}${count}</span>`;
          })}
      </span>
    </button>
  </li>`;
}

/** @param {{training: Training, within: string, on: boolean, onSwitch: Switch}} props */
function Item({ training, within, on, onSwitch }) {
  const { store } = usePage();
  const { id, name } = training;
  const focused = useSelect((state) => state.settings.focus === id);
  /** @type {Mark | undefined} */
  const mark = useSelect((state) => marks(state).get(id));
  return html`<li
    class="training ${on ? "on" : ""} ${focused ? "focused" : ""}"
    onMouseEnter=${() => store.change({ hovered: id })}
  >
    <input
      type="checkbox"
      checked=${on}
      aria-label="Draw ${name}"
      onChange=${(/** @type {any} */ event) => onSwitch([training], event.target.checked)}
    />
    <${Swatch} mark=${mark} />
    <button class="pick" aria-pressed=${focused} onClick=${() => focusOn(store, focused ? "" : id)}>
      <span class="line"><${Name} training=${training} within=${within} /></span>
      <span class="line"><${Verdict} training=${training} /></span>
    </button>
    <button class="only" aria-label="Draw only ${name}" onClick=${() => store.choose({ select: id, focus: id })}>
      only
    </button>
  </li>`;
}
