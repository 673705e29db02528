"""`tb-lossgap pairs`: which scalars are a training's training and validation side, and which are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tb_lossgap.cli.logdir import add_logdir
from tb_lossgap.cli.logdir import read
from tb_lossgap.cli.output import add_output
from tb_lossgap.cli.output import write_text
from tb_lossgap.cli.words import text
from tb_lossgap.wire import documents

if TYPE_CHECKING:
    import argparse

    from rich.console import Group

    from tb_lossgap.model import SeriesKey
    from tb_lossgap.snapshot import Snapshot

_EPILOG = """\
examples:
  tb-lossgap pairs runs
  tb-lossgap pairs runs --format json | jq '.unpaired'
  tb-lossgap pairs runs --pair 'train=(?P<exp>.+)/fitting_cost,val=(?P<exp>.+)/heldout_cost'

exit status:
  0 the logs could be read
  2 bad input
"""


def define(parser: argparse.ArgumentParser) -> None:
    """Says what the command is and which options it has."""
    parser.description = "Lists every training's pairs of a training and a validation series, and what is left over."
    parser.epilog = _EPILOG
    add_logdir(parser)
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    add_output(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the pairs of a logdir."""
    snapshot = read(options)
    if options.format == "json":
        write_text(documents.printed(documents.pairs(snapshot)), options.output)
    else:
        from tb_lossgap.cli.tables import printed

        write_text(printed(lambda _: _tables(snapshot), options.output), options.output)
    return 0


def _tables(snapshot: Snapshot) -> Group:
    from rich.console import Group
    from rich.markup import escape
    from rich.table import Table

    def shown(key: SeriesKey) -> str:
        return escape(text(f"{key.run}: {key.tag}"))

    pairs = Table("training", "metric", "training series", "validation series", title="Pairs", title_justify="left")
    for entry in snapshot.entries.values():
        fit = entry.fit
        attempt = "" if len(fit.starts) == 0 else f" (attempt {entry.attempt} of {len(fit.starts) + 1})"
        for pair in fit.training.pairs:
            name = text(f"{fit.training.name}{attempt}") if pair.primary else ""
            metric = f"[bold]{escape(text(pair.metric))}[/]" if pair.primary else escape(text(pair.metric))
            pairs.add_row(escape(name), metric, shown(pair.train), shown(pair.val))
    if not snapshot.unpaired:
        return Group(pairs)
    rest = Table("run", "tag", "why it is in no pair", title="Not paired", title_justify="left")
    for one in snapshot.unpaired:
        rest.add_row(*(escape(text(cell)) for cell in (one.key.run, one.key.tag, one.reason)))
    return Group(pairs, rest)
