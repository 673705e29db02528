/** One chart on the page: keeps a Plot in step with what it is to show. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Plot } from "../charts/plot.js";
import { writeZoom } from "../settings.js";
import { html, usePage, useSelect } from "./html.js";
import { nearestTraining } from "./pointer.js";

/** @import { Over, Scene } from "../charts/plot.js" */

/** @param {{scene: Scene, over: Over, kind: "loss" | "gap", label: string, only?: string}} props `only`: the one training */
export function Chart({ scene, over, kind, label, only }) {
  const { store } = usePage();
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const plot = useRef(/** @type {Plot | null} */ (null));
  const pointer = useSelect((state) => state.pointer);
  const visible = useSelect((state) => state.visible);

  useLayoutEffect(() => {
    plot.current = new Plot(/** @type {HTMLElement} */ (box.current), {
      onZoom: (range) => store.choose({ zoom: writeZoom(range) }),
      onPick: () => store.choose({ focus: store.state.hovered }),
      onPointer(at) {
        const pointer = at && { ...at, chart: kind };
        const hovered = pointer === null ? "" : (only ?? nearestTraining(store.state, pointer));
        store.change({ pointer, hovered });
      },
    });
    return () => plot.current?.destroy();
  }, [store]);

  useEffect(() => {
    if (visible) plot.current?.draw(scene);
  }, [scene, visible]);

  useEffect(() => plot.current?.overlay(over, pointer?.x ?? null), [over, pointer, scene]);

  return html`<div class="plot ${kind}" ref=${box} role="img" aria-label=${label}></div>`;
}
