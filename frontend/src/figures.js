/** The picture of what the page shows now, for export. */
import { gapOver, lossOver } from "./charts/over.js";
import { gapScene, lossScene } from "./charts/scene.js";
import { drawn, means, zoomRange } from "./selectors.js";
import { focused } from "./store.js";

/** @import { Figure } from "./charts/figure.js" */
/** @import { Ink } from "./charts/frame.js" */
/** @import { Drawable, GapKind } from "./types.js" */
/** @import { State } from "./store.js" */

/** How each gap is worked out, in words. @type {Record<GapKind, string>} */
export const GAPS = {
  absolute: "validation − training",
  relative: "(validation − training) / |training|",
  ratio: "validation / training",
};

/** What the curves measure, where it is one thing. @param {Drawable[]} drawables @param {string} metric */
export function quantityOf(drawables, metric) {
  const names = new Set(drawables.map(({ training }) => training.metric));
  return names.size === 1 ? [...names].join() : metric || "loss";
}

/** @param {State} state @param {Ink} ink @returns {Figure} */
export function currentFigure(state, ink) {
  const { settings } = state;
  const drawables = drawn(state);
  const focus = focused({ ...state, hovered: "" }, drawables);
  const groups = means(state);
  const content = { drawables, means: groups, settings, zoom: zoomRange(state), ink };
  return {
    title: quantityOf(drawables, settings.metric),
    gapTitle: `gap: ${GAPS[settings.gap]}`,
    drawables,
    loss: { scene: lossScene(content), over: lossOver(drawables, focus, settings, groups.length > 0) },
    gap: { scene: gapScene(content), over: gapOver(drawables, focus, settings) },
  };
}
