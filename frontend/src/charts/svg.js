/** As much of a canvas' context as the marks use, writing SVG: one way of drawing for the screen and for files. */

/** @typedef {{clip: string, alpha: number, stroke: string, fill: string, width: number, dash: number[], font: string, align: CanvasTextAlign, baseline: CanvasTextBaseline}} Pen */

/** What XML does not know in any form. A directory may be named by it all the same. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** @param {string} text */
const escape = (text) =>
  text
    .replace(NOT_XML, "\ufffd")
    .replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign);

/** @param {number} value */
const round = (value) => String(Math.round(value * 100) / 100);

const BASELINES = { middle: "central", top: "hanging", bottom: "text-after-edge" };
const ANCHORS = { right: "end", end: "end", center: "middle" };

export class SvgContext {
  /** @type {string[]} */ #parts = [];
  /** @type {string[]} */ #clips = [];
  /** @type {Pen[]} */ #saved = [];
  #path = "";
  #clip = "";
  globalAlpha = 1;
  strokeStyle = "#000";
  fillStyle = "#000";
  lineWidth = 1;
  lineJoin = "round";
  font = "11px sans-serif";
  /** @type {CanvasTextAlign} */ textAlign = "left";
  /** @type {CanvasTextBaseline} */ textBaseline = "alphabetic";
  /** @type {number[]} */ #dash = [];
  #ruler = document.createElement("canvas").getContext("2d");

  save() {
    const { globalAlpha: alpha, strokeStyle: stroke, fillStyle: fill, lineWidth: width, font } = this;
    const { textAlign: align, textBaseline: baseline } = this;
    this.#saved.push({ clip: this.#clip, alpha, stroke, fill, width, dash: this.#dash, font, align, baseline });
  }

  restore() {
    const pen = this.#saved.pop();
    if (pen === undefined) return;
    this.#clip = pen.clip;
    this.#dash = pen.dash;
    Object.assign(this, { globalAlpha: pen.alpha, strokeStyle: pen.stroke, fillStyle: pen.fill });
    Object.assign(this, { lineWidth: pen.width, font: pen.font, textAlign: pen.align, textBaseline: pen.baseline });
  }

  beginPath() {
    this.#path = "";
  }

  closePath() {
    this.#path += "Z";
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#path += `M${round(x)} ${round(y)}`;
  }

  /** As on a canvas, the first point of a path needs no move. @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#path += `${this.#path === "" ? "M" : "L"}${round(x)} ${round(y)}`;
  }

  /** Full circles only: no mark draws another arc. @param {number} x @param {number} y @param {number} radius */
  arc(x, y, radius) {
    const r = round(radius);
    this.#path += `M${round(x - radius)} ${round(y)}a${r} ${r} 0 1 0 ${round(2 * radius)} 0a${r} ${r} 0 1 0 ${round(-2 * radius)} 0Z`;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  rect(x, y, width, height) {
    this.#path += `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`;
  }

  clip() {
    let at = this.#clips.indexOf(this.#path);
    if (at < 0) at = this.#clips.push(this.#path) - 1;
    this.#clip = ` clip-path="url(#clip${at})"`;
  }

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.#dash = dash;
  }

  stroke() {
    const dash = this.#dash.length > 0 ? ` stroke-dasharray="${this.#dash.join(" ")}"` : "";
    const style = `fill="none" stroke="${escape(this.strokeStyle)}" stroke-width="${round(this.lineWidth)}"${dash}`;
    if (this.#path !== "")
      this.#add(`<path d="${this.#path}" ${style} stroke-linejoin="round"${this.#alpha("stroke")}${this.#clip}/>`);
  }

  fill() {
    this.#add(`<path d="${this.#path}" fill="${escape(this.fillStyle)}"${this.#alpha("fill")}${this.#clip}/>`);
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  fillRect(x, y, width, height) {
    const place = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
    this.#add(`<rect ${place} fill="${escape(this.fillStyle)}"${this.#alpha("fill")}${this.#clip}/>`);
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    const anchor = ANCHORS[/** @type {"right"} */ (this.textAlign)] ?? "start";
    const baseline = BASELINES[/** @type {"top"} */ (this.textBaseline)] ?? "auto";
    const [, weight = "400", size = "11", family = "sans-serif"] = /^(?:(\d+) )?([\d.]+)px (.*)$/.exec(this.font) ?? [];
    const style = `font-family="${escape(family)}" font-size="${size}" font-weight="${weight}"`;
    const place = `x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" dominant-baseline="${baseline}"`;
    this.#add(`<text ${place} ${style} fill="${escape(this.fillStyle)}">${escape(text)}</text>`);
  }

  /** @param {string} text */
  measureText(text) {
    if (this.#ruler === null) return { width: text.length * 6 };
    this.#ruler.font = this.font;
    return this.#ruler.measureText(text);
  }

  /** The finished picture. @param {number} width @param {number} height */
  picture(width, height) {
    const clips = this.#clips.map((path, at) => `<clipPath id="clip${at}"><path d="${path}"/></clipPath>`).join("");
    const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
    return `${open}<defs>${clips}</defs>${this.#parts.join("")}</svg>`;
  }

  /** @param {string} what */
  #alpha(what) {
    return this.globalAlpha === 1 ? "" : ` ${what}-opacity="${round(this.globalAlpha)}"`;
  }

  /** @param {string} part */
  #add(part) {
    this.#parts.push(part);
  }
}
