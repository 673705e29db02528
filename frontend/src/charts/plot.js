/** One chart: uPlot lays out axes, cursor and zoom; the marks are drawn by the scene that is handed in. */
import uPlot from "uplot";
import { axes, RIGHT } from "./axes.js";
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
 * @property {(frame: Frame) => void} paint
 */

/**
 * Draws on a layer of its own above the scene, so that following the pointer costs one training and not all.
 * @typedef {(frame: Frame, at: number | null) => void} Over  `at`: the x of the pointer
 */

/**
 * @typedef {object} Listener
 * @property {(at: {x: number, y: number} | null) => void} onPointer
 * @property {(range: Range | null) => void} onZoom
 * @property {() => void} onPick  a click that drew no range
 */

const DRAG = 4;

export class Plot {
  /** @type {uPlot | null} */ #uplot = null;
  /** @type {Scene | null} */ #scene = null;
  /** @type {Over} */ #over = () => {};
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
        this.#uplot?.redraw(false, true);
      });
    }
  }

  /** What to draw above the scene, and where the crosshair is; null hides it. @param {Over} over @param {number | null} at */
  overlay(over, at) {
    this.#over = over;
    this.#at = at;
    const uplot = this.#uplot;
    if (uplot === null) return;
    const left = at === null ? -10 : uplot.valToPos(at, "x");
    if (Math.abs((uplot.cursor.left ?? -10) - left) > 0.5) uplot.setCursor({ left, top: at === null ? -10 : 0 }, false);
    this.#paintOver();
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
        padding: [8, RIGHT, scene.bottom ? 0 : 8, 0],
        series: [/** @type {any} */ (null), { facets, paths: () => null, points: { show: false } }],
        scales: {
          x: { time: false, range: () => this.#extent("xs") },
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
          setSelect: [(u) => this.#dragged(u)],
          drawAxes: [(u) => this.#paint(u)],
          draw: [() => this.#paintOver()],
        },
      },
      nothing,
      this.element,
    );
    this.#uplot.over.before(this.#overlay);
    this.#listen(this.#uplot);
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

  /** uPlot remembers what it has set on the context, so it is handed back as it was. @param {uPlot} u */
  #paint(u) {
    if (this.#scene === null) return;
    u.ctx.save();
    this.#scene.paint(this.#frame(u, u.ctx, this.#scene));
    u.ctx.restore();
  }

  #paintOver() {
    const uplot = this.#uplot;
    const ctx = this.#overlay.getContext("2d");
    if (uplot === null || this.#scene === null || ctx === null) return;
    const { width, height } = uplot.ctx.canvas;
    if (this.#overlay.width !== width || this.#overlay.height !== height)
      Object.assign(this.#overlay, { width, height });
    else ctx.clearRect(0, 0, width, height);
    this.#over(this.#frame(uplot, ctx, this.#scene), this.#at);
  }

  /**
   * Only the mouse itself counts: uPlot's own hook also fires when a scale changes below a crosshair that keys have set.
   * @param {uPlot} u
   */
  #listen({ over }) {
    const { listener } = this;
    over.addEventListener("mousemove", ({ offsetX, offsetY }) => {
      const u = this.#uplot;
      if (u) listener.onPointer({ x: u.posToVal(offsetX, "x"), y: u.posToVal(offsetY, "y") });
    });
    over.addEventListener("mouseleave", () => listener.onPointer(null));
    over.addEventListener("click", () => listener.onPick());
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
