/** An answer of the server that only one panel needs. */
import { useEffect, useRef, useState } from "preact/hooks";

/**
 * Asks whenever `key` changes. The last answer stays until the next is there, so that nothing blinks.
 * @template T
 * @param {string} key what the answer depends on; "" asks nothing
 * @param {() => Promise<T>} ask
 * @returns {{answer: T | null, error: string}}
 */
export function useAnswer(key, ask) {
  const [said, setSaid] = useState({ answer: /** @type {T | null} */ (null), error: "" });
  const newest = useRef("");
  useEffect(() => {
    newest.current = key;
    if (key === "") return;
    ask().then(
      (answer) => newest.current === key && setSaid({ answer, error: "" }),
      (error) => newest.current === key && setSaid((before) => ({ ...before, error: String(error.message ?? error) })),
    );
  }, [key]);
  return said;
}
