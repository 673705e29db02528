/** A button that opens a small panel below itself; Escape, a click elsewhere, or leaving it closes it. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "./html.js";

/** @param {{label: string, children: any, align?: "left" | "right", inUse?: boolean}} props `inUse`: marked as not at its default */
export function Disclosure({ label, children, align = "left", inUse = false }) {
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const sheet = useRef(/** @type {HTMLDivElement | null} */ (null));
  useLayoutEffect(() => keepWithin(sheet.current, "main"), [open]);
  useEffect(() => {
    if (!open) return undefined;
    /** @param {Event} event */
    const outside = (event) => {
      if (!box.current?.contains(/** @type {Node} */ (event.target))) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    setOpen(false);
    box.current?.querySelector("button")?.focus();
  }

  /** @param {FocusEvent} event */
  function onFocusOut(event) {
    if (event.relatedTarget && !box.current?.contains(/** @type {Node} */ (event.relatedTarget))) setOpen(false);
  }

  return html`<div class="disclosure" ref=${box} onKeyDown=${onKeyDown} onFocusOut=${onFocusOut}>
    <button class="plain ${inUse ? "in-use" : ""}" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      ${label}<span class="arrow" aria-hidden="true">▾</span>
    </button>
    ${open && html`<div ref=${sheet} class="sheet ${align}" role="group" aria-label=${label}>${children}</div>`}
  </div>`;
}

/**
 * Moves what would be cut off at the edge of what it scrolls in.
 * @param {HTMLElement | null} element
 * @param {string} scroller
 */
function keepWithin(element, scroller) {
  const edges = element?.closest(scroller)?.getBoundingClientRect();
  if (!element || !edges) return;
  const { left, right } = element.getBoundingClientRect();
  element.style.translate = `${Math.max(edges.left - left, Math.min(0, edges.right - right))}px`;
}
