"""Judges some shards of a logdir, each by itself: what a worker of a fleet does, as the tab would do it for all."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import TYPE_CHECKING

from tb_lossgap.analysis import Parameters
from tb_lossgap.events import ListedFiles
from tb_lossgap.events import LogReader
from tb_lossgap.events import storage_at
from tb_lossgap.fleet.files import found_again
from tb_lossgap.fleet.records import record_of
from tb_lossgap.fleet.records import unjudged
from tb_lossgap.fleet.records import with_origin
from tb_lossgap.library import Library
from tb_lossgap.library import scalars_of
from tb_lossgap.library import wanted_tags
from tb_lossgap.model import Progress
from tb_lossgap.model import ReadWarning
from tb_lossgap.pairing import surprises

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from threading import Event

    from tb_lossgap.fleet.files import Mark
    from tb_lossgap.fleet.records import Record
    from tb_lossgap.model import HParam
    from tb_lossgap.model import Row
    from tb_lossgap.model import Series
    from tb_lossgap.model import SeriesKey
    from tb_lossgap.pairing import Rule
    from tb_lossgap.snapshot import Snapshot

# A shard: its event files, sorted by name.
Shard = tuple["Mark", ...]


@dataclass(frozen=True)
class Job:
    """What a worker has to know of the whole.

    Attributes:
        logdir: Folder or URL, as the workers reach it.
        parameters: What the reader set.
        metric: The quantity to judge, "" for each training's primary pair.
        rules: A person's own pairing rules.
    """

    logdir: str
    parameters: Parameters = field(default_factory=Parameters)
    metric: str = ""
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a shard.

    Attributes:
        shard: The name of its first run.
        ties: What its tags tie it to that names did not tell.
        records: For a table: a record an attempt of a training, and one for each run that is in none.
        rows: For a report: a row an attempt of a training.
        warnings: For a report: what could not be read.
    """

    shard: str
    ties: frozenset[str] = frozenset()
    records: tuple[Record, ...] = ()
    rows: tuple[Row, ...] = ()
    warnings: tuple[ReadWarning, ...] = ()


def shard_name(shard: Shard) -> str:
    """Return what a shard is called."""
    return min(mark.run for mark in shard)


def judge_shards(job: Job, batch: Sequence[Shard]) -> list[Outcome]:
    """Reads some shards' files at once, and judges shard by shard, for a table.

    A shard in which anything goes wrong has a record with the error, and does no harm to the others.
    """
    return _outcomes(job, batch, _recorded)


def report_shards(job: Job, batch: Sequence[Shard]) -> list[Outcome]:
    """Does the same for a report: a shard in which anything goes wrong has a warning with the error."""
    return _outcomes(job, batch, _reported)


def failed(shard: Shard, error: BaseException) -> Outcome:
    """Return the outcome of a shard that could not be judged."""
    name = shard_name(shard)
    what = f"{type(error).__name__}: {error}"
    record = unjudged(name, shard, shard=name, error=what)
    return Outcome(name, records=(record,), warnings=(ReadWarning(name, 0, what),))


def _outcomes(job: Job, batch: Sequence[Shard], tell: Callable[[Job, Shard, Snapshot], Outcome]) -> list[Outcome]:
    storage = storage_at(job.logdir)
    files = ListedFiles(storage, found_again((mark for shard in batch for mark in shard), storage))
    reader = LogReader({"": files}, wanted=wanted_tags(job.rules, None))
    reader.refresh()
    parts = _Parts(reader)
    outcomes = []
    for shard in batch:
        try:
            outcomes.append(_judged(job, shard, parts, tell))
        except Exception as error:  # noqa: BLE001  whatever it is, it costs one shard
            outcomes.append(failed(shard, error))
    return outcomes


class _Parts:
    """What a reader has read, by run."""

    def __init__(self, reader: LogReader) -> None:
        self.series: dict[str, dict[SeriesKey, Series]] = {}
        for key, series in reader.series().items():
            self.series.setdefault(key.run, {})[key] = series
        self.hparams = reader.hparams()
        self.warnings: dict[str, list[ReadWarning]] = {}
        for warning in reader.warnings:
            self.warnings.setdefault(posixpath.dirname(warning.file) or ".", []).append(warning)


