/** All drawn trainings in one chart, their gaps below on the same x axis. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { gapOver, lossOver } from "../charts/over.js";
import { countNotPositive, scaling } from "../charts/ranges.js";
import { gapScene, isSameScene, lossScene } from "../charts/scene.js";
import { GAPS, quantityOf } from "../figures.js";
import * as format from "../format.js";
import { drawn, means, zoomRange } from "../selectors.js";
import { focused } from "../store.js";
import { drawnAll } from "../surface.js";
import { Chart } from "./chart.js";
import { onChartKey } from "./crosshair.js";
import { html, usePage, useSelect } from "./html.js";
import { useInk } from "./ink.js";
import { Tooltip } from "./tooltip.js";

/** @import { Drawable, GroupMean } from "../types.js" */

/** More groups than this are counted, not named. */
const KEYS = 8;

export function Overlay() {
  const { store } = usePage();
  const drawables = useSelect(drawn);
  const settings = useSelect((state) => state.settings);
  const groups = useSelect(means);
  const zoom = useSelect(zoomRange);
  // Among means only a training that was pointed at or chosen stands out.
  const lifted = useSelect((state) => {
    const focus = focused(state, drawn(state));
    const isMeant = focus !== null && [state.hovered, state.settings.focus].includes(focus.id);
    return isMeant || means(state).length === 0 ? focus : null;
  });
  const ink = useInk();
  const { x, y, clip, smooth, gap, metric } = settings;

  // Judging anew mostly leaves the picture of the curves as it is.
  const steady = useRef(drawables);
  if (!isSameScene(drawables, steady.current)) steady.current = drawables;
  const content = useMemo(
    () => ({ drawables: steady.current, means: groups, settings, zoom, ink }),
    [steady.current, groups, x, y, clip, smooth, gap, zoom, ink],
  );
  const loss = useMemo(() => lossScene(content), [content]);
  const gaps = useMemo(() => gapScene(content), [content]);
  const overLoss = useMemo(
    () => lossOver(drawables, lifted, settings, groups.length > 0),
    [content, drawables, lifted],
  );
  const overGap = useMemo(() => gapOver(drawables, lifted, settings), [content, drawables, lifted]);
  useEffect(() => drawnAll(store, drawables), [content, drawables]);

  const quantity = quantityOf(drawables, metric);
  const count = format.plural(drawables.length, "training");
  return html`<section
    class="card curves"
    tabindex="0"
    role="application"
    aria-roledescription="charts"
    aria-label="Curves. Arrow keys move the crosshair, question mark lists all keys."
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => onChartKey(store, event)}
    onBlur=${() => store.state.pointer?.spoken && store.change({ pointer: null, hovered: "" })}
  >
    <figure>
      <figcaption>
        <b>${quantity}</b>
        <span class="key"><i class="solid"></i> training</span>
        <span class="key"><i class="dashed"></i> validation</span>
        <${Groups} groups=${groups} />
        <${LeftOut} drawables=${drawables} log=${y === "log"} />
        <${OffScale} drawables=${drawables} />
      </figcaption>
      <${Chart} kind="loss" scene=${loss} over=${overLoss} label="Training and validation ${quantity} of ${count}" />
    </figure>
    <figure>
      <figcaption><b>gap</b> <span class="key">${GAPS[gap]}</span></figcaption>
      <${Chart} kind="gap" scene=${gaps} over=${overGap} label="Gap (${GAPS[gap]}) of ${count}" />
    </figure>
    <${Tooltip} xs=${loss.xs} />
  </section>`;
}

/** Which colour is which group's mean. @param {{groups: GroupMean[]}} props */
const Groups = ({ groups }) =>
  groups.length > 0 &&
  html`<span
    class="key"
    data-help="Thick: the mean of each group. Shaded: the 95 % interval of that mean (Student's t)."
  >
    ${groups
      .slice(0, KEYS)
      .map(
        ({ name, trainings, mark }) =>
          html`<span key=${name} class="group-key">
            <i style=${{ background: mark.color }}></i><bdi title=${name}>${name}</bdi> (${trainings})
          </span>`,
      )}
    ${groups.length > KEYS && html`<span>+ ${groups.length - KEYS} more groups</span>`}
  </span>`;

/** @param {{drawables: Drawable[], log: boolean}} props */
function LeftOut({ drawables, log }) {
  const count = useMemo(
    () => (log ? countNotPositive(drawables.flatMap(({ train, val }) => [train, val])) : 0),
    [drawables, log],
  );
  return count > 0 && html`<span class="key">${format.plural(count, "value")} ≤ 0 left out</span>`;
}

/** Which trainings the axis was not made for. @param {{drawables: Drawable[]}} props */
function OffScale({ drawables }) {
  const off = drawables.length - scaling(drawables).length;
  return (
    off > 0 &&
    html`<span
      class="key"
      data-help="A training that diverged would press all others flat. Draw it alone to see it whole."
    >
      ${format.plural(off, "diverged training")} may leave the axis
    </span>`
  );
}
