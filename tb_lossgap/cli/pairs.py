"""`tb-lossgap pairs`: which scalars are a training's training and validation side, and which are not."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tb_lossgap.cli.logdir import add_logdir
from tb_lossgap.cli.logdir import read
from tb_lossgap.wire import documents

if TYPE_CHECKING:
    from tb_lossgap.model import SeriesKey
    from tb_lossgap.snapshot import Snapshot

_EPILOG = """\
example:
  tb-lossgap pairs runs
  tb-lossgap pairs runs --pair 'train=(?P<exp>.+)/fitting_cost,val=(?P<exp>.+)/heldout_cost'
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "pairs",
        help="which scalars are paired, and why others are not",
        description="Lists every training's pairs of a training and a validation series, and what is left over.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_logdir(parser)
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prints the pairs of a logdir."""
    snapshot = read(options)
    if options.format == "json":
        print(documents.dumps(documents.pairs(snapshot), indent=2))
    else:
        _print_tables(snapshot, Console())
    return 0


def _print_tables(snapshot: Snapshot, console: Console) -> None:
    pairs = Table("training", "metric", "training series", "validation series", title="Pairs", title_justify="left")
    for entry in snapshot.entries.values():
        fit = entry.fit
        attempt = "" if len(fit.starts) == 0 else f" (attempt {entry.attempt} of {len(fit.starts) + 1})"
        for pair in fit.training.pairs:
            name = f"{fit.training.name}{attempt}" if pair.primary else ""
            metric = f"[bold]{escape(pair.metric)}[/]" if pair.primary else escape(pair.metric)
            pairs.add_row(escape(name), metric, _shown(pair.train), _shown(pair.val))
    console.print(pairs)
    if snapshot.unpaired:
        rest = Table("run", "tag", "why it is in no pair", title="Not paired", title_justify="left")
        for one in snapshot.unpaired:
            rest.add_row(escape(one.key.run), escape(one.key.tag), escape(one.reason))
        console.print(rest)


def _shown(key: SeriesKey) -> str:
    return escape(f"{key.run}: {key.tag}")
