"""What a person waits for in the browser: our tab beside TensorBoard's Time Series, on the same runs, in one run.

Time Series draws its charts as SVG here (`?forceSVG=true`), which is the faster of its two ways where there is no
graphics processor, and it may have loaded its data before the page is opened; ours reads the files at the first look.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.read import write_logdir
from benchmarks.slider import MOVE
from tests.servers import ROOT
from tests.servers import start_tensorboard
from tests.servers import stop

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from playwright.sync_api import Frame
    from playwright.sync_api import Page

    from tests.servers import Server

DEADLINE_SECONDS = 120
# Two charts, one a tag, and in each at least a path a run.
TIME_SERIES_DRAWN = """runs => {
  const charts = [...document.querySelectorAll("line-chart")];
  const full = charts.filter((chart) => chart.querySelectorAll("path[d]:not([d=''])").length >= runs);
  return full.length >= 2 && performance.now();
}"""
# When a mark of our frame was set, in milliseconds after the whole page's navigation began.
OURS_DRAWN = """runs => {
  const frame = document.querySelector("iframe[src*='name=lossgap']")?.contentWindow;
  const root = frame?.document.documentElement;
  if (root?.dataset.lossgapState !== "ready" || root.dataset.lossgapDrawn !== String(runs)) return false;
  const drawn = frame.performance.getEntriesByName("lossgap:drawn").at(-1).startTime;
  return frame.performance.timeOrigin + drawn - performance.timeOrigin;
}"""
# It fetches every run's points, of each of two charts, whether or not it draws them.
TIME_SERIES_FETCHED = """() => performance.getEntriesByType("resource")
  .filter(({ name, responseEnd }) => name.includes("timeSeries") && responseEnd > 0).length >= 2 && performance.now()"""
# When TensorBoard opened our frame: before that nothing of ours runs.
FRAME_OPENED = """() => {
  const frame = document.querySelector("iframe[src*='name=lossgap']")?.contentWindow;
  return frame?.document.URL.includes("lossgap") && frame.performance.timeOrigin - performance.timeOrigin;
}"""
TABLE_SORTED = """runs => {
  const page = document.querySelector("iframe[src*='name=lossgap']")?.contentDocument;
  const rows = Number(page?.querySelector(".ranking table")?.getAttribute("aria-rowcount"));
  return rows > runs && page.querySelector("[aria-sort=ascending]") !== null && performance.now();
}"""
SCROLL = """selector => new Promise((done) => {
  const box = document.querySelector(selector);
  const began = performance.now();
  let frames = 0, last = began, longest = 0;
  const step = (now) => {
    frames += 1;
    longest = Math.max(longest, now - last);
    last = now;
    if (now - began > 2000) return done([(1000 * frames) / (now - began), longest]);
    box.scrollTop += 120;
    if (box.scrollTop + box.clientHeight >= box.scrollHeight - 1) box.scrollTop = 0;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


@contextmanager
def served(folder: Path, runs: int, steps: int) -> Iterator[Server]:
    """Runs TensorBoard, as people have it, on so many runs, and waits until its own tabs have their data."""
    logdir = folder / str(runs)
    write_logdir(logdir, runs, steps)
    server = start_tensorboard(folder / f"{runs}.log", f"--logdir={logdir}")
    try:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while len(server.json("data/plugin/timeseries/tags")["scalars"]["runTagInfo"]) < runs:
            if time.monotonic() > deadline:
                raise TimeoutError(server.output)
            time.sleep(0.2)
        # The names come first, the points behind them.
        time.sleep(3)
        yield server
    finally:
        stop(server.process)
        shutil.rmtree(logdir)


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """A new page, with an empty cache, on its way to an address."""
    with browser.new_context(viewport={"width": 1400, "height": 900}) as context:
        page = context.new_page()
        page.goto(address, wait_until="commit")
        yield page


def until(page: Page, is_there: str, runs: int) -> float:
    """Waits for something on a page; seconds since its navigation began."""
    handle = page.wait_for_function(is_there, arg=runs, timeout=1000 * DEADLINE_SECONDS, polling="raf")
    return float(handle.json_value()) / 1000


def megabytes(page: Page) -> float:
    """What the page keeps in memory once garbage is collected: JavaScript's objects and the arrays behind them."""
    devtools = page.context.new_cdp_session(page)
    for _ in range(2):
        devtools.send("HeapProfiler.collectGarbage")
    usage: dict[str, Any] = devtools.send("Runtime.getHeapUsage")
    return float(usage["usedSize"] + usage.get("backingStorageSize", 0)) / 1e6


def our_frame(page: Page) -> Frame:
    """The frame of our tab."""
    return next(frame for frame in page.frames if "name=lossgap" in frame.url)


def seconds(times: list[float]) -> str:
    """The median, and the range."""
    return f"{statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})"


def row(what: str, found: str, target: str = "", *, at_most: tuple[float, float] = (0, 0)) -> None:
    """Prints one line of the table.

    Args:
        what: What was measured.
        found: What it came to, in words.
        target: What it should be, in words; "" where there is nothing to reach.
        at_most: Two numbers; the target is met where the first is no more than the second.
    """
    value, most = at_most
    met = "" if not target else "yes" if value <= most else "**no**"
    print(f"| {what} | {found} | {target} | {met} |", flush=True)


def compare_drawing(browser: Browser, server: Server, runs: int, rounds: int) -> None:
    """Navigation to all runs drawn, theirs and ours in turn."""
    theirs: list[float] = []
    ours: list[float] = []
    opens: list[float] = []
    for _ in range(rounds):
        with opened(browser, f"{server.url}?forceSVG=true#timeseries") as page:
            theirs.append(until(page, TIME_SERIES_DRAWN, runs))
        with opened(browser, f"{server.url}#lossgap&p.lossgap.select=all") as page:
            ours.append(until(page, OURS_DRAWN, runs))
            opens.append(until(page, FRAME_OPENED, runs))
    # The first look reads the files, the others find them read.
    first, again = ours[0], statistics.median(ours[1:])
    ratio = again / statistics.median(theirs)
    row(f"{runs} runs drawn, of Time Series' time", f"{ratio:.2f}", "≤ 0.50", at_most=(ratio, 0.5))
    ratio = first / statistics.median(theirs)
    row("the same where ours has yet to read the files", f"{ratio:.2f}", "≤ 0.50", at_most=(ratio, 0.5))
    row("… Time Series: loss and val_loss", seconds(theirs))
    row("… ours: train, validation, gap", f"{seconds(ours[1:])}, first look {first:.2f} s")
    row("… of it until TensorBoard opens our frame", seconds(opens))


def measure_many(browser: Browser, server: Server, runs: int, rounds: int) -> None:
    """A thousand trainings: the table, scrolling, sliders, memory."""
    times = []
    for _ in range(rounds):
        with opened(browser, f"{server.url}#lossgap") as page:
            times.append(until(page, TABLE_SORTED, runs))
    row(f"{runs} trainings, table sorted, first look", f"{times[0]:.2f} s", "≤ 2.5 s", at_most=(times[0], 2.5))
    row("the same again", seconds(times[1:]), "≤ 2.5 s", at_most=(max(times[1:]), 2.5))
    with opened(browser, f"{server.url}#lossgap") as page:
        until(page, OURS_DRAWN, 10)
        frame = our_frame(page)
        for name, selector in (("table", ".ranking .scroll"), ("list", ".rows")):
            rate, longest = frame.evaluate(SCROLL, selector)
            found = f"{rate:.0f} a second, longest {longest:.0f} ms"
            row(f"scrolling the {name}", found, "≥ 50 frames a second", at_most=(50, rate))
        for link, drawn in (("", 10), ("&p.lossgap.select=all", runs)):
            page.evaluate("link => { location.hash = `#lossgap${link}` }", link)
            until(page, OURS_DRAWN, drawn)
            taken = [slide(frame, "tolerance", place) for place in (3, 4, 5, 6, 7)]
            middle = statistics.median(taken)
            row(
                f"slider, {drawn} drawn",
                f"{middle:.0f} ms, slowest {max(taken):.0f}",
                "< 300 ms",
                at_most=(middle, 300),
            )
            held = megabytes(page)
            row(f"page's memory, {drawn} drawn", f"{held:.0f} MB", "< 100 MB", at_most=(held, 100))
    with opened(browser, f"{server.url}?forceSVG=true#timeseries") as page:
        until(page, TIME_SERIES_FETCHED, runs)
        row("… Time Series' memory, none drawn", f"{megabytes(page):.0f} MB")


def slide(frame: Frame, slider: str, place: int) -> float:
    """Moves a slider; milliseconds until what it changes is drawn."""
    taken = float(frame.evaluate(MOVE, [slider, place]))
    frame.wait_for_timeout(200)
    return taken


def measure_bundle() -> None:
    """What the browser has to load, once a version."""
    size = sum(
        len(gzip.compress((ROOT / "tb_lossgap" / "static" / name).read_bytes(), 9))
        for name in ("index.js", "index.css")
    )
    row("script and style, gzipped", f"{size / 1000:.1f} kB", "< 90 kB", at_most=(size, 90_000))


def main() -> None:
    """Prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4, help="how often each page is opened")
    parser.add_argument("--folder", type=Path, help="where the logdirs are written, 0.1 GB")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors\n")
    print("| what | found | target | met |\n|---|---|---|---|")
    measures: list[tuple[int, int, Callable[[Browser, Server, int, int], None]]] = [
        (100, 10_000, compare_drawing),
        (1_000, 1_000, measure_many),
    ]
    with tempfile.TemporaryDirectory(dir=options.folder) as made, sync_playwright() as playwright:
        chromium = os.environ.get("LOSSGAP_BROWSER") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for runs, steps, measure in measures:
            with served(Path(made), runs, steps) as server:
                measure(browser, server, runs, options.rounds)
        measure_bundle()
        browser.close()


if __name__ == "__main__":
    main()
