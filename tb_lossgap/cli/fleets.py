"""`tb-lossgap report` on many workers: a report as without them, or a folder of Parquet files."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import Final

import numpy as np

from tb_lossgap.analysis import Attempt
from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.lines import ranked_lines
from tb_lossgap.cli.logdir import tell_warnings
from tb_lossgap.cli.options import parameters
from tb_lossgap.cli.options import whole
from tb_lossgap.cli.words import text
from tb_lossgap.model import Series
from tb_lossgap.pairing import RuleError
from tb_lossgap.pairing import load_rules
from tb_lossgap.pairing import parse_rule
from tb_lossgap.snapshot import Curves
from tb_lossgap.snapshot import Snapshot
from tb_lossgap.snapshot import entry_id

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from rich.progress import TaskID

    from tb_lossgap.cli.lines import Line
    from tb_lossgap.fleet import Crew
    from tb_lossgap.fleet import Job
    from tb_lossgap.fleet import OnProgress
    from tb_lossgap.fleet import Step
    from tb_lossgap.fleet import Summary
    from tb_lossgap.model import Row
    from tb_lossgap.pairing import Rule

# What a folder of Parquet files cannot be written with, by the name of the option.
_NOT_IN_A_TABLE: Final = {"filter": None, "sort": "rank", "top": None, "group_by": None, "baseline": None}
# So many trainings that failed are named; a fleet may have thousands.
_NAMED: Final = 20
_DOING: Final = {"finding": "finding runs", "comparing": "comparing rows", "judging": "judging"}


def add_fleet(parser: argparse.ArgumentParser) -> None:
    """Adds the options for logdirs that are too large for one process."""
    group = parser.add_argument_group("fleets: judging on many workers; with --output DIR into Parquet files")
    group.add_argument("--workers", metavar="N", type=whole, help="judge by N processes")
    group.add_argument("--dask", metavar="ADDRESS", help="judge by the Dask cluster with this scheduler")
    group.add_argument("--resume", action="store_true", help="bring --output up to date: judge only what has changed")


def is_fleet(options: argparse.Namespace) -> bool:
    """Whether the command line asks for workers."""
    return bool(options.workers or options.dask or options.resume)


def is_table(options: argparse.Namespace) -> bool:
    """Whether the command line asks for a folder of Parquet files, rather than for a report as without workers."""
    return options.resume or options.format == "parquet" or bool(options.output and options.format == "table")


def write_table(options: argparse.Namespace) -> int:
    """Judges a fleet into Parquet files and says what came of it.

    Raises:
        BadInput: An option is missing or does not go with these, or logdir, output or cluster cannot be used.
    """
    from tb_lossgap.fleet import judge_fleet

    if not options.output:
        what = "--resume goes on with" if options.resume else "workers write"
        raise BadInput(f"{what} a folder of Parquet files: name it with --output")
    if options.format not in {"table", "parquet"}:
        raise BadInput(f"--format {options.format} does not go with --resume, which writes Parquet files; leave it out")
    for name, default in _NOT_IN_A_TABLE.items():
        if getattr(options, name) != default:
            flag = name.replace("_", "-")
            raise BadInput(
                f"--{flag} does not go with Parquet files by workers: leave --output out or give another --format,"
                " or ask it of the files"
            )
    with _working(options) as (job, crew, show):
        summary = judge_fleet(job, _absolute(options.output), crew, resume=options.resume, on_progress=show)
    _tell(summary, options.output)
    return _failed(options)


def judged(options: argparse.Namespace) -> tuple[Snapshot, list[Line]]:
    """Judges a fleet for a report: what a snapshot has beside its trainings, and the lines, without their curves.

    Raises:
        BadInput: An option does not go with these, no training has such a metric, or logdir or cluster cannot be used.
    """
    from tb_lossgap.fleet import report_fleet

    if options.format == "html":
        raise BadInput("--format html draws the curves, which stay on the workers; leave --workers and --dask out")
    with _working(options) as (job, crew, show):
        report = report_fleet(job, crew, on_progress=show)
    if options.metric and not report.rows:
        raise BadInput(f"no training has a pair of {options.metric!r}; see tb-lossgap pairs")
    tell_warnings(report.warnings)
    if not report.rows:
        print(f"tb-lossgap: no trainings below {options.logdir}; tb-lossgap doctor says why", file=sys.stderr)
    snapshot = Snapshot(version="", state="ready", logdir=options.logdir, warnings=report.warnings)
    rows = {entry_id(row.training.name, row.attempt): row for row in report.rows}
    return snapshot, ranked_lines(rows, options.filter, lambda known: _no_curves(rows[known]))


def _no_curves(row: Row) -> Curves:
    train, val = (
        Series(key, np.zeros(0, np.int64), np.zeros(0), np.zeros(0)) for key in (row.pair.train, row.pair.val)
    )
    return Curves(row.pair, Attempt(train, val))


@contextmanager
def _working(options: argparse.Namespace) -> Iterator[tuple[Job, Crew, OnProgress | None]]:
    """Gives what to judge, who does it, and whom to tell how far they are.

    Raises:
        BadInput: Rules, logdir, output or cluster cannot be used.
    """
    from tb_lossgap.events import LogdirError
    from tb_lossgap.fleet import FleetError
    from tb_lossgap.fleet import Job

    if options.workers and options.dask:
        raise BadInput("--workers and --dask are two ways to the same; give one of them")
    job = Job(_absolute(options.logdir), parameters(options), options.metric, _rules(options))
    try:
        with _crew(options) as crew, _progress() as show:
            yield job, crew, show
    except (FleetError, LogdirError) as error:
        raise BadInput(str(error)) from error


def _rules(options: argparse.Namespace) -> tuple[Rule, ...]:
    rules_file = os.path.join(options.logdir, "lossgap.toml")
    try:
        rules = tuple(parse_rule(text) for text in options.pair)
        return (*rules, *load_rules(rules_file)) if os.path.isfile(rules_file) else rules
    except RuleError as error:
        raise BadInput(str(error)) from error


def _absolute(place: str) -> str:
    """Return a folder as other processes find it too; a URL stays as it is."""
    return place if "://" in place else os.path.abspath(os.path.expanduser(place))


def _crew(options: argparse.Namespace) -> AbstractContextManager[Crew]:
    from tb_lossgap.fleet import dask_cluster
    from tb_lossgap.fleet import processes

    return dask_cluster(options.dask) if options.dask else processes(options.workers or 1)


@contextmanager
def _progress() -> Iterator[OnProgress | None]:
    """Gives what shows on a terminal how far the work has come; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn
    from rich.progress import MofNCompleteColumn
    from rich.progress import Progress
    from rich.progress import TextColumn
    from rich.progress import TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[Step, TaskID] = {}

        def show(step: Step, done: int, total: int | None) -> None:
            if step not in tasks:
                for before in tasks.values():
                    bar.update(before, visible=False)
                tasks[step] = bar.add_task(_DOING[step], total=total)
            bar.update(tasks[step], completed=done, total=total)

        yield show


def _tell(summary: Summary, output: str) -> None:
    tell_warnings(summary.warnings)
    if summary.anew:
        print(f"tb-lossgap: {summary.anew}", file=sys.stderr)
    print(f"{output}: {summary.verdicts.total():,} rows of {summary.files:,} event files")
    for verdict, rows in summary.verdicts.most_common():
        print(f"  {rows:,} {verdict or 'without a judgement'}")
    if summary.errors:
        print(f"  {summary.errors:,} with an error, see the column of that name")
    if summary.unchanged:
        print(f"  {summary.unchanged:,} of {summary.shards:,} groups of runs were left alone: nothing had changed")


def _failed(options: argparse.Namespace) -> int:
    from tb_lossgap.fleet import latest_with

    failed = sorted(latest_with(_absolute(options.output), options.fail_on)) if options.fail_on else []
    if failed:
        print(f"tb-lossgap: {len(failed):,} failed:", file=sys.stderr)
        for name, verdict, reason in failed[:_NAMED]:
            print(f"  {text(name)}: {verdict}: {reason}", file=sys.stderr)
        if len(failed) > _NAMED:
            print(f"  and {len(failed) - _NAMED:,} more in {options.output}", file=sys.stderr)
    return 1 if failed else 0
