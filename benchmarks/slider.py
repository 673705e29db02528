"""How long the tab takes from a slider's move to what it judges anew being drawn, over 1,000 trainings in Chromium."""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.read import write_logdir
from tests.servers import start_tensorboard
from tests.servers import stop

if TYPE_CHECKING:
    from playwright.sync_api import Frame

SLIDERS = ("patience", "tolerance", "min_delta")

# Moves a slider and tells the milliseconds from its event to the next mark of a completed draw.
MOVE = """([id, place]) => new Promise((done) => {
  const slider = document.getElementById(id);
  const until = new PerformanceObserver((list) => {
    const drawn = list.getEntriesByName("lossgap:drawn").find(({ startTime }) => startTime > began);
    if (drawn === undefined) return;
    until.disconnect();
    done(drawn.startTime - began);
  });
  until.observe({ entryTypes: ["mark"] });
  const began = performance.now();
  slider.value = place;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
})"""


def move(frame: Frame, slider: str, places: list[int]) -> list[float]:
    """Moves a slider of the drawn tab to each place in turn; milliseconds each took."""
    taken = []
    for place in places:
        taken.append(float(frame.evaluate(MOVE, [slider, place])))
        frame.wait_for_timeout(300)
    return taken


def measure(url: str, link: str, rounds: int) -> None:
    """Prints a line a slider for one view of the tab."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(f"{url}#lossgap{link}")
        tab = page.frame_locator("iframe[src*='name=lossgap']")
        tab.locator("html[data-lossgap-state='ready']").wait_for(state="attached", timeout=120_000)
        frame = next(frame for frame in page.frames if "name=lossgap" in frame.url)
        frame.wait_for_timeout(1000)
        drawn = tab.locator("html").get_attribute("data-lossgap-drawn")
        for slider in SLIDERS:
            taken = sorted(move(frame, slider, [3 + place for place in range(rounds)]))
            middle = statistics.median(taken)
            print(f"{drawn:>5} drawn  {slider:10} median {middle:4.0f} ms   slowest {taken[-1]:4.0f} ms", flush=True)
        browser.close()


def main() -> None:
    """Measures with the ten best drawn, and with all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--logdir", help="logs to use instead of generated ones")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        logdir = Path(options.logdir or folder) if options.logdir else Path(folder) / "logs"
        if not options.logdir:
            write_logdir(logdir, options.runs, options.steps)
        server = start_tensorboard(Path(folder) / "log", f"--logdir={logdir}", host="tensorflow")
        try:
            for link in ("", "&p.lossgap.select=all"):
                measure(server.url, link, options.rounds)
        finally:
            stop(server.process)


if __name__ == "__main__":
    main()
