/** Templates for Preact, and the way from a view to the page's state. */
import htm from "htm";
import { createContext, h } from "preact";
import { useContext, useEffect, useReducer, useRef } from "preact/hooks";

/** @import { State, Store } from "../store.js" */
/** @import { Live } from "../live.js" */

const markup = htm.bind(h);

/** @type {WeakMap<TemplateStringsArray, TemplateStringsArray>} */
const collapsed = new WeakMap();

/**
 * White space in a template means what it means in HTML: a line end is a blank. (htm alone drops it, and so the blank
 * between two words.)
 * @param {TemplateStringsArray} strings
 * @param {...unknown} values
 */
export function html(strings, ...values) {
  let template = collapsed.get(strings);
  if (template === undefined) {
    template = /** @type {any} */ (strings.map((part) => part.replace(/\s*\n\s*/g, " ")));
    collapsed.set(strings, /** @type {TemplateStringsArray} */ (template));
  }
  return markup(/** @type {TemplateStringsArray} */ (template), ...values);
}

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
  const [, drawAgain] = useReducer((/** @type {number} */ times) => times + 1, 0);
  const part = select(store.state);
  // What is selected may depend on the view's own values, so each drawing has a say of its own.
  const drawn = useRef({ select, part });
  drawn.current = { select, part };
  useEffect(() => {
    const look = () => {
      const { select, part } = drawn.current;
      if (select(store.state) !== part) drawAgain(undefined);
    };
    look();
    return store.subscribe(look);
  }, [store]);
  return part;
}
