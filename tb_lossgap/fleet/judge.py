"""Judges a fleet: finds its files, shares them out, writes a row a training, and leaves alone what did not change."""

from __future__ import annotations

import posixpath
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from functools import partial
from functools import reduce
from operator import xor
from typing import TYPE_CHECKING
from typing import Any

from tb_lossgap import __version__
from tb_lossgap.events import LogdirError
from tb_lossgap.fleet.crew import FleetError
from tb_lossgap.fleet.files import files_within
from tb_lossgap.fleet.files import is_few
from tb_lossgap.fleet.files import level
from tb_lossgap.fleet.files import openings
from tb_lossgap.fleet.files import unpacked
from tb_lossgap.fleet.table import FleetTable
from tb_lossgap.fleet.work import failed
from tb_lossgap.fleet.work import judge_shards
from tb_lossgap.pairing import shards

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from tb_lossgap.fleet.crew import Crew
    from tb_lossgap.fleet.files import Mark
    from tb_lossgap.fleet.records import Record
    from tb_lossgap.fleet.work import Job
    from tb_lossgap.fleet.work import Outcome
    from tb_lossgap.fleet.work import Shard
    from tb_lossgap.model import ReadWarning

# A worker gets so many shards, or bytes, at a time: enough to be busy, few enough to hold in memory.
_SHARDS_A_TASK = 64
_BYTES_A_TASK = 64 << 20
_OPENINGS_A_TASK = 16


@dataclass
class Summary:
    """What was done.

    Attributes:
        files: Event files that were found.
        shards: Groups of runs that were paired by themselves.
        unchanged: Those of them that were left alone, for none of their files had changed.
        verdicts: How many rows of the table have which verdict, "" for none.
        errors: How many have an error.
        warnings: Folders that could not be listed.
        anew: Why rows of an earlier job were not taken over, or "".
        seconds: How long it took to "find", to "recall" the table, to "judge"; and of that, to "group" and to "write".
    """

    files: int = 0
    shards: int = 0
    unchanged: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    errors: int = 0
    warnings: list[ReadWarning] = field(default_factory=list)
    anew: str = ""
    seconds: dict[str, float] = field(default_factory=dict)


