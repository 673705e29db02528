/** The two charts of the overlay: losses above, gap below, on one x axis with one crosshair. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Plot } from "../charts/plot.js";
import { gapScene, lossScene } from "../charts/scene.js";
import { drawn, zoomRange } from "../selectors.js";
import { writeZoom } from "../settings.js";
import { focused } from "../store.js";
import { drawnAll } from "../surface.js";
import { html, usePage, useSelect } from "./html.js";
import { useInk } from "./ink.js";
import { nearestTraining } from "./pointer.js";
import { Tooltip } from "./tooltip.js";

/** @import { Drawable, Settings } from "../types.js" */
/** @import { Store } from "../store.js" */

export function Curves() {
  const { store } = usePage();
  const lossBox = useRef(/** @type {HTMLDivElement | null} */ (null));
  const gapBox = useRef(/** @type {HTMLDivElement | null} */ (null));
  const plots = useRef(/** @type {Plot[]} */ ([]));
  const drawables = useSelect(drawn);
  const settings = useSelect((state) => state.settings);
  const zoom = useSelect(zoomRange);
  const hovered = useSelect((state) => state.hovered);
  const pointer = useSelect((state) => state.pointer);
  const visible = useSelect((state) => state.visible);
  const ink = useInk();
  const focus = focused(store.state, drawables);

  useEffect(() => {
    plots.current = [lossBox, gapBox].map(
      (box, index) =>
        new Plot(/** @type {HTMLElement} */ (box.current), {
          onZoom: (range) => store.choose({ zoom: writeZoom(range) }),
          onPointer: (at) => point(store, at && { ...at, chart: index === 0 ? "loss" : "gap" }),
        }),
    );
    return () => plots.current.forEach((plot) => plot.destroy());
  }, [store]);

  const shape = JSON.stringify([settings.x, settings.y, settings.clip, settings.smooth, settings.gap]);
  useEffect(() => {
    if (!visible) return;
    const content = { drawables, focus, settings, zoom, ink };
    plots.current[0]?.draw(lossScene(content));
    plots.current[1]?.draw(gapScene(content));
    drawnAll(store.state, drawables);
  }, [drawables, focus, shape, zoom, ink, visible]);

  useEffect(() => {
    for (const plot of plots.current) plot.point(pointer?.x ?? null);
  }, [pointer]);

  const label = useMemo(() => describe(drawables, settings), [drawables, settings]);
  return html`<section class="card curves" aria-label="Curves">
    <figure>
      <figcaption>
        <b>${title(drawables, settings)}</b>
        <span class="key"><i class="solid"></i> training</span>
        <span class="key"><i class="dashed"></i> validation</span>
      </figcaption>
      <div class="plot loss" ref=${lossBox} role="img" aria-label=${label}></div>
    </figure>
    <figure>
      <figcaption><b>gap</b> <span class="key">${GAPS[settings.gap]}</span></figcaption>
      <div class="plot gap" ref=${gapBox} role="img" aria-label="Gap of ${drawables.length} trainings"></div>
    </figure>
    <${Tooltip} plots=${plots} hovered=${hovered} />
  </section>`;
}

const GAPS = {
  absolute: "validation − training",
  relative: "(validation − training) / |training|",
  ratio: "validation / training",
};

/** @param {Drawable[]} drawables @param {Settings} settings */
function title(drawables, { metric }) {
  const names = new Set(drawables.map(({ training }) => training.metric));
  return names.size === 1 ? [...names][0] : metric || "loss";
}

/** @param {Drawable[]} drawables @param {Settings} settings */
const describe = (drawables, settings) =>
  `Training and validation ${title(drawables, settings)} of ${drawables.length} trainings`;

/** @param {Store} store @param {import("../store.js").Pointer | null} pointer */
function point(store, pointer) {
  const hovered = pointer === null ? "" : nearestTraining(store.state, pointer);
  store.change({ pointer, hovered });
}
