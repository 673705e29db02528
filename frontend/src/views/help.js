/** Help in place: what a term means, on hover and focus; and the list of keys and terms. */
import { useEffect, useRef, useState } from "preact/hooks";
import { CHART_KEYS, PAGE_KEYS } from "../keys.js";
import { TERMS } from "../terms.js";
import { html, usePage, useSelect } from "./html.js";

/** @import { Key } from "../keys.js" */

const WIDTH = 300;

/** One bubble for the whole page: it explains whatever carries `data-help`. */
export function Bubble() {
  const [shown, setShown] = useState(
    /** @type {{text: string, left: number, top: number, below: boolean} | null} */ (null),
  );
  useEffect(() => {
    /** @type {HTMLElement | null} */
    let described = null;
    const hide = () => {
      described?.removeAttribute("aria-describedby");
      described = null;
      setShown(null);
    };
    /** @param {Event} event */
    const show = (event) => {
      const element = /** @type {HTMLElement | null} */ (
        /** @type {Element} */ (event.target).closest?.("[data-help]")
      );
      if (element === described) return;
      hide();
      const text = element?.dataset.help;
      if (!element || !text) return;
      described = element;
      element.setAttribute("aria-describedby", "bubble");
      const { left, top, bottom } = element.getBoundingClientRect();
      const below = bottom + 90 < window.innerHeight;
      setShown({
        text,
        left: Math.max(4, Math.min(left, window.innerWidth - WIDTH - 8)),
        top: below ? bottom + 6 : top - 6,
        below,
      });
    };
    /** @param {KeyboardEvent} event */
    const escape = (event) => event.key === "Escape" && hide();
    /** @type {[string, (event: any) => void][]} */
    const ears = [
      ["mouseover", show],
      ["focusin", show],
      ["focusout", hide],
      ["pointerdown", hide],
      ["keydown", escape],
    ];
    for (const [name, listener] of ears) document.addEventListener(name, listener);
    return () => ears.forEach(([name, listener]) => document.removeEventListener(name, listener));
  }, []);
  const style = shown
    ? { left: `${shown.left}px`, top: `${shown.top}px`, transform: shown.below ? "none" : "translateY(-100%)" }
    : { display: "none" };
  return html`<div id="bubble" role="tooltip" class="bubble" style=${style}>${shown?.text}</div>`;
}

/** @param {{title: string, keys: Key[]}} props */
const Keys = ({ title, keys }) =>
  html`<section>
    <h3>${title}</h3>
    <dl>
      ${keys.map(
        ({ keys, does }) =>
          html`<div key=${keys}>
            <dt><kbd>${keys}</kbd></dt>
            <dd>${does}</dd>
          </div>`,
      )}
    </dl>
  </section>`;

export function Help() {
  const { store } = usePage();
  const open = useSelect((state) => state.help);
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    if (open) dialog.current?.showModal?.();
    else dialog.current?.close?.();
  }, [open]);
  return html`<dialog
    ref=${dialog}
    class="help"
    aria-label="Keys and terms"
    onClose=${() => store.change({ help: false })}
  >
    <header>
      <h2>Keys and terms</h2>
      <button class="plain" onClick=${() => store.change({ help: false })}>Close</button>
    </header>
    <div class="help-columns">
      <div>
        <${Keys} title="Everywhere" keys=${PAGE_KEYS} />
        <${Keys} title="In the charts" keys=${CHART_KEYS} />
      </div>
      <section>
        <h3>Terms</h3>
        <dl class="terms">
          ${TERMS.map(
            ([term, meaning]) =>
              html`<div key=${term}>
                <dt>${term}</dt>
                <dd>${meaning}</dd>
              </div>`,
          )}
        </dl>
      </section>
    </div>
  </dialog>`;
}
