/** The ranking: its rules, what it shows of each training, how it is grouped, and the table. */
import { COLUMNS, hparamColumn, hparamNames, shownColumns } from "../columns.js";
import { BY_DIRECTORY } from "../groups.js";
import { readLines } from "../settings.js";
import { readPattern } from "../selection.js";
import { allTrainings } from "../selectors.js";
import { Disclosure } from "./disclosure.js";
import { html, usePage, useSelect } from "./html.js";
import { Rules } from "./rules.js";
import { Table } from "./table.js";

export const Ranking = () =>
  html`<section class="card ranking" aria-label="Ranking">
    <div class="toolbar bar-top">
      <h2>Ranking</h2>
      <${Rules} />
      <div class="menus">
        <span class="needs-server"><${Boards} /></span><${Grouping} /><${Columns} />
      </div>
    </div>
    <${Table} />
  </section>`;

function Columns() {
  const { store } = usePage();
  const all = useSelect(allTrainings);
  const chosen = useSelect((state) => state.settings.columns);
  const shown = new Set(shownColumns(chosen, all).map(({ key }) => key));
  const usual = COLUMNS.filter((column) => column.usual).map(({ key }) => key);
  const hparams = hparamNames(all).map(hparamColumn);

  /** @param {string} key */
  function toggle(key) {
    const keys = new Set(shown);
    if (!keys.delete(key)) keys.add(key);
    const ordered = [...COLUMNS, ...hparams].map((column) => column.key).filter((one) => keys.has(one));
    store.choose({ columns: ordered.join() === usual.join() ? "" : ordered.join("~") });
  }

  /** @param {import("../columns.js").Column} column */
  const box = ({ key, label, help }) =>
    html`<label key=${key} data-help=${help}>
      <input type="checkbox" checked=${shown.has(key)} disabled=${key === "name"} onChange=${() => toggle(key)} />
      ${label === "#" ? "Rank" : label}
    </label>`;
  return html`<${Disclosure} label="Columns" align="right" inUse=${chosen !== ""}>
    <div class="boxes">${COLUMNS.map(box)}</div>
    ${
      hparams.length > 0 &&
      html`<div class="title">Hyperparameters</div>
        <div class="boxes">${hparams.map(box)}</div>`
    }
    <button class="plain" onClick=${() => store.choose({ columns: "" })}>Usual columns</button>
  <//>`;
}

/** Trainings whose validation has another tag are ranked apart; a person may know that the tags measure the same. */
function Boards() {
  const { store } = usePage();
  const all = useSelect(allTrainings);
  const joined = useSelect((state) => state.settings.joined);
  const chosen = new Set(readLines(joined));
  const tags = [...new Set([...all.map(({ val }) => val.tag), ...chosen])].sort();
  if (tags.length < 2) return null;
  /** @param {string} tag */
  function toggle(tag) {
    if (!chosen.delete(tag)) chosen.add(tag);
    store.choose({ joined: [...chosen].sort().join("\n") });
  }
  return html`<${Disclosure} label="Boards" align="right" inUse=${chosen.size > 1}>
    <p class="hint">
      Trainings are ranked apart where the tag of their validation differs. Tick those that measure the same quantity.
    </p>
    <div class="boxes one">
      ${tags.map(
        (tag) =>
          html`<label key=${tag}>
            <input type="checkbox" checked=${chosen.has(tag)} onChange=${() => toggle(tag)} />
            <bdi>${tag}</bdi>
            <span class="faint">(${all.filter(({ val }) => val.tag === tag).length})</span>
          </label>`,
      )}
    </div>
    <button class="plain" disabled=${joined === ""} onClick=${() => store.choose({ joined: "" })}>
      Rank all apart
    </button>
  <//>`;
}

function Grouping() {
  const { store } = usePage();
  const group = useSelect((state) => state.settings.group);
  const means = useSelect((state) => state.settings.means);
  const byPattern = group !== "" && group !== BY_DIRECTORY;
  /** @param {string} by */
  const choose = (by) => store.choose({ group: by, fold: "" });
  return html`<${Disclosure} label="Group" align="right" inUse=${group !== ""}>
    <div class="boxes one">
      <label
        ><input type="radio" name="group" checked=${group === ""} onChange=${() => choose("")} /> not in the
        table</label
      >
      <label>
        <input type="radio" name="group" checked=${group === BY_DIRECTORY} onChange=${() => choose(BY_DIRECTORY)} /> by
        directory
      </label>
      <label>
        <input type="radio" name="group" checked=${byPattern} onChange=${() => choose("^[^-_]+")} /> by a regular
        expression
      </label>
      <input
        type="search"
        aria-label="Regular expression for groups"
        aria-invalid=${readPattern(group) === null}
        placeholder="(.*)-seed\\d+"
        value=${byPattern ? group : ""}
        onInput=${(/** @type {any} */ event) => choose(event.target.value)}
      />
      <p class="hint">The part in parentheses names the group.</p>
      <label
        class="needs-means"
        data-help="The mean of each group of two trainings or more, with its 95 % interval; one colour a group."
      >
        <input type="checkbox" checked=${means} onChange=${() => store.choose({ means: !means })} /> draw groups as
        their mean
      </label>
    </div>
  <//>`;
}
