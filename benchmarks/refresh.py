"""What keeping up costs: looking again when nothing changed, new points in some runs, and in one large file."""

from __future__ import annotations

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

from tb_lossgap.events import LogReader

if TYPE_CHECKING:
    from collections.abc import Callable

TAGS = ("loss", "val_loss")


def points(steps: range) -> bytes:
    """Serializes one point of each tag for each step."""
    octets = io.BytesIO()
    writer = RecordWriter(octets)
    for step in steps:
        for tag in TAGS:
            summary = Summary(value=[Summary.Value(tag=tag, simple_value=1 / (1 + step))])
            writer.write(Event(wall_time=1.7e9 + step, step=step, summary=summary).SerializeToString())
    return octets.getvalue()


def write_runs(folder: Path, runs: int, steps: int) -> list[Path]:
    """Writes runs that differ in nothing but their names; gives their files."""
    octets = points(range(steps))
    files = [folder / f"run-{number:05d}" / "events.out.tfevents.1700000000.host.1.0" for number in range(runs)]
    for file in files:
        file.parent.mkdir(parents=True)
        file.write_bytes(octets)
    return files


def append(file: Path, octets: bytes) -> None:
    """Writes at the end of a file, as a training does."""
    with file.open("ab") as opened:
        opened.write(octets)


def median_seconds(rounds: int, do: Callable[[], object], prepare: Callable[[], object] = tuple) -> float:
    """Gives the median of the seconds that something takes, each time after what must go before it."""
    taken = []
    for _ in range(rounds):
        prepare()
        start = time.perf_counter()
        do()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def fast_loader_seconds(folder: Path, rounds: int) -> float | None:
    """Gives the median of the seconds that TensorBoard's fast loader takes to look again; None where there is none."""
    found = find_spec("tensorboard_data_server")
    binary = Path(found.origin).parent / "bin" / "server" if found and found.origin else Path()
    if not binary.is_file():
        return None
    command = [str(binary), "--logdir", str(folder), "--reload", "1", "--port", "0", "-vv", "--die-after-stdin"]
    cycles: list[float] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        for line in server.stderr or ():
            if "Finished load cycle" in line:
                # It writes "(1.25s)", or milliseconds and less with their letter.
                number = line.rpartition("(")[2].rpartition("s")[0]
                cycles.append(float(number.rstrip("mµn")) * {"m": 1e-3, "µ": 1e-6, "n": 1e-9}.get(number[-1], 1.0))
            if len(cycles) > rounds:
                break
        server.communicate()
    return statistics.median(cycles[1:])


def python_loader_seconds(folder: Path, rounds: int) -> float:
    """Gives the median of the seconds that TensorBoard's Python loader takes to look again, without TensorFlow."""
    sys.modules["tensorflow"] = None  # type: ignore[assignment]
    from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer

    multiplexer = EventMultiplexer()

    def reload() -> None:
        multiplexer.AddRunsFromDirectory(str(folder))
        multiplexer.Reload()

    reload()
    return median_seconds(rounds, reload)


def many_runs(folder: Path, runs: int, rounds: int) -> None:
    """Prints what looking again at many runs takes."""
    files = write_runs(folder, runs, steps=3)
    reader = LogReader({"": str(folder)})
    reader.refresh()
    steps = iter(range(3, 1_000_000))

    def grow(number: int) -> None:
        octets = points(range(step := next(steps), step + 1))
        for file in files[:number]:
            append(file, octets)

    print(f"\n| {runs:,} runs | milliseconds |\n|---|---|")
    print(f"| nothing changed: ours | {1e3 * median_seconds(rounds, reader.refresh):.0f} |")
    if (fast := fast_loader_seconds(folder, rounds)) is not None:
        print(f"| nothing changed: TensorBoard's fast loader | {1e3 * fast:.0f} |")
    print(f"| nothing changed: TensorBoard's Python loader | {1e3 * python_loader_seconds(folder, rounds):.0f} |")
    for number in (1, 100, 1_000):
        taken = median_seconds(rounds, lambda: (reader.refresh(), reader.series()), partial(grow, number))
        print(f"| one new step in {number:,} of them: ours | {1e3 * taken:.0f} |")


def one_large_file(folder: Path, megabytes: int, rounds: int) -> None:
    """Prints what a few new points at the end of a large file take."""
    (file,) = write_runs(folder, 1, steps=1)
    octets = points(range(1, 20_000))
    while file.stat().st_size < megabytes * 1_000_000:
        append(file, octets)
    reader = LogReader({"": str(folder)})
    first = median_seconds(1, reader.refresh)
    reader.series()
    again = median_seconds(
        rounds, lambda: (reader.refresh(), reader.series()), lambda: append(file, points(range(1, 11)))
    )
    print(f"\n| one file of {megabytes} MB | milliseconds |\n|---|---|")
    print(f"| first reading | {1e3 * first:.0f} |\n| 10 new steps | {1e3 * again:.1f} |")


def main() -> None:
    """Prints tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--megabytes", type=int, default=200, help="size of the one large file")
    parser.add_argument("--rounds", type=int, default=5, help="the median of so many counts")
    parser.add_argument("--folder", type=Path, help="where the logdirs are written")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory(dir=options.folder) as made:
        many_runs(Path(made) / "many", options.runs, options.rounds)
        one_large_file(Path(made) / "one", options.megabytes, options.rounds)


if __name__ == "__main__":
    main()
