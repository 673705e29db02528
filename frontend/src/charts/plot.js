/** One chart: uPlot lays out axes, cursor and zoom; the marks are drawn by the scene that is handed in. */
import uPlot from "uplot";
import { axes } from "./axes.js";
import { createFrame } from "./frame.js";

/** @import { Range, XKind } from "../types.js" */
/** @import { Extent, Frame, Ink } from "./frame.js" */

/**
 * @typedef {object} Scene
 * @property {Extent} xs
 * @property {Extent} ys
 * @property {XKind} xKind
 * @property {boolean} log
 * @property {Ink} ink
 * @property {boolean} bottom  whether the x axis is written below this chart
 * @property {boolean} [small]
 * @property {(frame: Frame) => void} paint  what stays while the pointer moves
 * @property {(frame: Frame, at: number | null) => void} over  what follows the pointer, which is at x = `at`
 */

/**
 * @typedef {object} Listener
 * @property {(at: {x: number, y: number, left: number, top: number} | null) => void} onPointer
 * @property {(range: Range | null) => void} onZoom
 */

const DRAG = 4;

export class Plot {
  /** @type {uPlot | null} */ #uplot = null;
  /** @type {Scene | null} */ #scene = null;
  /** @type {number | null} */ #at = null;
  #built = "";
  #overlay = document.createElement("canvas");

  /** @param {HTMLElement} element @param {Listener} listener */
  constructor(element, listener) {
    this.element = element;
    this.listener = listener;
    this.#overlay.className = "plot-overlay";
    this.observer = new ResizeObserver(() => this.#resize());
    this.observer.observe(element);
  }

  /** @param {Scene} scene */
  draw(scene) {
    this.#scene = scene;
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    const shape = JSON.stringify([scene.xKind, scene.log, scene.ink, scene.bottom, scene.small]);
    if (this.#uplot === null || shape !== this.#built) {
      this.#build(scene, width, height);
      this.#built = shape;
    } else {
      const { xs, ys } = scene;
      this.#uplot.batch(() => {
        this.#uplot?.setScale("x", { ...xs });
        this.#uplot?.setScale("y", { ...ys });
      });
      this.#uplot.redraw(false, true);
    }
  }

  /** Moves the crosshair; null hides it. @param {number | null} x */
  point(x) {
    this.#at = x;
    const uplot = this.#uplot;
    if (uplot === null) return;
    const left = x === null ? -10 : uplot.valToPos(x, "x");
    if (Math.abs((uplot.cursor.left ?? -10) - left) > 0.5) uplot.setCursor({ left, top: x === null ? -10 : 0 }, false);
    this.#paintOver();
  }

  /** Where an x lies, in CSS pixels from the left of the chart. @param {number} x */
  leftOf(x) {
    const uplot = this.#uplot;
    return uplot === null ? 0 : uplot.valToPos(x, "x") + uplot.bbox.left / uPlot.pxRatio;
  }

  /** The canvases of the chart, back to front. */
  get layers() {
    return this.#uplot === null ? [] : [this.#uplot.ctx.canvas, this.#overlay];
  }

  destroy() {
    this.observer.disconnect();
    this.#uplot?.destroy();
    this.#uplot = null;
  }

  /** @param {Scene} scene @param {number} width @param {number} height */
  #build(scene, width, height) {
    this.#uplot?.destroy();
    const nothing = /** @type {any} */ ([null, [[], []]]);
    const facets = [{ scale: "x" }, { scale: "y" }];
    this.#uplot = new uPlot(
      {
        mode: 2,
        width,
        height,
        padding: [8, 12, scene.bottom ? 0 : 8, 0],
        series: [/** @type {any} */ (null), { facets, paths: () => null, points: { show: false } }],
        scales: {
          x: { time: scene.xKind === "wall", range: () => this.#extent("xs") },
          y: { distr: scene.log ? 3 : 1, range: () => this.#extent("ys") },
        },
        axes: axes(scene),
        legend: { show: false },
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false, dist: DRAG },
          bind: { dblclick: () => () => (this.listener.onZoom(null), null) },
        },
        hooks: {
          setCursor: [(u) => this.#moved(u)],
          setSelect: [(u) => this.#dragged(u)],
          drawAxes: [(u) => this.#scene?.paint(this.#frame(u, u.ctx, this.#scene))],
          draw: [() => this.#paintOver()],
        },
      },
      nothing,
      this.element,
    );
    this.#uplot.over.before(this.#overlay);
  }

  /** @param {"xs" | "ys"} which @returns {[number, number]} */
  #extent(which) {
    const extent = this.#scene?.[which];
    return extent ? [extent.min, extent.max] : [0, 1];
  }

  /** @param {uPlot} u @param {CanvasRenderingContext2D} ctx @param {Scene} scene */
  #frame(u, ctx, scene) {
    return createFrame(ctx, u.bbox, scene.xs, { ...scene.ys, log: scene.log }, uPlot.pxRatio, scene.ink);
  }

  #paintOver() {
    const uplot = this.#uplot;
    const ctx = this.#overlay.getContext("2d");
    if (uplot === null || this.#scene === null || ctx === null) return;
    const { width, height } = uplot.ctx.canvas;
    if (this.#overlay.width !== width || this.#overlay.height !== height)
      Object.assign(this.#overlay, { width, height });
    else ctx.clearRect(0, 0, width, height);
    this.#scene.over(this.#frame(uplot, ctx, this.#scene), this.#at);
  }

  /** @param {uPlot} u */
  #moved(u) {
    const { left = -10, top = -10 } = u.cursor;
    if (left < 0) this.listener.onPointer(null);
    else
      this.listener.onPointer({
        x: u.posToVal(left, "x"),
        y: u.posToVal(top, "y"),
        left: left + u.bbox.left / uPlot.pxRatio,
        top: top + u.bbox.top / uPlot.pxRatio,
      });
  }

  /** @param {uPlot} u */
  #dragged(u) {
    const { left, width } = u.select;
    if (width < DRAG) return;
    const range = /** @type {Range} */ ([u.posToVal(left, "x"), u.posToVal(left + width, "x")]);
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.listener.onZoom(range);
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0 || this.#scene === null) return;
    if (this.#uplot === null) this.draw(this.#scene);
    else if (this.#uplot.width !== width || this.#uplot.height !== height) this.#uplot.setSize({ width, height });
  }
}
