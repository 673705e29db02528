"""A fleet: finds its event files, groups its runs into shards, and has a crew of workers judge them."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal
from typing import Protocol
from typing import TypeAlias

from tb_lossgap.events import LogdirError
from tb_lossgap.fleet.crew import FleetError
from tb_lossgap.fleet.files import files_within
from tb_lossgap.fleet.files import is_few
from tb_lossgap.fleet.files import level
from tb_lossgap.fleet.files import openings
from tb_lossgap.fleet.files import unpacked
from tb_lossgap.fleet.work import failed
from tb_lossgap.pairing import shards

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from tb_lossgap.fleet.crew import Crew
    from tb_lossgap.fleet.files import Mark
    from tb_lossgap.fleet.work import Job
    from tb_lossgap.fleet.work import Outcome
    from tb_lossgap.fleet.work import Shard
    from tb_lossgap.model import ReadWarning


# The runs of a shard, sorted; the first one names it.
Group: TypeAlias = "tuple[str, ...]"
# Finding runs, comparing them with what was judged before, judging shards.
Step: TypeAlias = Literal["finding", "comparing", "judging"]
# Is told what is being done, how much of it is done, and how much there is, None where nobody knows.
OnProgress: TypeAlias = "Callable[[Step, int, int | None], None]"

# A worker gets so many shards, or bytes, at a time: enough to be busy, few enough to hold in memory.
_SHARDS_A_TASK = 64
_BYTES_A_TASK = 64 << 20
_OPENINGS_A_TASK = 16
# Whoever lists a part of a local folder goes through all of its names: a million in one folder, once for each listing.
_MOST_LISTINGS = 128


class Sink(Protocol):
    """Where outcomes go."""

    def add(self, outcome: Outcome) -> None:
        """Takes what became of a shard."""

    def forget(self, shards: Collection[str]) -> None:
        """Lets go of what became of some shards."""


class Fleet:
    """The runs of a logdir as far as they are known, and who works on them.

    Attributes:
        runs: The event files by run, packed.
        warnings: Folders that could not be listed.
        ties: What belongs together beyond what names tell.
        seconds: How long "find" and "judge" took, and "group" and "write" within them.
    """

    def __init__(self, job: Job, crew: Crew, on_progress: OnProgress | None = None) -> None:
        self.runs: dict[str, bytes] = {}
        self.warnings: list[ReadWarning] = []
        self.ties: set[tuple[str, str]] = set()
        self.seconds: dict[str, float] = {}
        self._job = job
        self._crew = crew
        self._on_progress = on_progress
        self._grouped: tuple[int, set[Group]] | None = None

    @contextmanager
    def clock(self, name: str) -> Iterator[None]:
        """Adds to `seconds` what happens within."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    def tell(self, step: Step, done: int, total: int | None = None) -> None:
        """Tells how far the work has come."""
        if self._on_progress:
            self._on_progress(step, done, total)

    def find(self) -> None:
        """Finds all event files.

        Raises:
            FleetError: A worker cannot list what it is to list.
            LogdirError: The logdir cannot be listed at all.
        """
        with self.clock("find"):
            self.tell("finding", 0)
            names, depth = self._levels([""]), 0
            while is_few(names, depth := depth + 1):
                folders = [name for name in names if name.endswith("/")]
                names = [*(name for name in names if not name.endswith("/")), *self._levels(folders)]
            heads = list(openings(names))
            size = max(_OPENINGS_A_TASK, -(-len(heads) // _MOST_LISTINGS))
            tasks = (heads[first : first + size] for first in range(0, len(heads), size))
            for found, warnings in self._results(partial(files_within, self._job.logdir), tasks):
                self.warnings += warnings
                for run, files in found:
                    self.runs[run] = self.runs.get(run, b"") + files
                self.tell("finding", len(self.runs))

    def marks(self, run: str) -> list[Mark]:
        """Gives the event files of a run, sorted."""
        return unpacked(run, self.runs.get(run, b""))

    def groups(self) -> set[Group]:
        """Groups runs by their names and the ties known so far, once for each state of these."""
        if self._grouped is None or self._grouped[0] != len(self.ties):
            with self.clock("group"):
                self._grouped = len(self.ties), set(shards(self.runs.keys(), self.ties))
        return self._grouped[1]

    def judge(
        self, work: Callable[[Job, Sequence[Shard]], list[Outcome]], sink: Sink, done: Collection[Group] = ()
    ) -> None:
        """Judges until no shard tells anything new of what belongs together.

        Args:
            work: Judges some shards; runs on a worker.
            sink: Takes the outcomes.
            done: The groups that are judged already, with their outcomes in the sink.

        Raises:
            FleetError: The workers are gone.
        """
        with self.clock("judge"):
            judged, groups = set(done), self.groups()
            while groups - judged:
                # What turned out to belong to a larger shard was judged too narrowly.
                sink.forget({group[0] for group in judged - groups})
                judged &= groups
                left = {group[0]: group for group in sorted(groups - judged)}
                self.tell("judging", len(judged), len(groups))
                for outcomes in self._outcomes(work, left.values()):
                    for outcome in outcomes:
                        judged.add(left[outcome.shard])
                        self.ties.update((outcome.shard, tie) for tie in outcome.ties)
                        with self.clock("write"):
                            sink.add(outcome)
                    self.tell("judging", len(judged), len(groups))
                groups = self.groups()

    def _outcomes(
        self, work: Callable[[Job, Sequence[Shard]], list[Outcome]], groups: Iterable[Group]
    ) -> Iterator[list[Outcome]]:
        tasks = _batches(tuple(mark for run in group for mark in self.marks(run)) for group in groups)
        for done in self._crew.run(partial(work, self._job), tasks, split=_one_by_one):
            yield [failed(done.task[0], done.error)] if done.error else done.result or []

    def _levels(self, folders: Iterable[str]) -> list[str]:
        found = self._results(partial(level, self._job.logdir), folders)
        return [name for names in found for name in names]

    def _results(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        for done in self._crew.run(function, tasks):
            if isinstance(done.error, LogdirError):
                raise done.error
            if done.error:
                raise FleetError(f"{self._job.logdir}: cannot be listed ({done.error})") from done.error
            yield done.result


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
