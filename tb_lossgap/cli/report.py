"""`tb-lossgap report`: every training judged, best first."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING
from typing import get_args

from tb_lossgap.cli import fleets
from tb_lossgap.cli import lines as chosen
from tb_lossgap.cli import words
from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.groups import group_document
from tb_lossgap.cli.groups import grouped
from tb_lossgap.cli.groups import groups_sheet
from tb_lossgap.cli.logdir import add_logdir
from tb_lossgap.cli.logdir import read
from tb_lossgap.cli.options import add_choosing
from tb_lossgap.cli.options import add_judging
from tb_lossgap.cli.options import completed
from tb_lossgap.cli.options import parameters
from tb_lossgap.cli.options import regex
from tb_lossgap.cli.options import verdicts
from tb_lossgap.cli.options import whole
from tb_lossgap.cli.output import add_output
from tb_lossgap.cli.output import write_text
from tb_lossgap.cli.output import writing
from tb_lossgap.cli.sheet import SORTABLE
from tb_lossgap.cli.sheet import column_of
from tb_lossgap.cli.sheet import trainings_sheet
from tb_lossgap.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tb_lossgap.cli.groups import Group
    from tb_lossgap.cli.lines import Line
    from tb_lossgap.cli.sheet import Sheet
    from tb_lossgap.snapshot import Snapshot

_FORMATS = ("table", "json", "jsonl", "csv", "markdown", "latex", "html", "parquet")
_CURVES = ("train curve", "val curve")

_EPILOG = """\
examples:
  tb-lossgap report runs
  tb-lossgap report runs --filter '^cnn-' --sort=-final_gap --top 10
  tb-lossgap report runs --group-by '^(.*)-seed\\d+$' --format markdown
  tb-lossgap report runs --baseline cnn-plain --format csv > report.csv
  tb-lossgap report runs --format html --output report.html --group-by '^(.*)-seed'
  tb-lossgap report runs --fail-on overfit,diverged
  tb-lossgap report s3://bucket/runs --workers 4 --top 20
  tb-lossgap report s3://bucket/runs --dask tcp://scheduler:8786 --output table --resume

exit status:
  0 the logs could be read
  1 the latest attempt of a training has a verdict that --fail-on names; standard error says which
  2 bad input
