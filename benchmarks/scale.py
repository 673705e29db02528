"""What a fleet costs here from 100 to 100,000 generated trainings: finding, judging, writing, and memory.

    python benchmarks/scale.py make FOLDER 100000
    python benchmarks/scale.py run FOLDER 100 1000 10000 100000

`make` writes trainings as Keras lays them out, two event files of 60 points each, ten thousand a folder; `run` judges
the first N of them (up to 10,000, or all) in a process of its own with two workers, then once more with --resume, then
into a report without a folder, and prints a Markdown table. Processor time counts where others work on the machine too.
`parts` measures one worker's own work, step by step, in this process; `driver N` the driver's, with workers that only
pretend.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

NAME = "events.out.tfevents.1700000000.host.1.0.v2"
POINTS = 60
CURVES = 12
_FOLDER = 10_000


def event_file(tag: str, values: np.ndarray[Any, Any], path: Path) -> bytes:
    """The bytes of an event file of one series, as written to `path`."""
    # Here, so that they do not count as memory of a driver.
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.record_writer import RecordWriter

    with path.open("wb") as stream:
        records = RecordWriter(stream)
        records.write(Event(wall_time=1.7e9, file_version="brain.Event:2").SerializeToString())
        for step, value in enumerate(values.tolist()):
            summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
            records.write(Event(wall_time=1.7e9 + step, step=step, summary=summary).SerializeToString())
    return path.read_bytes()


def contents() -> list[tuple[bytes, bytes]]:
    """A dozen different trainings: from good to overfit, with noise."""
    random = np.random.default_rng(0)
    steps = np.arange(POINTS)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events"
        for rise in np.linspace(0, 0.0006, CURVES):
            train = 2 * np.exp(-steps / 15) + random.normal(0, 0.01, POINTS)
            val = 2 * np.exp(-steps / 12) + 0.2 + rise * steps**2 + random.normal(0, 0.01, POINTS)
            found.append((event_file("epoch_loss", train, file), event_file("epoch_loss", val, file)))
    return found


def names(number: int) -> tuple[str, str]:
    """The event files of one training, ten thousand trainings a folder."""
    training = f"sweep-{number // _FOLDER:03d}/cnn-{number:06d}"
    return f"{training}/train/{NAME}", f"{training}/validation/{NAME}"


def make(folder: Path, trainings: int) -> None:
    """Writes the trainings."""
    sides = contents()
    for number in range(trainings):
        for name, content in zip(names(number), sides[number % CURVES], strict=True):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)


def judge(logdir: str, output: str | None, *, resume: bool) -> None:
    """Judges with two workers, into a table or a report, and prints figures of this process as JSON."""
    from tb_lossgap.fleet import Job
    from tb_lossgap.fleet import judge_fleet
    from tb_lossgap.fleet import processes
    from tb_lossgap.fleet import report_fleet

    began = time.perf_counter()
    figures: dict[str, Any] = {}
    with processes(2) as crew:
        if output is None:
            figures["rows"] = len(report_fleet(Job(logdir), crew).rows)
        else:
            summary = judge_fleet(Job(logdir), output, crew, resume=resume)
            figures |= {"rows": summary.verdicts.total(), "unchanged": summary.unchanged, **summary.seconds}
    driver, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    figures |= {
        "total": time.perf_counter() - began,
        "memory": driver.ru_maxrss / 1024,
        "driver": driver.ru_utime + driver.ru_stime,
        "workers": workers.ru_utime + workers.ru_stime,
    }
    print(json.dumps(figures))


class Pretending:
    """A crew that answers at once: for what the driver alone costs."""

    def __init__(self, trainings: int) -> None:
        self.trainings = trainings
        self.template: dict[str, Any] = {}

    def run(self, function: Any, tasks: Any, **_: Any) -> Any:
        """Yields made-up answers, as `Crew.run` does real ones."""
        from tb_lossgap.fleet.crew import Done

        for task in tasks:
            yield Done(task, getattr(self, function.func.__name__)(task), None)

    def level(self, folder: str) -> list[str]:
        """The names in a folder."""
        if not folder:
            return [f"sweep-{number:03d}/" for number in range(-(-self.trainings // _FOLDER))]
        first = int(folder[6:9]) * _FOLDER
        last = min(first + _FOLDER, self.trainings)
        return [f"{folder}cnn-{number:06d}/" for number in range(first, last)]

    def files_within(self, openings: list[str]) -> Any:
        """The files of the trainings whose names begin so."""
        from tb_lossgap.fleet.files import Mark
        from tb_lossgap.fleet.files import packed

        found = []
        for opening in openings:
            first = int(opening[14:].rstrip("/").ljust(6, "0"))
            for number in range(first, min(first + 10 ** (6 - len(opening[14:].rstrip("/"))), self.trainings)):
                for name in names(number):
                    mark = Mark(name, 4000, 1.7e9, "1700000000000000000")
                    found.append((mark.run, packed([mark])))
        return found, []

    def judge_shards(self, batch: list[Any]) -> Any:
        """One good row for each."""
        from tb_lossgap.fleet.records import with_origin
        from tb_lossgap.fleet.work import Outcome
        from tb_lossgap.fleet.work import shard_name

        outcomes = []
        for shard in batch:
            name = shard_name(shard)
            record = {**self.template, "training": name.rpartition("/")[0]}
            outcomes.append(Outcome(name, records=(with_origin(record, shard, shard=name),)))
        return outcomes


def driver(trainings: int) -> None:
    """Prints what the driver alone needs, with workers that answer at once: for a new table, and for --resume."""
    with tempfile.TemporaryDirectory() as work:
        for resume in (False, True):
            process = get_context("spawn").Process(target=drive, args=(trainings, f"{work}/table", resume))
            process.start()
            process.join()
            if process.exitcode:
                raise SystemExit(process.exitcode)


def drive(trainings: int, table: str, resume: bool) -> None:  # noqa: FBT001  a process's arguments have no names
    """Judges by pretending, and prints what it took."""
    from tb_lossgap.fleet import Job
    from tb_lossgap.fleet import judge_fleet

    crew: Any = Pretending(trainings)
    words = "validation rose 23 % above its best level of 0.2310 around step 14 while training fell 61 %"
    crew.template = {"attempt": 1, "attempts": 1, "verdict": "overfit", "reason": words, "advice": words}
    crew.template |= {"hparams": "{}", "train_run": "sweep/cnn/train", "val_run": "sweep/cnn/validation"}
    began = time.perf_counter()
    summary = judge_fleet(Job("/logs"), table, crew, resume=resume)
    seconds, memory = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if summary.verdicts.total() != trainings:
        raise SystemExit(f"not every training has its row: {summary}")
    steps = ", ".join(f"{name} {taken:.1f}" for name, taken in summary.seconds.items())
    print(f"{trainings:,} trainings: {seconds:.1f} s ({steps}), {memory:.0f} MB")


def part_of(folder: Path, trainings: int, target: Path) -> Path:
    """A logdir of the first trainings."""
    if trainings == _FOLDER:
        return folder / "sweep-000"
    if trainings > _FOLDER:
        return folder
    for number in range(trainings):
        name = Path(names(number)[0]).parent.parent
        shutil.copytree(folder / name, target / name)
    return target


def run(folder: Path, sizes: list[int]) -> None:
    """Prints the table."""
    print("| trainings | find s | group s | read and judge s | write s | whole s | --resume s | report s", end="")
    print(" | workers' processors s | driver's | with --resume | driver MB | with --resume | report |")
    print(f"|{'---:|' * 14}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as work:
            logdir = part_of(folder, size, Path(work) / "logs")
            table = ["--output", f"{work}/table"]
            first, again, report = (figures_of(logdir, *more) for more in (table, [*table, "--resume"], []))
        reading = first["judge"] - first["write"] - first["group"]
        seconds = (
            first["find"],
            first["group"],
            reading,
            first["write"],
            *(one["total"] for one in (first, again, report)),
        )
        seconds += (first["workers"], first["driver"], again["driver"])
        memory = (one["memory"] for one in (first, again, report))
        cells = (*(f"{cell:.1f}" for cell in seconds), *(f"{cell:.0f}" for cell in memory))
        print(f"| {size:,} | {' | '.join(cells)} |", flush=True)
        if not first["rows"] == again["rows"] == again["unchanged"] == report["rows"] == size:
            raise SystemExit(f"not every training has its row: {first} {again} {report}")


def figures_of(logdir: Path, *options: str) -> dict[str, float]:
    """What `judge` prints, in a process of its own."""
    command = [sys.executable, __file__, "judge", str(logdir), *options]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def parts(folder: Path, trainings: int) -> None:
    """Prints what one worker spends on one training, step by step."""
    from tb_lossgap.events import LogReader
    from tb_lossgap.fleet import Job
    from tb_lossgap.fleet.files import files_within
    from tb_lossgap.fleet.files import unpacked
    from tb_lossgap.fleet.work import judge_shards

    began = time.perf_counter()
    runs, _ = files_within(str(folder), ["sweep-000/cnn-00"])
    found = time.perf_counter()
    marks = sorted(mark for run, files in runs for mark in unpacked(run, files))
    shards = [(marks[i], marks[i + 1]) for i in range(0, 2 * trainings, 2)]
    LogReader({"": str(folder / "sweep-000")}, workers=1).refresh()
    read = time.perf_counter()
    for i in range(0, trainings, 64):
        judge_shards(Job(str(folder)), shards[i : i + 64])
    judged = time.perf_counter()
    print(f"find  {(found - began) / len(marks) * 2e6:.0f} µs a training")
    print(f"read  {(read - found) / _FOLDER * 1e6:.0f} µs a training")
    print(f"whole {(judged - read) / trainings * 1e6:.0f} µs a training (reading, pairing, measuring, judging)")


def main() -> None:
    """Runs one of the steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, count in (("make", None), ("run", "+"), ("parts", None)):
        command = commands.add_parser(name)
        command.add_argument("folder", type=Path)
        command.add_argument("trainings", type=int, nargs=count)
    commands.add_parser("driver").add_argument("trainings", type=int)
    command = commands.add_parser("judge")
    command.add_argument("logdir")
    command.add_argument("--output")
    command.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    if options.command == "judge":
        judge(options.logdir, options.output, resume=options.resume)
    elif options.command == "make":
        make(options.folder, options.trainings)
    elif options.command == "driver":
        driver(options.trainings)
    elif options.command == "parts":
        parts(options.folder, options.trainings)
    else:
        run(options.folder, options.trainings)


if __name__ == "__main__":
    main()
