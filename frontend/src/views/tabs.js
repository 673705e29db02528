/** The panels below the ranking: details of one training, overviews of all. */
import * as format from "../format.js";
import { Details } from "./details.js";
import { FitMap, Hyperparameter } from "./overviews.js";
import { Patience } from "./patience.js";
import { html, usePage, useSelect } from "./html.js";
import { UnpairedTable } from "./unpaired.js";

export function Tabs() {
  const { store } = usePage();
  const panel = useSelect((state) => state.settings.panel);
  const unpaired = useSelect((state) => state.summary?.unpaired);
  const hasHparams = useSelect((state) =>
    (state.summary?.trainings ?? []).some(({ hparams }) => Object.keys(hparams).length > 0),
  );
  /** @type {[string, string, () => any][]} */
  const panels = [
    ["details", "Details", () => html`<${Details} />`],
    ["fit", "Fit map", () => html`<${FitMap} />`],
    ["patience", "Patience", () => html`<${Patience} />`],
    ...(hasHparams
      ? [
          /** @type {[string, string, () => any]} */ ([
            "hparam",
            "Against a hyperparameter",
            () => html`<${Hyperparameter} />`,
          ]),
        ]
      : []),
    ...(unpaired && unpaired.total > 0
      ? [
          /** @type {[string, string, () => any]} */ ([
            "unpaired",
            `Not paired (${format.step(unpaired.total)})`,
            () => html`<${UnpairedTable} items=${unpaired.items} />`,
          ]),
        ]
      : []),
  ];
  const open = panels.find(([key]) => key === panel) ?? panels[0];

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined || open === undefined) return;
    const next = panels[(panels.indexOf(open) + by + panels.length) % panels.length];
    store.choose({ panel: next?.[0] ?? "details" });
    queueMicrotask(() => document.getElementById(`tab-${next?.[0]}`)?.focus());
  }

  return html`<section class="card panel">
    <div class="tabs" role="tablist" aria-label="More" onKeyDown=${onKeyDown}>
      ${panels.map(([key, label]) => {
        const on = key === open?.[0];
        return html`<button
          key=${key}
          id=${`tab-${key}`}
          role="tab"
          aria-selected=${on}
          aria-controls="panel"
          tabindex=${on ? 0 : -1}
          onClick=${() => store.choose({ panel: key })}
        >
          ${label}
        </button>`;
      })}
    </div>
    <div id="panel" role="tabpanel" aria-labelledby=${`tab-${open?.[0]}`} tabindex="0">${open?.[2]()}</div>
  </section>`;
}
