/** What a person chose, its defaults, and its way into the link and back. */

/** @import { Range, Settings } from "./types.js" */

/** @type {Settings} */
export const DEFAULTS = {
  select: "top",
  filter: "",
  metric: "",
  view: "overlay",
  x: "step",
  y: "linear",
  clip: false,
  smooth: 0,
  gap: "absolute",
  patience: 10,
  min_delta: 0,
  tolerance: 4,
  criterion: "keras",
  alpha: 0.75,
  pairs: "",
  joined: "",
  sort: "rank",
  columns: "",
  group: "",
  means: true,
  fold: "",
  baseline: "",
  focus: "",
  zoom: "",
  panel: "details",
  hparam: "",
  result: "best",
};

/** @type {Record<string, string[]>} */
const CHOICES = {
  view: ["overlay", "grid"],
  x: ["step", "relative", "wall", "fraction"],
  y: ["linear", "log"],
  gap: ["absolute", "relative", "ratio"],
  criterion: ["keras", "lightning", "huggingface", "gl", "pq", "up"],
  result: ["best", "gap_at_best", "final_gap"],
};

/** @type {Record<string, [number, number]>} */
const LIMITS = {
  smooth: [0, 0.999],
  patience: [0, 1_000_000],
  min_delta: [0, 1e300],
  tolerance: [0, 1e6],
  alpha: [0, 1e6],
};

/**
 * The settings that a link holds. What is missing or makes no sense is left at its default.
 * @param {Record<string, string>} link
 * @returns {Settings}
 */
export function readLink(link) {
  /** @type {Record<string, string | number | boolean>} */
  const settings = { ...DEFAULTS };
  for (const [name, usual] of Object.entries(DEFAULTS)) {
    const text = link[name];
    if (text === undefined || text === "") continue;
    if (typeof usual === "boolean") settings[name] = text === "true";
    else if (typeof usual === "number") settings[name] = within(name, text, usual);
    else if (CHOICES[name]?.includes(text) ?? true) settings[name] = text;
  }
  return /** @type {Settings} */ (/** @type {unknown} */ (settings));
}

/** @param {string} name @param {string} text @param {number} usual */
function within(name, text, usual) {
  const [least, most] = LIMITS[name] ?? [-Infinity, Infinity];
  const number = Number(text);
  if (!Number.isFinite(number)) return usual;
  const held = Math.min(most, Math.max(least, number));
  return name === "patience" ? Math.round(held) : held;
}

/**
 * Only what differs from the defaults, so that links stay short.
 * @param {Settings} settings
 * @returns {Record<string, string>}
 */
export function writeLink(settings) {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([name, value]) => value !== DEFAULTS[/** @type {keyof Settings} */ (name)])
      .map(([name, value]) => [name, String(value)]),
  );
}

/** @param {string} zoom @returns {Range | null} */
export function readZoom(zoom) {
  const [from, to] = zoom.split("..").map(Number);
  return zoom !== "" && from !== undefined && to !== undefined && to > from ? [from, to] : null;
}

/** To a ten-thousandth of its width: the ends may be large, as moments are, and close together. @param {Range | null} range */
export function writeZoom(range) {
  if (range === null) return "";
  const digits = Math.max(0, 4 - Math.floor(Math.log10(range[1] - range[0])));
  return range.map((end) => Number(end.toFixed(Math.min(digits, 100)))).join("..");
}

/** A list of texts in a setting, one a line. @param {string} lines */
export const readLines = (lines) => (lines === "" ? [] : lines.split("\n"));

/** A pair chosen by hand: training, train run, train tag, validation run, validation tag. @typedef {string[]} Choice */
const CHOICE_PARTS = 5;

/** The pairs chosen by hand; what is none is left out. @param {string} pairs @returns {Choice[]} */
export function readPairs(pairs) {
  try {
    const list = pairs === "" ? [] : JSON.parse(pairs);
    const isChoice = (/** @type {unknown} */ one) =>
      Array.isArray(one) && one.length === CHOICE_PARTS && one.every((part) => typeof part === "string");
    return Array.isArray(list) ? list.filter(isChoice) : [];
  } catch {
    return [];
  }
}

/**
 * The pairs with that of one training replaced, or taken out.
 * @param {string} pairs
 * @param {string} training
 * @param {{train: {run: string, tag: string}, val: {run: string, tag: string}} | null} sides
 */
export function writePair(pairs, training, sides) {
  const others = readPairs(pairs).filter(([name]) => name !== training);
  const own = sides && [training, sides.train.run, sides.train.tag, sides.val.run, sides.val.tag];
  const all = own ? [...others, own] : others;
  return all.length === 0 ? "" : JSON.stringify(all);
}
