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

from playwright.sync_api import sync_playwright

from tb_lossgap.cli.demo import copied
from tb_lossgap.cli.demo import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

PICTURES = Path(__file__).parent / "pictures"
WIDE = {"width": 1440, "height": 900}
# Picture, settings in the link, colour scheme.
SHOTS = [
    ("overview-light", "", "light"),
    ("overview-dark", "", "dark"),
]
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
        for name, link, scheme in SHOTS:
            page = browser.new_page(viewport=WIDE, color_scheme=scheme, device_scale_factor=1)
            page.goto(f"{address}#lossgap{link}")
            page.frame_locator("iframe[src*='name=lossgap']").locator("html[data-lossgap-state='ready']").wait_for(
                state="attached", timeout=60_000
            )
            page.wait_for_timeout(1000)
            page.screenshot(path=PICTURES / f"{name}.png")
            print(PICTURES / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