class _Part:
    """The source of a library that knows some runs only."""

    progress = Progress()

    def __init__(self, parts: _Parts, runs: Sequence[str]) -> None:
        self._series = {key: one for run in runs for key, one in parts.series.get(run, {}).items()}
        self._hparams = {run: parts.hparams[run] for run in runs if run in parts.hparams}
        self.warnings = tuple(warning for run in runs for warning in parts.warnings.get(run, ()))

    def refresh(self, *, on_progress: Callable[[Progress], None] | None = None, stop: Event | None = None) -> bool:  # noqa: ARG002  a Source has these
        """Has read everything already."""
        return True

    def series(self) -> Mapping[SeriesKey, Series]:
        """Gives the series of its runs."""
        return self._series

    def hparams(self) -> Mapping[str, Mapping[str, HParam]]:
        """Gives the hyperparameters by run."""
        return self._hparams


def _judged(job: Job, shard: Shard, parts: _Parts, tell: Callable[[Job, Shard, Snapshot], Outcome]) -> Outcome:
    runs = _runs(shard)
    snapshot = Library(_Part(parts, runs), job.logdir, rules=job.rules).refresh()
    ties = surprises(runs, scalars_of(snapshot.series), [fit.training for fit in snapshot.fits.values()], job.rules)
    return replace(tell(job, shard, snapshot), ties=ties)


def _runs(shard: Shard) -> list[str]:
    return sorted({mark.run for mark in shard})


def _reported(job: Job, shard: Shard, snapshot: Snapshot) -> Outcome:
    rows = snapshot.rows(job.parameters, metric=job.metric)
    return Outcome(shard_name(shard), rows=tuple(rows.values()), warnings=snapshot.warnings)


def _recorded(job: Job, shard: Shard, snapshot: Snapshot) -> Outcome:
    runs = _runs(shard)
    owners = _owners(runs, snapshot)
    marks: dict[str, list[Mark]] = {}
    for mark in shard:
        marks.setdefault(owners[mark.run], []).append(mark)
    errors: dict[str, list[str]] = {}
    for warning in snapshot.warnings:
        owner = owners.get(posixpath.dirname(warning.file) or ".", runs[0])
        errors.setdefault(owner, []).append(f"{warning.file}: byte {warning.byte}: {warning.what}")
    records, judged = [], set()
    for row in snapshot.rows(job.parameters, metric=job.metric).values():
        name = row.training.name
        judged.add(name)
        error = "; ".join(errors.get(name, ()))
        records.append(with_origin(record_of(row), marks.get(name, ()), shard=runs[0], error=error))
    for owner in marks.keys() - judged:
        reason = _why_unpaired(owner, snapshot, job.metric)
        error = "; ".join(errors.get(owner, ()))
        records.append(unjudged(owner, marks[owner], shard=runs[0], reason=reason, error=error))
    return Outcome(runs[0], records=tuple(records))


def _owners(runs: Sequence[str], snapshot: Snapshot) -> dict[str, str]:
    """Return, for every run, the training that its files are listed with, or the run itself."""
    owners: dict[str, str] = {}
    for name, fit in snapshot.fits.items():
        for run in fit.training.runs:
            owners.setdefault(run, name)
    for run in runs:
        above = posixpath.dirname(run) or "."
        within = above if above in snapshot.fits else owners.get(above, run)
        owners.setdefault(run, run if run in snapshot.fits else within)
    return owners


def _why_unpaired(run: str, snapshot: Snapshot, metric: str) -> str:
    if run in snapshot.fits:
        return f"no pair of {metric}"
    reasons = [one.reason for one in snapshot.unpaired if one.key.run == run]
    return f"no pair: {reasons[0]}" if reasons else "no scalars that could be a training or validation loss"
