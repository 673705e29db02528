"""Leaves TensorBoard with the tab over live trainings for long; ends with status 1 when anything leaks or is wrong."""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from tests.servers import chromium
from tests.servers import start_tensorboard
from tests.servers import stop
from tests.soak.trainers import Trainers

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.servers import Server

RUNS = 200
RELOAD_SECONDS = 5
# Each training logs an epoch in about so many seconds.
EPOCH_SECONDS = 20.0
VISIT_SECONDS = 30.0
SAMPLE_SECONDS = 5.0
# Before that, caches fill.
WARM_UP = 0.2
MOST_GROWTH = 1.05
FRAME = "iframe[src*='name=lossgap']"


class Sample(NamedTuple):
    """What TensorBoard's process holds at a moment: MiB of memory, threads, open files."""

    seconds: float
    rss: float
    threads: int
    files: int


def sample(pid: int, seconds: float) -> Sample:
    """Measures a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    held = {name: int(value) for name, value in re.findall(r"^(VmRSS|Threads):\s+(\d+)", status, re.MULTILINE)}
    return Sample(seconds, held["VmRSS"] / 1024, held["Threads"], len(list(Path(f"/proc/{pid}/fd").iterdir())))


def leaks(samples: list[Sample], seconds: float) -> list[str]:
    """What grew between the first and the last third of the time after the warm-up."""
    warm = [one for one in samples if one.seconds >= WARM_UP * seconds]
    third = len(warm) // 3
    found = []
    for name, spare in (("rss", 4.0), ("threads", 4), ("files", 4)):
        early, late = (statistics.median(getattr(one, name) for one in part) for part in (warm[:third], warm[-third:]))
        print(f"{name}: {early:.0f} after the warm-up, {late:.0f} at the end")
        if late > MOST_GROWTH * early + spare:
            found.append(f"{name} grew from {early:.0f} to {late:.0f}")
    return found


def visit(page: Page, server: Server) -> None:
    """Loads the page anew and waits until it is drawn."""
    page.goto("about:blank")
    page.goto(f"{server.url}#lossgap&p.lossgap.select=all")
    page.frame_locator(FRAME).locator("html[data-lossgap-state='ready']").wait_for(state="attached", timeout=60_000)


def soak(server: Server, trainers: Trainers, page: Page, seconds: float) -> list[Sample]:
    """Lets everybody work for so long; gives what was measured meanwhile."""
    began = time.monotonic()
    samples: list[Sample] = []
    next_sample = next_visit = 0.0
    while (now := time.monotonic() - began) < seconds:
        if now >= next_visit:
            visit(page, server)
            next_visit = now + VISIT_SECONDS
        trainers.work(1 / EPOCH_SECONDS)
        if now >= next_sample:
            samples.append(sample(server.process.pid, now))
            next_sample = now + SAMPLE_SECONDS
        page.wait_for_timeout(1_000)
    return samples


def wrongs(server: Server, trainers: Trainers, page: Page) -> list[str]:
    """What the tab does not say of the last points, a little after nobody writes any more."""
    page.wait_for_timeout(4_000 * RELOAD_SECONDS)
    answer = server.json("data/plugin/lossgap/trainings")
    told = {one["name"]: one["final"] for one in answer["trainings"] if one["latest"]}
    expected = {one.name: {"step": one.last[0], "value": one.last[1]} for one in trainers.alive}
    found = [f"{name}: {told.get(name)} is not {point}" for name, point in expected.items() if told.get(name) != point]
    found += [f"{name} is gone, and still shown" for name in told.keys() - expected.keys()]
    found += [f"warning: {one}" for one in answer["warnings"]]
    visit(page, server)
    last = page.frame_locator(FRAME).locator("html").get_attribute("data-lossgap-last-step")
    longest = max(one["last_step"] for one in answer["trainings"])
    return found if last == str(longest) else [*found, f"the page draws up to step {last}, not {longest}"]


def errors(server: Server) -> list[str]:
    """Lines of TensorBoard's log that tell of an error."""
    return re.findall(r"^.*(?:Traceback|ERROR|Error:|lossgap|Loss Gap).*$", server.output, re.MULTILINE)


def main() -> int:
    """Runs the soak and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (default: %(default)s)")
    seconds = 60 * parser.parse_args().minutes
    complaints: list[str] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        trainers = Trainers(Path(folder, "logs"), RUNS)
        server = start_tensorboard(
            Path(folder, "log"), f"--logdir={folder}/logs", f"--reload_interval={RELOAD_SECONDS}"
        )
        try:
            page = open_page(playwright, complaints)
            samples = soak(server, trainers, page, seconds)
            found = [*leaks(samples, seconds), *wrongs(server, trainers, page), *complaints, *errors(server)]
        finally:
            stop(server.process)
    print(json.dumps([tuple(round(value, 1) for value in one) for one in samples]))
    print(*found, sep="\n")
    print(f"{len(samples)} samples in {seconds / 60:g} minutes: {'leaks or is wrong' if found else 'nothing leaks'}")
    return 1 if found else 0


def open_page(playwright: Any, complaints: list[str]) -> Page:
    """A page that remembers what the browser complains of."""
    browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
    page: Page = browser.new_page()
    page.on("pageerror", lambda error: complaints.append(f"page: {error}"))
    return page


if __name__ == "__main__":
    sys.exit(main())
