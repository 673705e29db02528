"""Judges a fleet into a table, and leaves alone what did not change since the table was written."""

from __future__ import annotations

import posixpath
from collections import Counter
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from functools import reduce
from operator import xor
from typing import TYPE_CHECKING

from tb_lossgap import __version__
from tb_lossgap.fleet.crew import FleetError
from tb_lossgap.fleet.fleet import Fleet
from tb_lossgap.fleet.table import FleetTable
from tb_lossgap.fleet.work import judge_shards

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Mapping

    from tb_lossgap.fleet.crew import Crew
    from tb_lossgap.fleet.fleet import Group
    from tb_lossgap.fleet.fleet import OnProgress
    from tb_lossgap.fleet.records import Record
    from tb_lossgap.fleet.work import Job
    from tb_lossgap.model import ReadWarning

# So many rows are compared between two reports of progress.
_REPORT_ROWS = 1000


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
    job: Job, output: str, crew: Crew, *, resume: bool = False, on_progress: OnProgress | None = None
) -> Summary:
    """Judges every training below a logdir on a crew's workers, and writes a Parquet table of them.

    Args:
        job: What to judge, and how.
        output: Folder or URL of the table.
        crew: Who does the work.
        resume: Take over from the table what was judged before of files that have not changed since; without it, the
            table has to be new.
        on_progress: Called with what is being done ("finding" runs, "comparing" rows, "judging" shards), how much of
            it is done, and how much there is, None where nobody knows.

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
    fleet = Fleet(job, crew, on_progress)
    fleet.find()
    recall = _Recall(fleet, table)
    if not table.is_empty:
        with fleet.clock("recall"):
            recall.run()
    try:
        fleet.judge(judge_shards, table, recall.done)
    finally:
        table.close()
    verdicts, errors = table.counts()
    return Summary(
        files=sum(len(fleet.marks(run)) for run in fleet.runs),
        shards=len(fleet.groups()),
        unchanged=len(recall.done),
        verdicts=verdicts,
        errors=errors,
        warnings=fleet.warnings,
        anew=recall.anew,
        seconds=fleet.seconds,
    )


class _Recall:
    """What a table still says rightly of a fleet.

    Attributes:
        done: The groups of which the table has all files as they are.
        anew: Why no rows were taken over, or "".
    """

    def __init__(self, fleet: Fleet, table: FleetTable) -> None:
        self.done: set[Group] = set()
        self.anew = ""
        self._fleet = fleet
        self._table = table

    def run(self) -> None:
        """Takes over what still holds, and takes out of the table what does not."""
        if self._table.known_settings() != [self._table.settings]:
            self.anew = "the table was judged with other settings, so all is judged anew"
            self._table.forget({row["shard"] for row in self._table.origins()})
            return
        recorded: dict[str, int] = {}
        changed: set[str] = set()
        for number, row in enumerate(self._table.origins()):
            if number % _REPORT_ROWS == 0:
                self._fleet.tell("comparing", number)
            # Further attempts name the same files.
            first = row["files"] if row["attempt"] in {1, None} else ()
            recorded[row["shard"]] = recorded.get(row["shard"], 0) ^ _outline(file["path"] for file in first)
            if (row["verdict"] is None and row["error"]) or not all(map(self._is_same, row["files"])):
                changed.add(row["shard"])
        self._keep(recorded, changed)
        if len(self.done) < len(recorded) - len(changed):
            self._recall_ties()
            self._keep(recorded, changed)
        self._table.forget(recorded.keys() - {group[0] for group in self.done})

    def _recall_ties(self) -> None:
        """Ties what was judged together, so that what only tags told the last time is not found out anew."""
        kept = {group[0] for group in self.done}
        for row in self._table.origins():
            if row["shard"] not in kept:
                runs = {posixpath.dirname(file["path"]) or "." for file in row["files"]} & self._fleet.runs.keys()
                self._fleet.ties.update((run, f"shard {row['shard']}") for run in runs)

    def _keep(self, recorded: Mapping[str, int], changed: Collection[str]) -> None:
        self.done = {
            group
            for group in self._fleet.groups()
            if group[0] in recorded
            and group[0] not in changed
            and recorded[group[0]] == _outline(mark.name for run in group for mark in self._fleet.marks(run))
        }

    def _is_same(self, file: Record) -> bool:
        run = posixpath.dirname(file["path"]) or "."
        known = next((mark for mark in self._fleet.marks(run) if mark.name == file["path"]), None)
        return known is not None and (known.size, known.version) == (file["size"], file["version"])


def _outline(names: Iterable[str]) -> int:
    """Return a number for a set of names, each given once; those of its parts make it by exclusive or."""
    return reduce(xor, map(hash, names), 0)