def judge_fleet(
    job: Job,
    output: str,
    crew: Crew,
    *,
    resume: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Judges every training below a logdir on a crew's workers, and writes a Parquet table of them.

    Args:
        job: What to judge, and how.
        output: Folder or URL of the table.
        crew: Who does the work.
        resume: Take over from the table what was judged before of files that have not changed since; without it, the
            table has to be new.
        on_progress: Called with how many shards are done, and how many there are.

    Raises:
        FleetError: The table cannot be written, is there already, or the workers are gone.
        LogdirError: The logdir cannot be read.
    """
    settings = {
        "version": __version__,
        "logdir": job.logdir,
        "parameters": asdict(job.parameters),
        "metric": job.metric,
        "rules": [rule.text for rule in job.rules],
    }
    table = FleetTable(output, settings)
    if not resume and not table.is_empty:
        raise FleetError(f"{output}: holds a table already; name another folder, or go on with it by --resume")
    fleet = _Fleet(job, table, crew, on_progress)
    seconds = fleet.summary.seconds
    with _clock(seconds, "find"):
        fleet.find()
    if not table.is_empty:
        with _clock(seconds, "recall"):
            fleet.recall()
    try:
        with _clock(seconds, "judge"):
            fleet.judge()
    finally:
        table.close()
    fleet.summary.verdicts, fleet.summary.errors = table.counts()
    return fleet.summary


@contextmanager
def _clock(seconds: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - began


class _Fleet:
    def __init__(self, job: Job, table: FleetTable, crew: Crew, on_progress: Callable[[int, int], None] | None) -> None:
        self.job = job
        self.table = table
        self.crew = crew
        self.on_progress = on_progress
        self.summary = Summary()
        self.runs: dict[str, bytes] = {}
        self.ties: set[tuple[str, str]] = set()
        self.done: set[tuple[str, ...]] = set()
        self.grouped: tuple[int, set[tuple[str, ...]]] | None = None

    def find(self) -> None:
        """Finds all event files."""
        names, depth = self._levels([""]), 0
        while is_few(names, depth := depth + 1):
            folders = [name for name in names if name.endswith("/")]
            names = [*(name for name in names if not name.endswith("/")), *self._levels(folders)]
        heads = list(openings(names))
        tasks = (heads[i : i + _OPENINGS_A_TASK] for i in range(0, len(heads), _OPENINGS_A_TASK))
        for found, warnings in self._results(partial(files_within, self.job.logdir), tasks):
            self.summary.warnings += warnings
            for run, files in found:
                self.runs[run] = self.runs.get(run, b"") + files
        self.summary.files = sum(len(self._marks(run)) for run in self.runs)

    def recall(self) -> None:
        """Takes over from the table what still holds, and takes out of it what does not."""
        if self.table.known_settings() != [self.table.settings]:
            self.summary.anew = "the table was judged with other settings, so all is judged anew"
            self.table.forget({row["shard"] for row in self.table.origins()})
            return
        recorded: dict[str, int] = {}
        changed: set[str] = set()
        for row in self.table.origins():
            # Further attempts name the same files.
            first = row["files"] if row["attempt"] in {1, None} else ()
            recorded[row["shard"]] = recorded.get(row["shard"], 0) ^ _outline(file["path"] for file in first)
            if (row["verdict"] is None and row["error"]) or not all(map(self._is_same, row["files"])):
                changed.add(row["shard"])
        self._keep(recorded, changed)
        if len(self.done) < len(recorded) - len(changed):
            # What only tags told the last time is not found out anew.
            kept = {group[0] for group in self.done}
            for row in self.table.origins():
                if row["shard"] not in kept:
                    runs = {posixpath.dirname(file["path"]) or "." for file in row["files"]} & self.runs.keys()
                    self.ties.update((run, f"shard {row['shard']}") for run in runs)
            self._keep(recorded, changed)
        self.summary.unchanged = len(self.done)
        self.table.forget(recorded.keys() - {group[0] for group in self.done})

    def _group(self) -> set[tuple[str, ...]]:
        """Groups runs by their names and the ties known so far, once for each state of these."""
        if self.grouped is None or self.grouped[0] != len(self.ties):
            with _clock(self.summary.seconds, "group"):
                self.grouped = len(self.ties), set(shards(self.runs.keys(), self.ties))
        return self.grouped[1]

    def _keep(self, recorded: Mapping[str, int], changed: Collection[str]) -> None:
        """Takes for done the groups of which the table has all files as they are."""
        self.done = {
            group
            for group in self._group()
            if group[0] in recorded
            and group[0] not in changed
            and recorded[group[0]] == _outline(mark.name for run in group for mark in self._marks(run))
        }

    def _is_same(self, file: Record) -> bool:
        run = posixpath.dirname(file["path"]) or "."
        known = next((mark for mark in self._marks(run) if mark.name == file["path"]), None)
        return known is not None and (known.size, known.version) == (file["size"], file["version"])

    def _marks(self, run: str) -> list[Mark]:
        return unpacked(run, self.runs.get(run, b""))

    def judge(self) -> None:
        """Judges until no shard tells anything new of what belongs together."""
        groups = self._group()
        while groups - self.done:
            # What turned out to belong to a larger shard was judged too narrowly.
            self.table.forget({group[0] for group in self.done - groups})
            self.done &= groups
            before = len(self.ties)
            for outcome, group in self._judged(sorted(groups - self.done), len(groups)):
                self.done.add(group)
                self.ties.update((group[0], tie) for tie in outcome.ties)
                with _clock(self.summary.seconds, "write"):
                    self.table.add(outcome.records)
            if len(self.ties) > before:
                groups = self._group()
        self.summary.shards = len(groups)

    def _judged(self, groups: list[tuple[str, ...]], total: int) -> Iterator[tuple[Outcome, tuple[str, ...]]]:
        tasks = _batches(tuple(mark for run in group for mark in self._marks(run)) for group in groups)
        by_name = {group[0]: group for group in groups}
        for done in self.crew.run(partial(judge_shards, self.job), tasks, split=_one_by_one):
            outcomes = [failed(done.task[0], done.error)] if done.error else done.result or []
            for outcome in outcomes:
                yield outcome, by_name[outcome.shard]
            if self.on_progress:
                self.on_progress(len(self.done), total)

    def _levels(self, folders: Iterable[str]) -> list[str]:
        found = self._results(partial(level, self.job.logdir), folders)
        return [name for names in found for name in names]

    def _results(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        for done in self.crew.run(function, tasks):
            if isinstance(done.error, LogdirError):
                raise done.error
            if done.error:
                raise FleetError(f"{self.job.logdir}: cannot be listed ({done.error})") from done.error
            yield done.result


def _outline(names: Iterable[str]) -> int:
    """Return a number for a set of names, each given once; those of its parts make it by exclusive or."""
    return reduce(xor, map(hash, names), 0)


def _one_by_one(batch: list[Shard]) -> list[list[Shard]]:
    return [[shard] for shard in batch] if len(batch) > 1 else []


def _batches(found: Iterable[Shard]) -> Iterator[list[Shard]]:
    batch: list[Shard] = []
    size = 0
    for shard in found:
        weight = sum(mark.size for mark in shard)
        if batch and (len(batch) >= _SHARDS_A_TASK or size + weight > _BYTES_A_TASK):
            yield batch
            batch, size = [], 0
        batch.append(shard)
        size += weight
    if batch:
        yield batch
