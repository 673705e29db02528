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
 * @param {State} state that was drawn
 * @param {Drawable[]} drawables
 */
export function drawnAll(state, drawables) {
  if (state.summary === null || drawables.length < drawnTrainings(state).length) return;
  const { version } = state.summary;
  onScreen(() => {
    const { dataset } = document.documentElement;
    dataset.lossgapVersion = version;
    dataset.lossgapDrawn = String(drawables.length);
    dataset.lossgapLastStep = lastStep(drawables);
    dataset.lossgapState = phase(state);
    performance.mark("lossgap:drawn");
  });
}

/** A request is told at once, its end only when it is on screen. @param {Store} store */
export function showPhase(store) {
  const { dataset } = document.documentElement;
  const tell = () => {
    const now = phase(store.state);
    if (now !== "ready") dataset.lossgapState = now;
    else if (drawnTrainings(store.state).length === 0) onScreen(() => (dataset.lossgapState = phase(store.state)));
  };
  store.subscribe(tell);
  tell();
}

/** @param {() => void} tell */
const onScreen = (tell) => requestAnimationFrame(() => requestAnimationFrame(tell));
