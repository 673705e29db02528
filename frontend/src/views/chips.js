/** Small things that stand beside a training's name: its swatch, its verdict, its attempt. */
import { shapePath } from "../charts/shapes.js";
import { wording } from "../verdicts.js";
import { html } from "./html.js";

/** @import { Mark, Training } from "../types.js" */

/** @param {{mark: Mark | undefined}} props */
export const Swatch = ({ mark }) =>
  html`<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
    <path d=${shapePath(mark?.shape ?? 0)} fill=${mark?.color ?? "currentColor"} />
  </svg>`;

/** @param {{training: Training}} props */
export function Verdict({ training: { verdict, severity, reason } }) {
  const { label, sign, tone, meaning } = wording(verdict);
  return html`<span class="chip ${tone}" data-help=${reason || meaning}>
    <span aria-hidden="true">${sign}</span> ${label}${severity ? ` · ${severity}` : ""}
  </span>`;
}

/**
 * A name, its attempt beside it where the name was used more than once. Where there is no room its start is left out,
 * for names differ at their end.
 * @param {{training: Training, within?: string}} props `within`: a directory that need not be said again
 */
export const Name = ({ training: { name, attempt, attempts, exact }, within = "" }) =>
  html`<span class="name" title=${name}
      ><bdi>${within && name.startsWith(`${within}/`) ? name.slice(within.length + 1) : name}</bdi></span
    >${
      attempts > 1 &&
      html`<span
        class="attempt"
        data-help="This name was used for ${attempts} trainings, one after another in one directory."
        >${attempt}/${attempts}</span
      >`
    }${
      !exact &&
      html`<span class="attempt" data-help="Worked out from TensorBoard's sample of the points, not from all of them."
        >sampled</span
      >`
    }`;
