"""Judges a fleet into a report: its rows come to the process that asked, where they are ranked and printed."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from tb_lossgap.fleet.fleet import Fleet
from tb_lossgap.fleet.work import report_shards
from tb_lossgap.model import Report

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterator

    from tb_lossgap.fleet.crew import Crew
    from tb_lossgap.fleet.fleet import OnProgress
    from tb_lossgap.fleet.work import Job
    from tb_lossgap.fleet.work import Outcome
    from tb_lossgap.model import ReadWarning
    from tb_lossgap.model import Row


class _Kept:
    """Outcomes in memory."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[Row, ...]] = {}
        self._warnings: dict[str, tuple[ReadWarning, ...]] = {}

    @property
    def rows(self) -> list[Row]:
        """Every row, in the order of names, oldest attempt first."""
        return sorted(chain(*self._rows.values()), key=lambda row: (row.training.name, row.attempt))

    @property
    def warnings(self) -> Iterator[ReadWarning]:
        """What could not be read or judged."""
        return chain(*self._warnings.values())

    def add(self, outcome: Outcome) -> None:
        """Takes what became of a shard."""
        self._rows[outcome.shard] = outcome.rows
        if outcome.warnings:
            self._warnings[outcome.shard] = outcome.warnings

    def forget(self, shards: Collection[str]) -> None:
        """Lets go of what became of some shards."""
        for shard in shards:
            del self._rows[shard]
            self._warnings.pop(shard, None)


def report_fleet(job: Job, crew: Crew, *, on_progress: OnProgress | None = None) -> Report:
    """Judges every training below a logdir on a crew's workers; their points stay there.

    Args:
        job: What to judge, and how.
        crew: Who does the work.
        on_progress: As for `judge_fleet`.

    Returns:
        Rows in the order of names, oldest attempt first; warnings in that of files. A shard that could not be judged
        is a warning.

    Raises:
        FleetError: The workers are gone.
        LogdirError: The logdir cannot be read.
    """
    fleet, kept = Fleet(job, crew, on_progress), _Kept()
    fleet.find()
    fleet.judge(report_shards, kept)
    warnings = sorted((*fleet.warnings, *kept.warnings), key=lambda warning: warning.file)
    return Report(job.logdir, tuple(kept.rows), tuple(warnings))
