/** What tools may read of the page: its state, and what is drawn, on the root element, once it is on screen. */
import { drawnTrainings } from "./selectors.js";

/** @import { Drawable } from "./types.js" */
/** @import { State, Store } from "./store.js" */

/** @param {State} state @returns {"loading" | "empty" | "error" | "ready"} */
export function phase({ summary, error, offline, waiting }) {
  if (error || summary?.state === "error") return "error";
  if (summary === null) return offline ? "error" : "loading";
  if (waiting || summary.state === "loading") return "loading";
  return summary.trainings.length === 0 ? "empty" : "ready";
}

/** The largest validation step of what is drawn; "" for nothing. @param {Drawable[]} drawables */
export function lastStep(drawables) {
  const last = Math.max(...drawables.map(({ found }) => found.val.step.at(-1) ?? -Infinity));
  return Number.isFinite(last) ? String(last) : "";
}

/**
 * Tells that the charts were drawn: after the next frame, when it can be seen.
 * @param {Store} store whose state was drawn
 * @param {Drawable[]} drawables
 */
export function drawnAll(store, drawables) {
  const { state } = store;
  const { summary } = state;
  if (summary === null || drawables.length < drawnTrainings(state).length) return;
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const { dataset } = document.documentElement;
      dataset.lossgapVersion = summary.version;
      dataset.lossgapDrawn = String(drawables.length);
      dataset.lossgapLastStep = lastStep(drawables);
      // What was asked for meanwhile will tell when it is on screen.
      dataset.lossgapState = phase({ ...state, waiting: state.waiting || store.state.waiting });
      performance.mark("lossgap:drawn");
    }),
  );
}

/** A request is told at once; that it was answered, only when the answer is on screen. @param {Store} store */
export function showPhase(store) {
  /** @param {State} state @param {State} [before] */
  const tell = (state, before) => {
    const now = phase(state);
    const same = before !== undefined && phase(before) === "empty" && before.summary === state.summary;
    if (now === "empty" && !same) drawnAll(store, []);
    else if (now === "loading" || now === "error") document.documentElement.dataset.lossgapState = now;
  };
  store.subscribe(tell);
  tell(store.state);
}
