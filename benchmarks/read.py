"""How fast every point of a logdir is read, in how much memory: ours beside TensorBoard's loaders and tbparse.

Each reader is a process of its own that reports its best of some rounds, files in the page cache. The slow ones read
only as many runs as they manage in a reasonable time; what is compared is seconds a point.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

TAGS = ("loss", "val_loss")
FAST = "TensorBoard's fast loader"
NATIVE = "ours"
# How many runs of a logdir a reader gets, of 100 runs with 10,000 steps each.
SHARES = {
    NATIVE: 100,
    "ours, 2 threads": 100,
    FAST: 100,
    f"{FAST}, all points": 100,
    f"{FAST}, checksums": 100,
    "ours, reference": 10,
    "TensorBoard's Python loader": 1,
    "tbparse": 2,
}


class Measured(NamedTuple):
    """What a reader needed: seconds, those of all processors, bytes of memory on top of its imports, and points."""

    seconds: float
    processor: float
    memory: int
    points: int


def records(tag: str, steps: npt.NDArray[np.int64], start: float, values: npt.NDArray[np.float32]) -> list[bytes]:
    """Serializes one event a step, framed as TensorFlow does, thousands at a time."""
    from tb_lossgap.events.checksum import masked_crc32c

    name = tag.encode()
    made: dict[int, bytes] = {}
    digits = np.maximum(1, np.ceil(np.log2(steps + 1) / 7).astype(int))
    for width in np.unique(digits):
        chosen = np.flatnonzero(digits == width)
        value = b"\x0a" + bytes([len(name)]) + name + b"\x15\0\0\0\0"
        summary = b"\x0a" + bytes([len(value)]) + value
        event = b"\x09" + bytes(8) + b"\x10" + bytes(int(width)) + b"\x2a" + bytes([len(summary)]) + summary
        rows = np.empty((len(chosen), 16 + len(event)), np.uint8)
        rows[:] = np.frombuffer(len(event).to_bytes(8, "little") + bytes(4) + event + bytes(4), np.uint8)
        rows[:, 13:21] = (start + steps[chosen]).astype("<f8")[:, None].view(np.uint8)
        for place in range(width):
            rest = steps[chosen] >> (7 * place)
            rows[:, 22 + place] = (rest & 0x7F) | (0x80 if place < width - 1 else 0)
        rows[:, -8:-4] = values[chosen].astype("<f4")[:, None].view(np.uint8)
        for start_byte, size, target in ((0, 8, 8), (12, len(event), 12 + len(event))):
            heads = np.arange(len(chosen)) * rows.shape[1] + start_byte
            checksums = masked_crc32c(rows.ravel(), heads, np.full(len(chosen), size))
            rows[:, target : target + 4] = checksums.astype("<u4")[:, None].view(np.uint8)
        made.update(zip(chosen.tolist(), map(bytes, rows), strict=True))
    return [made[index] for index in range(len(steps))]


def write_logdir(folder: Path, runs: int, steps: int) -> None:
    """Writes `runs` runs that log each of `TAGS` at each of `steps` steps, as a training loop does."""
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.summary.writer.record_writer import RecordWriter

    version = io.BytesIO()
    RecordWriter(version).write(Event(wall_time=1.7e9, file_version="brain.Event:2").SerializeToString())
    for run in range(runs):
        generator = np.random.default_rng(run)
        each = [
            records(tag, np.arange(steps), 1.7e9 + run + number / 2, generator.random(steps, np.float32))
            for number, tag in enumerate(TAGS)
        ]
        path = folder / f"run-{run:05d}" / f"events.out.tfevents.{1_700_000_000 + run}.host.1.0"
        path.parent.mkdir(parents=True)
        path.write_bytes(version.getvalue() + b"".join(record for pair in zip(*each, strict=True) for record in pair))


def peak_memory(process: str = "self") -> int:
    """Gives the most bytes that a process has held in memory, as Linux counts them."""
    status = Path(f"/proc/{process}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def children_seconds() -> float:
    """Gives the seconds that processes started here have used of all processors."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def forget(folder: Path) -> None:
    """Takes a folder's files out of the page cache."""
    os.sync()
    for path in folder.rglob("*tfevents*"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read_ours(folder: Path, workers: int = 1) -> int:
    """Reads by our reader; gives the number of points."""
    from tb_lossgap.events import LogReader

    reader = LogReader({"": str(folder)}, workers=workers)
    reader.refresh()
    return sum(map(len, reader.series().values()))


def read_reference(folder: Path) -> int:
    """Reads by our reader as it is where nothing can be compiled."""
    # Set before the first import, by the first, empty round.
    sys.modules["tb_lossgap.events._decode"] = None  # type: ignore[assignment]
    # It would be imported at the first record.
    import_module("tb_lossgap.events.parsing")
    return read_ours(folder)


def read_python_loader(folder: Path) -> int:
    """Reads as `tensorboard --load_fast=false` does, on a machine without TensorFlow, but keeps every point."""
    sys.modules["tensorflow"] = None  # type: ignore[assignment]
    from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer

    multiplexer = EventMultiplexer(size_guidance={"tensors": 0}, tensor_size_guidance={"scalars": 0})
    multiplexer.AddRunsFromDirectory(str(folder)).Reload()
    return sum(len(multiplexer.Tensors(run, tag)) for run in multiplexer.Runs() for tag in TAGS)


def read_tbparse(folder: Path) -> int:
    """Reads into a data frame."""
    sys.modules["tensorflow"] = None  # type: ignore[assignment]
    tbparse = import_module("tbparse")
    return len(tbparse.SummaryReader(str(folder)).scalars)


READERS: dict[str, Callable[[Path], int]] = {
    NATIVE: read_ours,
    "ours, 2 threads": lambda folder: read_ours(folder, workers=2),
    "ours, reference": read_reference,
    "TensorBoard's Python loader": read_python_loader,
    "tbparse": read_tbparse,
}


def measure_here(reader: str, folder: Path, rounds: int, *, cold: bool) -> Measured:
    """Measures a reader in this process, once a round on nothing has had it import what it needs."""
    with tempfile.TemporaryDirectory() as nothing:
        READERS[reader](Path(nothing))
    before = peak_memory()
    seconds, processor, memory, points = float("inf"), float("inf"), 0, 0
    for number in range(rounds):
        if cold:
            forget(folder)
        start, used = time.perf_counter(), time.process_time()
        points = READERS[reader](folder)
        seconds = min(seconds, time.perf_counter() - start)
        processor = min(processor, time.process_time() - used)
        if not number:
            memory = peak_memory() - before
    return Measured(seconds, processor, memory, points)


def measure_fast_loader(folder: Path, rounds: int, *options: str, cold: bool) -> Measured | None:
    """Measures TensorBoard's own server binary from its start to the end of its first load."""
    found = find_spec("tensorboard_data_server")
    binary = Path(found.origin).parent / "bin" / "server" if found and found.origin else Path()
    if not binary.is_file():
        return None
    command = [
        str(binary),
        "--logdir",
        str(folder),
        "--reload",
        "once",
        "--port",
        "0",
        "-vv",
        "--die-after-stdin",
        *options,
    ]
    seconds, processor, memory = float("inf"), float("inf"), 0
    for _ in range(rounds):
        if cold:
            forget(folder)
        start, used = time.perf_counter(), children_seconds()
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
            for line in server.stderr or ():
                if "Finished load cycle" in line:
                    seconds = min(seconds, time.perf_counter() - start)
                    memory = peak_memory(str(server.pid))
                    break
            server.communicate()
        processor = min(processor, children_seconds() - used)
    return Measured(seconds, processor, memory, 0)


def measure(reader: str, folder: Path, rounds: int, *, cold: bool = False) -> Measured | None:
    """Measures a reader in a process of its own; None when it is not installed."""
    if reader.startswith(FAST):
        options = {"all points": ("--samples-per-plugin=scalars=all",), "checksums": ("--checksum",)}
        return measure_fast_loader(folder, rounds, *options.get(reader.partition(", ")[2], ()), cold=cold)
    if reader == "tbparse" and not find_spec("tbparse"):
        return None
    question = json.dumps([reader, str(folder), rounds, cold])
    done = subprocess.run([sys.executable, __file__, "--child", question], capture_output=True, text=True, check=True)
    return Measured(*json.loads(done.stdout.splitlines()[-1]))


def compare(folder: Path, runs: int, steps: int, rounds: int) -> None:
    """Prints a line for each reader of one logdir."""
    points = runs * steps * len(TAGS)
    size = sum(path.stat().st_size for path in folder.rglob("*tfevents*"))
    print(f"\n{runs:,} runs × {len(TAGS)} tags × {steps:,} steps: {points:,} points, {size / 1e6:.1f} MB\n")
    print("| reader | seconds | ours takes | processor seconds | points/s | MB/s | memory, bytes a point |")
    print("|---|---|---|---|---|---|---|")
    ours = 0.0
    for reader, of_hundred in SHARES.items():
        share = max(1, runs * of_hundred // 100)
        with tempfile.TemporaryDirectory(dir=folder.parent) as part:
            for path in sorted(folder.iterdir())[:share]:
                (Path(part) / path.name).symlink_to(path)
            measured = measure(reader, Path(part), rounds if of_hundred > 1 else 1)
        if measured is None:
            print(f"| {reader} | not installed here |")
            continue
        seconds = measured.seconds * runs / share
        ours = ours or seconds
        note = "" if share == runs else f" ({measured.seconds:.2f} for {share} runs)"
        memory = measured.memory / (points * share / runs)
        print(
            f"| {reader} | {seconds:.3f}{note} | 1/{seconds / ours:,.1f} | {measured.processor * runs / share:.3f} "
            f"| {points / seconds:,.0f} | {size / seconds / 1e6:,.1f} | {memory:.1f} |"
        )


def compare_cold(folder: Path) -> None:
    """Prints what the first reading after a start of the machine takes."""
    print("\n| files not in the page cache | seconds |\n|---|---|")
    for reader in (NATIVE, FAST):
        if measured := measure(reader, folder, 1, cold=True):
            print(f"| {reader} | {measured.seconds:.2f} |")


def compare_report(folder: Path, rounds: int) -> None:
    """Prints what a whole process takes that reads, pairs, judges and prints, beside one that only loads."""
    command = [sys.executable, "-m", "tb_lossgap.cli", "report", str(folder), "--format"]
    known: dict[str, tuple[float, float]] = {}
    for _ in range(rounds):
        for written in ("table", "json"):
            start, used = time.perf_counter(), children_seconds()
            subprocess.run([*command, written], stdout=subprocess.DEVNULL, check=True)
            took = time.perf_counter() - start, children_seconds() - used
            name = f"`tb-lossgap report --format {written}`"
            known[name] = min(known.get(name, took), took)
        if loaded := measure(FAST, folder, 1):
            took = loaded.seconds, loaded.processor
            known[FAST] = min(known.get(FAST, took), took)
    print("\n| whole process | seconds | processor seconds |\n|---|---|---|")
    for name, (seconds, processor) in known.items():
        print(f"| {name} | {seconds:.2f} | {processor:.2f} |")


def grow(folder: Path, largest: int, steps: int) -> None:
    """Prints how time and memory grow with the number of runs."""
    print("\n| runs | points | seconds | µs a point | memory, bytes a point |\n|---|---|---|---|---|")
    runs = 10
    while runs <= largest:
        logdir = folder / f"grown-{runs}"
        write_logdir(logdir, runs, steps)
        if measured := measure(NATIVE, logdir, 3):
            each = 1e6 * measured.seconds / measured.points
            memory = measured.memory / measured.points
            print(f"| {runs:,} | {measured.points:,} | {measured.seconds:.3f} | {each:.3f} | {memory:.1f} |")
        shutil.rmtree(logdir)
        runs *= 10


def main() -> None:
    """Prints tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="the best of so many counts")
    parser.add_argument("--largest", type=int, default=1000, help="runs of the largest logdir of the growing ones")
    parser.add_argument("--folder", type=Path, help="where the logdirs are written, 0.2 GB and 0.09 a 1,000 runs")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        reader, folder, rounds, cold = json.loads(options.child)
        print(json.dumps(measure_here(reader, Path(folder), rounds, cold=cold)))
        return
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory(dir=options.folder) as made:
        for runs, steps in ((100, 10_000), (1_000, 1_000)):
            folder = Path(made) / f"{runs}"
            write_logdir(folder, runs, steps)
            compare(folder, runs, steps, options.rounds)
            compare_report(folder, options.rounds)
            compare_cold(folder)
            shutil.rmtree(folder)
        grow(Path(made), options.largest, 1_000)


if __name__ == "__main__":
    main()
