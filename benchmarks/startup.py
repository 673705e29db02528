"""How much later TensorBoard is up because the plugin is installed: medians of alternating runs in two environments."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
HOMES = ROOT / "build" / "startup"
DEADLINE_SECONDS = 60
POLL_SECONDS = 0.002


class Start(NamedTuple):
    """One start: seconds until the address is printed, until all tabs are listed, and of processor time till then."""

    address: float
    listing: float
    processor: float


def environment(name: str, *requirements: str) -> Path:
    """Returns the Python of an environment that holds these requirements, made where it is missing."""
    home = HOMES / name
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(home, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", *requirements], check=True, cwd=ROOT)
    return python


def start(python: Path, logdir: str) -> Start:
    """Starts TensorBoard once, waits until it has listed its tabs, and ends it.

    Raises:
        TimeoutError: It was not up in time.
    """
    command = [str(python), "-m", "tensorboard.main", f"--logdir={logdir}", "--port=0", "--load_fast=false"]
    with tempfile.NamedTemporaryFile() as log:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            url = address_in(Path(log.name), began + DEADLINE_SECONDS)
            address = time.perf_counter() - began
            with urllib.request.urlopen(f"{url}data/plugins_listing") as answer:  # noqa: S310  our own server
                answer.read()
            listing = time.perf_counter() - began
        finally:
            process.terminate()
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
    return Start(address, listing, usage.ru_utime + usage.ru_stime)


def address_in(log: Path, deadline: float) -> str:
    """Waits for the address that TensorBoard prints."""
    while time.perf_counter() < deadline:
        found = re.search(r"at (http://\S+)", log.read_text())
        if found:
            return found[1]
        time.sleep(POLL_SECONDS)
    raise TimeoutError(log.read_text())


def main() -> None:
    """Measures and prints a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=15, help="starts of each kind (default: 15)")
    options.add_argument("--tensorboard", default="tensorboard", help="requirement (default: the newest)")
    chosen = options.parse_args()
    pythons = {
        "without": environment("without", chosen.tensorboard, "setuptools<81"),
        "with": environment("with", chosen.tensorboard, "setuptools<81", "."),
    }
    starts: dict[str, list[Start]] = {name: [] for name in pythons}
    with tempfile.TemporaryDirectory() as logdir, contextlib.suppress(KeyboardInterrupt):
        for python in pythons.values():
            start(python, logdir)
        for _ in range(chosen.runs):
            for name, python in pythons.items():
                starts[name].append(start(python, logdir))
    print(f"Python {sys.version.split()[0]}, medians of {len(starts['with'])} starts, ms")
    print(f"{'':22}{'without':>10}{'with':>10}{'more':>10}")
    for index, what in enumerate(("address printed", "all tabs listed", "processor time")):
        without, with_us = (statistics.median(one[index] for one in starts[name]) * 1000 for name in pythons)
        print(f"{what:22}{without:10.0f}{with_us:10.0f}{with_us - without:+10.1f}")


if __name__ == "__main__":
    main()