"""


def define(parser: argparse.ArgumentParser) -> None:
    """Says what the command is and which options it has."""
    parser.description = "Judges every training under a logdir: best, gap, onset of overfitting, stop, verdict."
    parser.epilog = _EPILOG
    add_logdir(parser)
    add_choosing(parser)
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        default="table",
        help="html: one file with the charts and panels of the tab, that opens without a server; default: table",
    )
    sort = parser.add_argument(
        "--sort",
        metavar="COLUMN",
        type=_column,
        default="rank",
        help=f"one of {', '.join(SORTABLE)}; --sort=-COLUMN for falling order (default: rank)",
    )
    completed(sort, [*SORTABLE, *(f"-{column}" for column in SORTABLE)])
    parser.add_argument("--top", metavar="N", type=whole, help="only the first N")
    parser.add_argument(
        "--group-by",
        metavar="REGEX",
        type=regex,
        help="one line for all trainings in whose names this finds the same (its first group, if it has any)",
    )
    parser.add_argument("--baseline", metavar="NAME", help="add each figure's difference from this training's")
    fail_on = parser.add_argument(
        "--fail-on",
        metavar="VERDICTS",
        type=verdicts,
        default=(),
        help="end with status 1 where a training has one of these verdicts, such as overfit,diverged",
    )
    completed(fail_on, get_args(Verdict))
    add_output(parser)
    add_judging(parser)
    fleets.add_fleet(parser)


def _column(text: str) -> str:
    if text.removeprefix("-") not in SORTABLE:
        raise argparse.ArgumentTypeError(f"must be one of {', '.join(SORTABLE)}, not {text!r}")
    return text


def run(options: argparse.Namespace) -> int:
    """Prints the judgement of every training of a logdir."""
    by_workers = fleets.is_fleet(options)
    if by_workers and fleets.is_table(options):
        return fleets.write_table(options)
    if options.group_by and options.sort != "rank" and options.format != "html":
        raise BadInput("groups come in the order of their mean best: --group-by goes with --sort in html only")
    snapshot, judged = fleets.judged(options) if by_workers else _judged(options)
    if not judged:
        _tell_why(snapshot, options)
    _write(snapshot, judged, options)
    failed = chosen.failing(judged, options.fail_on)
    if failed:
        print(f"tb-lossgap: {words.plural(len(failed), 'training')} failed:", file=sys.stderr)
        for line in failed:
            print(f"  {words.text(line.name)}: {line.verdict}: {line.row.judgement.reason}", file=sys.stderr)
    return 1 if failed else 0


def _judged(options: argparse.Namespace) -> tuple[Snapshot, list[Line]]:
    snapshot = read(options)
    return snapshot, chosen.judged_lines(snapshot, parameters(options), options)


def _tell_why(snapshot: Snapshot, options: argparse.Namespace) -> None:
    """Says on standard error why there is nothing to report, where nobody has said it."""
    if options.filter and snapshot.fits:
        print(f"tb-lossgap: --filter {options.filter.pattern!r} is found in no name", file=sys.stderr)
    elif snapshot.progress.files_total:
        print(f"tb-lossgap: no trainings below {options.logdir}; tb-lossgap doctor says why", file=sys.stderr)


def _ordered(judged: Sequence[Line], options: argparse.Namespace) -> Sequence[Line]:
    """The lines as `--baseline`, `--sort` and `--top` want them."""
    lines = judged if options.baseline is None else chosen.compared(judged, options.baseline)
    if options.sort != "rank":
        get = column_of(options.sort.removeprefix("-")).get
        lines = chosen.by_column(lines, map(get, lines), falling=options.sort.startswith("-"))
    return lines if options.group_by else lines[: options.top]


def _write(snapshot: Snapshot, judged: Sequence[Line], options: argparse.Namespace) -> None:
    lines = _ordered(judged, options)
    groups = grouped(lines, options.group_by.pattern)[: options.top] if options.group_by else None
    if groups == [] and lines:
        print(f"tb-lossgap: --group-by {options.group_by.pattern!r} is found in no name", file=sys.stderr)
    if options.format == "parquet":
        from tb_lossgap.cli.parquet import write_sheet

        with writing(options.output, binary=True) as stream:
            write_sheet(_sheet(lines, groups, people=False), stream)
    elif options.format == "html":
        baseline = None if options.baseline is None else chosen.named(judged, options.baseline)
        write_text(_page(snapshot, lines, groups, baseline, options), options.output)
    else:
        write_text(_text(snapshot, lines, groups, options), options.output)


def _page(
    snapshot: Snapshot,
    lines: Sequence[Line],
    groups: Sequence[Group] | None,
    baseline: Line | None,
    options: argparse.Namespace,
) -> str:
    from tb_lossgap.cli.island import make_island
    from tb_lossgap.cli.island import views
    from tb_lossgap.cli.page import link_to
    from tb_lossgap.cli.page import make_page

    settings = {"metric": options.metric, "sort": "" if options.sort == "rank" else options.sort}
    if groups is not None:
        settings |= {"group": options.group_by.pattern, "select": "all"}
        if options.top is not None:
            members = {line.id for group in groups for line in group.members}
            lines = [line for line in lines if line.id in members]
    if baseline is not None:
        settings["baseline"] = baseline.id
        if all(line.id != baseline.id for line in lines):
            # There is no comparing with what is not in the file.
            lines = [*lines, baseline]
    judging = parameters(options)
    by_metric = views(snapshot, lines, judging, options)
    island = make_island(snapshot, by_metric, judging, group_by=settings.get("group"))
    return make_page(snapshot.logdir, island, link_to(judging, settings))


def _sheet(lines: Sequence[Line], groups: Sequence[Group] | None, *, people: bool) -> Sheet:
    return trainings_sheet(lines, people=people) if groups is None else groups_sheet(groups, people=people)


def _text(
    snapshot: Snapshot, lines: Sequence[Line], groups: Sequence[Group] | None, options: argparse.Namespace
) -> str:
    if options.format in {"json", "jsonl"}:
        return _json(snapshot, lines, groups, options)
    if options.format == "table":
        from tb_lossgap.cli.tables import plain_table
        from tb_lossgap.cli.tables import printed
        from tb_lossgap.cli.tables import trainings_table

        sheet = _sheet(lines, groups, people=True)
        columns = trainings_table(sheet, lines) if groups is None else plain_table(sheet)
        if fleets.is_fleet(options):
            # Workers keep the points.
            columns = [column for column in columns if column.heading not in _CURVES]
        return printed(columns, options.output)
    from tb_lossgap.cli import text_formats

    if options.format == "csv":
        return text_formats.to_csv(_sheet(lines, groups, people=False))
    write = text_formats.to_markdown if options.format == "markdown" else text_formats.to_latex
    return write(_sheet(lines, groups, people=True))


def _json(
    snapshot: Snapshot, lines: Sequence[Line], groups: Sequence[Group] | None, options: argparse.Namespace
) -> str:
    from tb_lossgap.wire import documents

    document = documents.report(snapshot, (line.row for line in lines))
    for line, training in zip(lines, document["trainings"], strict=True):
        if line.difference is not None:
            training["difference"] = dict(line.difference)
    if groups is not None:
        document["groups"] = [group_document(group) for group in groups]
    if options.format == "json":
        return documents.printed(document)
    items = document["trainings"] if groups is None else document["groups"]
    return "".join(f"{documents.dumps(item)}\n" for item in items)
