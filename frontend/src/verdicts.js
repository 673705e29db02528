/** The verdicts as the page words and tints them. What they mean is docs/verdicts.md's and the server's to say. */

/** @typedef {{label: string, sign: string, tone: string, meaning: string}} Wording */

/** @type {Record<string, Wording>} */
const WORDINGS = {
  overfit: {
    label: "overfit",
    sign: "▲",
    tone: "bad",
    meaning: "Validation ended clearly above its best while training kept improving.",
  },
  diverged: {
    label: "diverged",
    sign: "✕",
    tone: "worst",
    meaning: "The loss ended in values that are no numbers, or far above where it started.",
  },
  underfit: { label: "underfit", sign: "▽", tone: "warn", meaning: "Training itself barely improved from its start." },
  "still-improving": {
    label: "still improving",
    sign: "↘",
    tone: "info",
    meaning: "The best is among the last points and validation is still falling: training longer should help.",
  },
  plateau: {
    label: "plateau",
    sign: "▬",
    tone: "calm",
    meaning: "Validation is flat while training keeps falling: memorising, harmless so far.",
  },
  "val-below-train": {
    label: "val below train",
    sign: "⇅",
    tone: "teal",
    meaning: "Validation stays below training: regularisation, an easier split, or a leak.",
  },
  noisy: {
    label: "noisy",
    sign: "≈",
    tone: "calm",
    meaning: "The spread at the end is larger than what would be judged.",
  },
  "too-short": {
    label: "too short",
    sign: "…",
    tone: "calm",
    meaning: "There are too few validation points to judge.",
  },
  "good-fit": {
    label: "good fit",
    sign: "✓",
    tone: "good",
    meaning: "Both losses have settled, and nothing got worse.",
  },
};

/** @param {string} verdict @returns {Wording} */
export const wording = (verdict) => WORDINGS[verdict] ?? { label: verdict, sign: "•", tone: "calm", meaning: "" };

/**
 * How often each verdict was given, what needs attention first.
 * @param {{verdict: string}[]} trainings
 * @returns {[string, number][]}
 */
export function countVerdicts(trainings) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { verdict } of trainings) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => VERDICTS.indexOf(a) - VERDICTS.indexOf(b));
}

/** The order in which a headline counts them: what needs attention first. */
const VERDICTS = Object.keys(WORDINGS);
