/** What stands on the page when there is nothing to draw: each says what is the case and what to do next. */
import * as format from "../format.js";
import { DEFAULTS, writeLink, writePair } from "../settings.js";
import { html, usePage, useSelect } from "./html.js";
import { UnpairedTable } from "./unpaired.js";

/** @import { Progress, Summary } from "../types.js" */

/** @param {{progress: Progress | undefined}} props */
export function ProgressBar({ progress }) {
  if (!progress || progress.bytes_total === 0) return html`<progress class="bar" aria-label="Reading"></progress>`;
  const { bytes, bytes_total, files, files_total, seconds_left } = progress;
  const left = seconds_left === null ? "" : `, about ${format.duration(seconds_left)} left`;
  return html`<div class="progress">
    <progress class="bar" aria-label="Reading" value=${bytes} max=${bytes_total}></progress>
    <span
      >${format.step(files)} of ${format.plural(files_total, "file")}, ${format.bytes(bytes)} of
      ${format.bytes(bytes_total)}${left}</span
    >
  </div>`;
}

export const Loading = () => {
  const progress = useSelect((state) => state.summary?.progress);
  return html`<main class="state">
    <div role="status"><h1>Reading the logs…</h1></div>
    <${ProgressBar} progress=${progress} />
  </main>`;
};

export function Trouble() {
  const { live, store } = usePage();
  const changed = useSelect((state) => Object.keys(writeLink(state.settings)).length > 0);
  const error = useSelect((state) => state.error || state.summary?.error || state.offline);
  return html`<main class="state">
    <h1>Nothing can be shown</h1>
    <p role="alert">${error}</p>
    <button class="plain" onClick=${() => live.retry()}>Try again</button>
    ${changed && html`<button class="plain" onClick=${() => store.choose(DEFAULTS)}>Forget all settings</button>`}
  </main>`;
}

/** @param {{summary: Summary}} props */
export function Empty({ summary }) {
  const { unpaired, logdir } = summary;
  return unpaired.total === 0
    ? html`<main class="state">
        <h1>No scalars yet</h1>
        <p>Nothing was found below <code>${logdir}</code> that training or validation could have logged.</p>
        <p>
          Check that <code>--logdir</code> is the directory that the trainings write to. New files are picked up by
          themselves.
        </p>
      </main>`
    : html`<main class="state wide">
        <h1>Scalars, but no training with validation beside it</h1>
        <p>
          ${format.plural(unpaired.total, "scalar")} below <code>${logdir}</code> could not be paired. A pair needs the
          same quantity measured twice, told apart by one word such as <code>train</code> and <code>val</code>:
        </p>
        <ul>
          <li>
            in the directory: <code>exp1/train</code> and <code>exp1/validation</code>, both with
            <code>epoch_loss</code>
          </li>
          <li>
            or in the name: <code>exp1</code> with <code>train/loss</code> and <code>val/loss</code>, or
            <code>loss</code> and <code>val_loss</code>
          </li>
          <li>
            or by a rule of your own, two regular expressions that are looked for in <code>run/tag</code>:
            <code>tensorboard --lossgap_pair 'train=REGEX,val=REGEX'</code>
          </li>
        </ul>
        <${UnpairedTable} items=${unpaired.items} />
      </main>`;
}

/** How far reading has come, in a place of its own, so that nothing moves when it is done. */
export function Reading() {
  const progress = useSelect((state) => (state.summary?.state === "loading" ? state.summary.progress : undefined));
  const waiting = useSelect((state) => state.waiting);
  if (progress === undefined) return html`<progress class="thin" aria-label="Waiting" hidden=${!waiting}></progress>`;
  const { files, files_total, bytes, bytes_total, seconds_left } = progress;
  const left = seconds_left === null ? "" : `, ${format.duration(seconds_left)} left`;
  return html`<span class="reading"
      >reading ${format.step(files)} of ${format.plural(files_total, "file")}, ${format.bytes(bytes)} of
      ${format.bytes(bytes_total)}${left}</span
    >
    <progress class="thin" aria-label="Reading the logs" value=${bytes} max=${bytes_total || 1}></progress>`;
}

/** @type {Summary["refused"]} */
const NONE = [];

/** What must be said while everything else stays where it is. */
export function Notices() {
  const { live, store } = usePage();
  const refused = useSelect((state) => state.summary?.refused ?? NONE);
  const offline = useSelect((state) => state.offline);
  const error = useSelect((state) => (state.summary === null ? "" : state.error));
  const warnings = useSelect((state) => state.summary?.warnings);
  const sampled = useSelect((state) => state.summary?.exact === false);
  return html`<div class="notices" role="status">
    ${
      offline &&
      html`<p class="notice bad">
        ${offline} What you see may be out of date. <button class="link" onClick=${() => live.retry()}>Try now</button>
      </p>`
    }
    ${error && html`<p class="notice bad">${error}</p>`}
    ${refused.map(
      ({ name, reason }) =>
        html`<p key=${name} class="notice warn">
          The pair chosen by hand for <b><bdi>${name}</bdi></b> is not used: ${reason}.
          <button
            class="link"
            onClick=${() => store.choose({ pairs: writePair(store.state.settings.pairs, name, null) })}
          >
            Forget it
          </button>
        </p>`,
    )}
    ${
      sampled &&
      html`<p class="notice warn">
        Sampled: the event files cannot be opened here, so every figure is from TensorBoard's sample.
      </p>`
    }
    ${
      warnings !== undefined &&
      warnings.length > 0 &&
      html`<details class="notice warn">
        <summary>${format.plural(warnings.length, "file")} could not be read whole</summary>
        <ul>
          ${warnings.map(({ file, byte, what }) => html`<li key=${file}><code>${file}</code>, from byte ${format.step(byte)}: ${what}</li>`)}
        </ul>
      </details>`
    }
  </div>`;
}
