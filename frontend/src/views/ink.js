/** The colours of text and lines inside charts, read from the style sheet whenever the theme changes. */
import { useMemo } from "preact/hooks";
import { useSelect } from "./html.js";

/** @import { Ink } from "../charts/frame.js" */

/** @returns {Ink} */
export function useInk() {
  const theme = useSelect((state) => state.theme);
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    /** @param {string} name */
    const read = (name) => style.getPropertyValue(name).trim() || "#808080";
    return {
      text: read("--text"),
      faint: read("--faint"),
      grid: read("--grid"),
      ground: read("--card"),
      bad: read("--bad"),
      worst: read("--worst"),
    };
  }, [theme]);
}
