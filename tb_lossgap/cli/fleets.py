"""`tb-lossgap report` on many workers: options, progress, and what it says at the end."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.options import parameters
from tb_lossgap.cli.options import whole
from tb_lossgap.pairing import RuleError
from tb_lossgap.pairing import load_rules
from tb_lossgap.pairing import parse_rule

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from tb_lossgap.fleet import Crew
    from tb_lossgap.fleet import Summary
    from tb_lossgap.pairing import Rule

# What goes with one table in memory only, by the name of the option.
_NOT_HERE = {"filter": None, "sort": "rank", "top": None, "group_by": None, "baseline": None}
_NAMED = 20


def add_fleet(parser: argparse.ArgumentParser) -> None:
    """Adds the options for logdirs that are too large for one process."""
    group = parser.add_argument_group("fleets: judging on many workers, into Parquet")
    group.add_argument("--workers", metavar="N", type=whole, help="judge by N processes; --output is a new folder")
    group.add_argument("--dask", metavar="ADDRESS", help="judge by the Dask cluster with this scheduler")
    group.add_argument("--resume", action="store_true", help="bring --output up to date: judge only what has changed")


def is_fleet(options: argparse.Namespace) -> bool:
    """Whether the command line asks for workers."""
    return bool(options.workers or options.dask or options.resume)


def run(options: argparse.Namespace) -> int:
    """Judges a fleet and says what came of it.

    Raises:
        BadInput: An option is missing or does not go with these, or logdir, output or cluster cannot be used.
    """
    from tb_lossgap.events import LogdirError
    from tb_lossgap.fleet import FleetError
    from tb_lossgap.fleet import Job
    from tb_lossgap.fleet import judge_fleet

    _check(options)
    job = Job(_absolute(options.logdir), parameters(options), options.metric, _rules(options))
    try:
        with _crew(options) as crew, _progress() as show:
            summary = judge_fleet(job, _absolute(options.output), crew, resume=options.resume, on_progress=show)
    except (FleetError, LogdirError) as error:
        raise BadInput(str(error)) from error
    _tell(summary, options.output)
    return _failed(options)


def _check(options: argparse.Namespace) -> None:
    if not options.output:
        raise BadInput("--workers, --dask and --resume write Parquet files: name a folder with --output")
    if options.workers and options.dask:
        raise BadInput("--workers and --dask are two ways to the same; give one of them")
    if options.format not in {"table", "parquet"}:
        raise BadInput(f"--format {options.format} goes with neither --workers nor --dask, which write Parquet")
    for name, default in _NOT_HERE.items():
        if getattr(options, name) != default:
            flag = name.replace("_", "-")
            raise BadInput(f"--{flag} goes with neither --workers nor --dask; ask it of the Parquet files they write")


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
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn
    from rich.progress import Progress
    from rich.progress import TimeRemainingColumn

    with Progress("judging", MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("judging", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _tell(summary: Summary, output: str) -> None:
    for warning in summary.warnings:
        print(f"tb-lossgap: {warning.file}: {warning.what}", file=sys.stderr)
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
            print(f"  {name}: {verdict}: {reason}", file=sys.stderr)
        if len(failed) > _NAMED:
            print(f"  and {len(failed) - _NAMED:,} more in {options.output}", file=sys.stderr)
    return 1 if failed else 0
