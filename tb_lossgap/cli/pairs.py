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
    from collections.abc import Sequence

    from tb_lossgap.model import SeriesKey
    from tb_lossgap.snapshot import Entry
    from tb_lossgap.snapshot import Snapshot

# How narrow a column may become.
_LEAST = 12
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
        write_text(_tables(snapshot, options.output), options.output)
    return 0


def _tables(snapshot: Snapshot, path: str | None) -> str:
    from tb_lossgap.cli.layout import Column
    from tb_lossgap.cli.tables import printed

    def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
        cells = zip(*rows, strict=True)
        columns = [
            Column(heading, list(map(text, column)), least=_LEAST)
            for heading, column in zip(headings, cells, strict=True)
        ]
        return printed(columns, path)

    tables = []
    if snapshot.entries:
        tables.append(table(("training", "metric", "training series", "validation series"), _pairs(snapshot)))
    if snapshot.unpaired:
        rest = [(one.key.run, one.key.tag, one.reason) for one in snapshot.unpaired]
        tables.append(table(("run", "tag", "why it is in no pair"), rest))
    return "\n".join(tables)


def _pairs(snapshot: Snapshot) -> list[tuple[str, ...]]:
    """A row a pair; the name of the training stands at the pair that it is judged by."""
    return [
        (_name(entry) if pair.primary else "", pair.metric, _series(pair.train), _series(pair.val))
        for entry in snapshot.entries.values()
        for pair in entry.fit.training.pairs
    ]


def _name(entry: Entry) -> str:
    attempts = len(entry.fit.starts) + 1
    return entry.fit.training.name + (f" ({entry.attempt} of {attempts})" if attempts > 1 else "")


def _series(key: SeriesKey) -> str:
    return f"{key.run}: {key.tag}"
