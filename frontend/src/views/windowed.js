/** Only the rows that are on screen (and a few more) exist, so that thousands scroll as smoothly as ten. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";

const OVERSCAN = 6;

/**
 * Which of `count` rows of equal height to draw in a scrolled box.
 * @param {number} count
 * @param {number} rowHeight in CSS pixels
 */
export function useWindow(count, rowHeight) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [view, setView] = useState({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  const first = Math.max(0, Math.min(count, Math.floor(view.top / rowHeight)) - OVERSCAN);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN);
  return {
    box,
    first,
    last,
    before: first * rowHeight,
    after: (count - last) * rowHeight,
  };
}
