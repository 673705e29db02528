/** All that talks to TensorBoard's page around us: reload, dark mode, visibility, and the link in the address bar. */

const PREFIX = "p.lossgap.";

/** The page around us, or our own window where we may not look outside. */
function outerWindow() {
  try {
    void window.parent.document.body;
    return window.parent;
  } catch {
    return window;
  }
}

/**
 * Opens TensorBoard's message channel. Each message is JSON text and is answered.
 * @param {() => void} onReload called when TensorBoard has reloaded its data
 */
export function listenForReload(onReload) {
  const channel = new MessageChannel();
  channel.port1.onmessage = (event) => {
    /** @type {{type: string, id: number, isReply?: boolean}} */
    const message = JSON.parse(event.data);
    if (message.isReply) return;
    channel.port1.postMessage(
      JSON.stringify({ type: message.type, id: message.id, payload: null, error: null, isReply: true }),
    );
    if (message.type === "experimental.DataReloaded") onReload();
  };
  window.parent.postMessage("experimental.bootstrap", "*", [channel.port2]);
}

/** @param {(theme: "light" | "dark") => void} onTheme called at once and whenever the switch is used */
export function followTheme(onTheme) {
  const { body } = outerWindow().document;
  const tell = () => onTheme(body.classList.contains("dark-mode") ? "dark" : "light");
  new MutationObserver(tell).observe(body, { attributes: true, attributeFilter: ["class"] });
  tell();
}

/**
 * TensorBoard hides a tab by giving it no height; no other event reaches the frame.
 * @param {(visible: boolean) => void} onVisible
 */
export function followVisibility(onVisible) {
  const tell = () => onVisible(window.innerHeight > 0 && document.visibilityState === "visible");
  window.addEventListener("resize", tell);
  document.addEventListener("visibilitychange", tell);
  tell();
}

/**
 * Our part of the address. TensorBoard's own reader of it is broken from 2.16 to 2.21, so the hash is read here.
 * @returns {Record<string, string>}
 */
export function readHash() {
  return parseHash(outerWindow().location.hash);
}

/** @param {string} hash */
export function parseHash(hash) {
  /** @type {Record<string, string>} */
  const link = {};
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [name = "", ...rest] = part.split("=");
    if (name.startsWith(PREFIX)) link[name.slice(PREFIX.length)] = decode(rest.join("="));
  }
  return link;
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The hash with our part replaced and everything else kept.
 * @param {string} hash
 * @param {Record<string, string>} link
 */
export function replaceHash(hash, link) {
  const others = hash
    .replace(/^#/, "")
    .split("&")
    .filter((part) => part !== "" && !part.startsWith(PREFIX));
  const ours = Object.entries(link).map(([name, value]) => `${PREFIX}${name}=${encodeURIComponent(value)}`);
  return `#${[...others, ...ours].join("&")}`;
}

/** Writes our part of the address without a new entry in the history. @param {Record<string, string>} link */
export function writeHash(link) {
  const outer = outerWindow();
  const hash = replaceHash(outer.location.hash, link);
  if (hash === outer.location.hash || (hash === "#" && outer.location.hash === "")) return;
  const { pathname, search } = outer.location;
  outer.history.replaceState(outer.history.state, "", `${pathname}${search}${hash}`);
}

/** @param {(link: Record<string, string>) => void} onLink called when the address is changed by someone else */
export function followHash(onLink) {
  outerWindow().addEventListener("hashchange", () => onLink(readHash()));
}

/** The address that shows someone else the same thing. */
export const shareAddress = () => outerWindow().location.href;
