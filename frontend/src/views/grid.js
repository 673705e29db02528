/** One small chart a training, best first, on shared axes; a chart exists only while it is near the screen. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { gapOver, lossOver } from "../charts/over.js";
import { xExtent } from "../charts/ranges.js";
import { gapExtent, gapScene, lossExtent, lossScene } from "../charts/scene.js";
import * as format from "../format.js";
import { drawn, zoomRange } from "../selectors.js";
import { drawnAll } from "../surface.js";
import { Chart } from "./chart.js";
import { Name, Swatch, Verdict } from "./chips.js";
import { onChartKey } from "./crosshair.js";
import { html, usePage, useSelect } from "./html.js";
import { useInk } from "./ink.js";
import { reading } from "./tooltip.js";

/** @import { Drawable, Range, Settings } from "../types.js" */
/** @import { Extent, Ink } from "../charts/frame.js" */

/** @typedef {{settings: Settings, zoom: Range, ink: Ink, losses: Extent, gaps: Extent}} Shared */

export function Grid() {
  const { store } = usePage();
  const drawables = useSelect(drawn);
  const settings = useSelect((state) => state.settings);
  const zoom = useSelect(zoomRange);
  const ink = useInk();
  const { x, y, clip, smooth, gap } = settings;
  const shared = useMemo(() => {
    const xs = xExtent(drawables, zoom);
    const losses = lossExtent(drawables, xs, settings);
    const gaps = gapExtent(drawables, xs, settings);
    return { settings, zoom: /** @type {Range} */ ([xs.min, xs.max]), ink, losses, gaps };
  }, [drawables, x, y, clip, smooth, gap, zoom, ink]);
  useEffect(() => drawnAll(store, drawables), [shared]);
  return html`<section
    class="card grid"
    tabindex="0"
    role="application"
    aria-roledescription="charts"
    aria-label="Curves, one chart a training. Arrow keys move the crosshair, question mark lists all keys."
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => onChartKey(store, event)}
    onBlur=${() => store.state.pointer?.spoken && store.change({ pointer: null, hovered: "" })}
  >
    <ul>
      ${drawables.map((drawable) => html`<${Cell} key=${drawable.id} drawable=${drawable} shared=${shared} />`)}
    </ul>
  </section>`;
}

/** @param {{drawable: Drawable, shared: Shared}} props */
function Cell({ drawable, shared }) {
  const { store } = usePage();
  const { training, mark, id } = drawable;
  const box = useRef(/** @type {HTMLLIElement | null} */ (null));
  const [near, setNear] = useState(false);
  const focused = useSelect((state) => state.settings.focus === id);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? false), {
      rootMargin: "200px",
    });
    observer.observe(/** @type {Element} */ (box.current));
    return () => observer.disconnect();
  }, []);
  return html`<li ref=${box} class=${focused ? "focused" : ""}>
    <div class="line">
      <${Swatch} mark=${mark} />
      <button class="pick" aria-pressed=${focused} onClick=${() => store.choose({ focus: focused ? "" : id })}>
        <span class="line"><${Name} training=${training} /></span>
      </button>
      <${Verdict} training=${training} />
    </div>
    ${near ? html`<${Pair} drawable=${drawable} shared=${shared} />` : html`<div class="pair"></div>`}
  </li>`;
}

/** @param {{drawable: Drawable, shared: Shared}} props */
function Pair({ drawable, shared }) {
  const { id, training } = drawable;
  const [loss, gap, overLoss, overGap] = useMemo(() => {
    const { settings, zoom, ink, losses, gaps } = shared;
    const content = { drawables: [drawable], settings, zoom, ink, small: true };
    return [
      lossScene(content, losses),
      gapScene(content, gaps),
      lossOver([drawable], drawable, settings, true),
      gapOver([drawable], drawable, settings),
    ];
  }, [drawable, shared]);
  return html`<div class="pair">
    <${Chart}
      kind="loss"
      only=${id}
      scene=${loss}
      over=${overLoss}
      label="Training and validation of ${training.name}"
    />
    <${Chart} kind="gap" only=${id} scene=${gap} over=${overGap} label="Gap of ${training.name}" />
    <${Reading} drawable=${drawable} />
  </div>`;
}

/** The values at the shared crosshair, else the best. @param {{drawable: Drawable}} props */
function Reading({ drawable }) {
  const pointer = useSelect((state) => state.pointer);
  const { best, gap_at_best } = drawable.training;
  if (pointer === null)
    return html`<p class="reading">
      best ${format.value(best?.value)} @${format.step(best?.step)}, gap ${format.signed(gap_at_best)}
    </p>`;
  const { train, val, gap, step } = reading(drawable, pointer.x);
  return html`<p class="reading">
    @${format.step(step)}: train ${format.value(train)}, val ${format.value(val)}, gap ${format.signed(gap)}
  </p>`;
}
