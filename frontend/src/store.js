/** The page's state and the only ways to change it. */
import { DEFAULTS } from "./settings.js";

/** @import { Curves, GroupBands, Settings, Summary } from "./types.js" */

/** @typedef {{x: number, y: number, chart: "loss" | "gap", spoken?: boolean}} Pointer  `spoken`: moved by keys, so said aloud */

/**
 * @typedef {object} State
 * @property {Settings} settings
 * @property {Summary | null} summary  the last answer of the server
 * @property {ReadonlyMap<string, Curves>} curves  by id
 * @property {GroupBands[]} bands  the means of the groups that are drawn
 * @property {string[]} runs  TensorBoard's runs in the order of their colours
 * @property {boolean} waiting  whether something that a person asked for is on its way
 * @property {string} error  why nothing can be shown, or ""
 * @property {string} offline  why the server cannot be reached at the moment, or ""
 * @property {string} theme  "light" or "dark"
 * @property {boolean} visible  whether the tab is on screen
 * @property {Pointer | null} pointer  where the crosshair is
 * @property {string} hovered  the id under the pointer, or ""
 * @property {boolean} help  whether the list of keys is open
 */

/** @type {State} */
const INITIAL = {
  settings: DEFAULTS,
  summary: null,
  curves: new Map(),
  bands: [],
  runs: [],
  waiting: true,
  error: "",
  offline: "",
  theme: "light",
  visible: true,
  pointer: null,
  hovered: "",
  help: false,
};

/** @param {Partial<State>} [initial] */
export function createStore(initial = {}) {
  /** @type {State} */
  let state = { ...INITIAL, ...initial };
  /** @type {Set<(state: State, before: State) => void>} */
  const listeners = new Set();

  /** @param {Partial<State>} change */
  function change(change) {
    const before = state;
    state = { ...state, ...change };
    for (const listener of listeners) listener(state, before);
  }

  return {
    get state() {
      return state;
    },
    change,
    /** @param {Partial<Settings>} settings */
    choose(settings) {
      change({ settings: { ...state.settings, ...settings } });
    },
    /** @param {(state: State, before: State) => void} listener @returns {() => void} */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */

/**
 * The one that shading, labels and details are about: the one pointed at, else the chosen one, else the best drawn.
 * @template {{id: string}} T
 * @param {State} state
 * @param {T[]} drawn
 * @returns {T | null}
 */
export function focused(state, drawn) {
  const { hovered, settings } = state;
  return drawn.find(({ id }) => id === hovered) ?? drawn.find(({ id }) => id === settings.focus) ?? drawn[0] ?? null;
}
