"""Takes the pictures of the documents: the real tab, in a real TensorBoard, on the recorded demo runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from playwright.sync_api import sync_playwright

from tb_lossgap.cli.demo import copied
from tb_lossgap.cli.tensorboard import free_port
from tb_lossgap.snapshot import entry_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from playwright.sync_api import Locator
    from playwright.sync_api import Page

PICTURES = Path(__file__).parent / "pictures"
IFRAME = "iframe[src*='name=lossgap']"
WIDE = {"width": 1440, "height": 900}
LOW = {"width": 1440, "height": 530}
SMALL = {"width": 1000, "height": 760}
SETTLED_MILLISECONDS = 1000
# The training of the demo that shows each verdict, and which attempt of it.
EXAMPLES = {
    "too-short": ("cnn-smoke-test", 1),
    "diverged": ("cnn-lr-ramp", 1),
    "overfit": ("cnn-wide", 1),
    "noisy": ("mlp-jumpy", 1),
    "underfit": ("mlp-tiny", 1),
    "still-improving": ("mlp-stopped-early", 1),
    "plateau": ("mlp-memorising", 1),
    "val-below-train": ("cnn-dropout-0.6", 1),
    "good-fit": ("cnn-dropout-0.3", 1),
}
# All but the last, for which there is no room beside the differences from a baseline.
COLUMNS = "rank~name~verdict~best~best_step~final~gap_at_best~final_gap~onset~stop"
# What of the page, other than all of it, a picture shows, the settings that bring it, and in which window.
VIEWS = {
    "side-by-side": ("main", "&p.lossgap.view=grid", WIDE),
    "ranking": (".ranking", f"&p.lossgap.tolerance=10&p.lossgap.baseline={{best}}&p.lossgap.columns={COLUMNS}", WIDE),
    "details": (".panel", "&p.lossgap.focus={wide}", WIDE),
    "fit-map": (".panel", "&p.lossgap.panel=fit&p.lossgap.focus={best}", WIDE),
    "patience": (".panel", "&p.lossgap.panel=patience", WIDE),
    "smoothed": (".curves", "&p.lossgap.filter=jumpy&p.lossgap.smooth=0.8", WIDE),
    "trainings": (".trainings", "&p.lossgap.filter=^cnn", LOW),
}
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]


@contextmanager
def tensorboard(logdir: Path) -> Iterator[str]:
    """Runs TensorBoard on a logdir; yields its address."""
    port = free_port()
    address = f"http://localhost:{port}/"
    command = [sys.executable, "-m", "tensorboard.main", f"--logdir={logdir}", f"--port={port}"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            while process.poll() is None:
                try:
                    urllib.request.urlopen(address, timeout=1).close()
                    break
                except (urllib.error.URLError, OSError):
                    time.sleep(0.1)
            yield address
        finally:
            process.terminate()


def main() -> None:
    """Takes every picture."""
    PICTURES.mkdir(exist_ok=True)
    chromium = os.environ.get("LOSSGAP_BROWSER") or shutil.which("chromium")
    with (
        tempfile.TemporaryDirectory() as folder,
        tensorboard(copied(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        for scheme in ("light", "dark"):
            page = opened(browser, f"{address}#lossgap", viewport=WIDE, color_scheme=scheme)
            taken(page, f"overview-{scheme}")
        ids = {"best": entry_id("cnn-dropout-0.3", 1), "wide": entry_id("cnn-wide", 1)}
        for view, (selector, link, viewport) in VIEWS.items():
            address_of_view = f"{address}#lossgap{link.format(**ids)}"
            page = opened(browser, address_of_view, viewport=viewport, color_scheme="light")
            taken(page.frame_locator(IFRAME).locator(selector).first, view)
        page = opened(browser, f"{address}#lossgap&p.lossgap.filter=cnn", viewport=WIDE, color_scheme="light")
        page.frame_locator(IFRAME).locator(".plot.loss .u-over").hover(position={"x": 420, "y": 215})
        taken(page.frame_locator(IFRAME).locator(".curves"), "crosshair")
        for verdict, (name, attempt) in EXAMPLES.items():
            known = entry_id(name, attempt)
            link = f"{address}#lossgap&p.lossgap.select={known}&p.lossgap.focus={known}"
            page = opened(browser, link, viewport=SMALL, color_scheme="light")
            taken(page.frame_locator(IFRAME).locator(".curves"), verdict)
        browser.close()


def opened(browser: Browser, link: str, **options: Any) -> Page:  # as Playwright has them
    """Opens the tab and waits until everything is drawn."""
    page = browser.new_page(**options)
    page.goto(link)
    page.frame_locator(IFRAME).locator("html[data-lossgap-state='ready']").wait_for(state="attached", timeout=60_000)
    page.wait_for_timeout(SETTLED_MILLISECONDS)
    return page


def taken(what: Page | Locator, name: str) -> None:
    """Takes one picture."""
    path = PICTURES / f"{name}.png"
    what.screenshot(path=path)
    print(path)


if __name__ == "__main__":
    main()
