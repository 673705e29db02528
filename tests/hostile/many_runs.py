"""Reads very many runs of one point each, as many as are asked for, and prints what that takes."""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from tb_lossgap.events import LogReader
from tb_lossgap.library import Library
from tests.events.records import FILE
from tests.events.records import scalar
from tests.events.records import version
from tests.events.records import write


def main() -> None:
    """Makes the runs, reads them within the limit of memory and prints seconds, memory and warnings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--memory", type=int, default=1024, metavar="MIB")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        first = write(Path(folder, "0", FILE), version(), scalar("loss", 0, 1.0), scalar("val_loss", 0, 1.0))
        for number in range(1, options.runs):
            run = Path(folder, str(number))
            run.mkdir()
            # A link is a file of its own to the reader.
            os.link(first, run / FILE)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        began = time.monotonic()
        snapshot = Library(LogReader({"": folder}, memory=options.memory << 20), folder).refresh()
        seconds = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{len(snapshot.fits)} of {options.runs} trainings in {seconds:.1f} s, {after - before} MiB more than before")
    print(*(warning.what for warning in snapshot.warnings[:3]), sep="\n")


if __name__ == "__main__":
    main()
