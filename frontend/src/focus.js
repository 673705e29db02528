/** Bringing one training into focus. */
import { writeSelected } from "./selection.js";
import { allTrainings, drawnTrainings, selected } from "./selectors.js";

/** @import { Store } from "./store.js" */

/**
 * What is in focus is drawn: a training that is not, is switched on.
 * @param {Store} store
 * @param {string} id "" for none
 */
export function focusOn(store, id) {
  const { state } = store;
  const all = allTrainings(state);
  const drawn = id === "" || drawnTrainings(state).some((one) => one.id === id);
  if (drawn) store.choose({ focus: id });
  else store.choose({ focus: id, select: writeSelected(new Set([...selected(state), id]), all) });
}
