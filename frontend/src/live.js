/** Keeps the state current: asks for what is missing, follows TensorBoard's reload, notices when the server is gone. */
import { fetchJudgements, fetchProgress, fetchRuns, fetchTrainings, parametersOf, UnreachableError } from "./api.js";
import { createShelf } from "./shelf.js";

/** @import { Judgement, Parameters, Summary, Training } from "./types.js" */
/** @import { State, Store } from "./store.js" */

const POLL = { loading: 300, ready: 5000, offline: 2000 };
/** How long to look more often after TensorBoard said that it has reloaded: our server may be a moment behind. */
const EAGER = { for: 10_000, every: 700 };

/** What decides which pairs are judged, and which are ranked together. @param {State} state */
const viewKey = ({ settings: { metric, pairs, joined } }) => JSON.stringify([metric, pairs, joined]);

/** What the judgements depend on beside that. @param {Parameters} parameters */
const ruleKey = (parameters) => JSON.stringify(parametersOf(parameters));

/** @param {Store} store */
export function createLive(store) {
  const shelf = createShelf();
  /** The view that was last asked for, whether or not it was answered; and that of the trainings that are shown. */
  let asked = "";
  let answered = "";
  let eagerUntil = 0;
  let lastRefresh = 0;
  let judging = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {AbortController | null} */
  let asking = null;

  /** @param {unknown} error */
  function failed(error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof UnreachableError) store.change({ offline: message });
    else store.change({ error: message, waiting: false });
    schedule();
  }

  /** Asks for the trainings anew; `silently` when nobody asked for it. @param {boolean} silently */
  async function refresh(silently) {
    asking?.abort();
    const control = (asking = new AbortController());
    asked = viewKey(store.state);
    try {
      const summary = await fetchTrainings(store.state.settings, control.signal);
      lastRefresh = performance.now();
      // Silently, old trainings stay with their old curves until the new curves are there too.
      if (!silently || store.state.summary === null) {
        answered = asked;
        store.change({ summary, error: "", offline: "" });
      }
      await bringCurves({ ...store.state, summary });
    } catch (error) {
      failed(error);
    } finally {
      if (asking === control) {
        asking = null;
        void rejudge();
      }
      schedule();
    }
  }

  /** Asks what the moved sliders change; one question at a time, the newest position next. */
  async function rejudge() {
    if (judging) return;
    judging = true;
    try {
      for (;;) {
        const { summary, settings } = store.state;
        if (summary === null || asking !== null || ruleKey(summary.parameters) === ruleKey(settings)) break;
        const { version, parameters, changed } = await fetchJudgements(settings, summary.parameters);
        if (store.state.summary !== summary) continue;
        if (version !== summary.version) {
          void refresh(false);
          break;
        }
        const trainings = merged(summary.trainings, changed);
        const done = ruleKey(parameters) === ruleKey(store.state.settings);
        store.change({
          summary: { ...summary, parameters, trainings },
          ...(done && { waiting: false, error: "", offline: "" }),
        });
      }
    } catch (error) {
      failed(error);
    } finally {
      judging = false;
    }
  }

  /** Fetches the curves that `state` lacks, and shows its trainings with them. @param {State} state */
  async function bringCurves(state) {
    const before = store.state.summary;
    const view = viewKey(state);
    const brought = await shelf.bring(state);
    // Another view that was asked for meanwhile brings its own.
    if (view !== asked) return;
    answered = view;
    // Meanwhile the same trainings may have been judged anew.
    const summary = state.summary === before ? store.state.summary : state.summary;
    const waiting = summary !== null && ruleKey(summary.parameters) !== ruleKey(store.state.settings);
    store.change({ ...brought, summary, waiting, error: "", offline: "" });
  }

  /** A cheap look at whether anything is new. */
  async function look() {
    const { summary, visible } = store.state;
    if (!visible) return;
    if (summary === null) {
      await refresh(false);
      return;
    }
    try {
      const pulse = await fetchProgress();
      const moved = pulse.version !== summary.version;
      const patient = pulse.state === "loading" && performance.now() - lastRefresh < 1000;
      const back = store.state.offline !== "";
      if (back || (moved && !patient)) await refresh(true);
      else if (pulse.state !== summary.state || pulse.state === "loading")
        store.change({
          summary: { .../** @type {Summary} */ (store.state.summary), ...pulse, version: summary.version },
        });
    } catch (error) {
      failed(error);
    }
    schedule();
  }

  /** Runs keep their colours: as on TensorBoard's own pages, those that it found since come last. */
  function bringRuns() {
    fetchRuns().then(
      (found) => {
        const known = new Set(store.state.runs);
        const added = found.filter((run) => !known.has(run));
        if (added.length > 0) store.change({ runs: [...known, ...added] });
      },
      () => {},
    );
  }

  function schedule() {
    clearTimeout(timer);
    const { summary, offline, visible } = store.state;
    if (!visible) return;
    const eager = performance.now() < eagerUntil;
    const usual = offline ? POLL.offline : summary?.state === "loading" ? POLL.loading : POLL.ready;
    timer = setTimeout(look, eager ? Math.min(usual, EAGER.every) : usual);
  }

  store.subscribe((state, before) => {
    if (state.visible && !before.visible) void look();
    if (state.settings === before.settings) return;
    if (viewKey(state) !== asked) {
      store.change({ waiting: true, error: "" });
      void refresh(false);
      return;
    }
    if (state.summary === null) return;
    if (ruleKey(state.settings) !== ruleKey(before.settings)) {
      store.change({ waiting: true, error: "" });
      void rejudge();
    }
    if (wantsOtherCurves(state, before)) {
      if (shelf.lacks(store.state)) store.change({ waiting: true });
      // Trainings of another view are on their way, and bring their curves.
      if (answered === asked) bringCurves(store.state).catch(failed);
    }
  });

  return {
    async start() {
      bringRuns();
      await refresh(false);
    },
    /** TensorBoard has reloaded. */
    reloaded() {
      eagerUntil = performance.now() + EAGER.for;
      if (store.state.visible) bringRuns();
      void look();
    },
    retry() {
      store.change({ waiting: true, error: "" });
      void refresh(false);
    },
  };
}

/** @typedef {ReturnType<typeof createLive>} Live */

/**
 * The trainings with what was judged otherwise; those of which nothing changed stay the same objects.
 * @param {Training[]} trainings
 * @param {Record<string, Partial<Judgement>>} changed by id
 */
export const merged = (trainings, changed) =>
  trainings.map((row) => (changed[row.id] ? { ...row, ...changed[row.id] } : row));

/** Settings on which it depends what is drawn. */
const DRAWN_BY = /** @type {const} */ (["select", "filter", "gap", "zoom", "smooth", "group", "means", "view", "x"]);

/** @param {State} state @param {State} before */
const wantsOtherCurves = ({ settings: now }, { settings: then }) => DRAWN_BY.some((name) => now[name] !== then[name]);
