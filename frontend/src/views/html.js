/** Templates for Preact, and the way from a view to the page's state. */
import htm from "htm";
import { createContext, h } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

/** @import { State, Store } from "../store.js" */
/** @import { Live } from "../live.js" */

export const html = htm.bind(h);

/** @typedef {{store: Store, live: Live}} Page */

export const PageContext = createContext(/** @type {Page} */ (/** @type {unknown} */ (null)));

/** The store and the live connection. */
export const usePage = () => useContext(PageContext);

/**
 * A part of the state; the view is drawn again only when that part changes.
 * @template T
 * @param {(state: State) => T} select must return the very same value while nothing has changed
 * @returns {T}
 */
export function useSelect(select) {
  const { store } = usePage();
  const [part, setPart] = useState(() => select(store.state));
  useEffect(() => {
    const update = () => setPart(() => select(store.state));
    update();
    return store.subscribe(update);
  }, [store]);
  return part;
}
