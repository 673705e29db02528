/** The page as a whole. */
import { phase } from "../surface.js";
import { Grid } from "./grid.js";
import { Headline } from "./headline.js";
import { Bubble, Help } from "./help.js";
import { html, useSelect } from "./html.js";
import { Overlay } from "./overlay.js";
import { Outline } from "./outline.js";
import { Ranking } from "./ranking.js";
import { Spoken } from "./crosshair.js";
import { Empty, Loading, Notices, Trouble } from "./states.js";
import { Story } from "./story.js";
import { Tabs } from "./tabs.js";
import { Toolbar } from "./toolbar.js";
import { Trainings } from "./trainings.js";

export function App() {
  const summary = useSelect((state) => state.summary);
  const grid = useSelect((state) => state.settings.view === "grid");
  const broken = useSelect((state) => phase(state) === "error" && (state.summary?.trainings ?? []).length === 0);
  if (broken) return html`<${Trouble} />`;
  if (summary === null || (summary.state === "loading" && summary.trainings.length === 0)) return html`<${Loading} />`;
  if (summary.trainings.length === 0) return html`<${Notices} /><${Empty} summary=${summary} />`;
  return html`<${Headline} />
    <div class="body">
      <${Trainings} />
      <main>
        <${Notices} />
        <${Toolbar} />
        ${grid ? html`<${Grid} />` : html`<${Overlay} />`}
        <${Outline} /><${Spoken} />
        <${Story} />
        <${Ranking} />
        <${Tabs} />
      </main>
    </div>
    <${Help} /><${Bubble} />`;
}
