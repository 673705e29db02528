"""`tb-lossgap report`: every training judged, best first."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tb_lossgap.analysis import Parameters
from tb_lossgap.analysis import ranks
from tb_lossgap.cli.logdir import add_logdir
from tb_lossgap.cli.logdir import read
from tb_lossgap.wire import documents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tb_lossgap.model import Row

_EPILOG = """\
example:
  tb-lossgap report runs
  tb-lossgap report runs --patience 20 --format json > report.json
"""

# A pipe has no width; this one leaves room for the reasons.
_WIDTH_OF_A_PIPE = 180
_WIDTH_WITH_REASON = 140

_COLOURS = {
    "diverged": "red",
    "overfit": "red",
    "underfit": "yellow",
    "still-improving": "cyan",
    "good-fit": "green",
}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "report",
        help="every training judged, best first",
        description="Judges every training under a logdir: best, gap, onset of overfitting, stop, verdict.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_logdir(parser)
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    parser.add_argument(
        "--patience",
        metavar="N",
        type=_whole,
        default=Parameters().patience,
        help="validation points without improvement that the stop waits for (default: %(default)s)",
    )
    parser.add_argument(
        "--min-delta",
        metavar="X",
        type=_not_negative,
        default=Parameters().min_delta,
        help="smallest change that counts as an improvement (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def _whole(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() else -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 0, not {text!r}")
    return value


def _not_negative(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise argparse.ArgumentTypeError(f"must be a number of at least 0, not {text!r}")
    return value


def run(options: argparse.Namespace) -> int:
    """Prints the judgement of every training of a logdir."""
    snapshot = read(options)
    parameters = Parameters(patience=options.patience, min_delta=options.min_delta)
    rows = snapshot.rows(parameters)
    ranked = ranks(rows)
    ordered = [rows[known] for known in (*ranked, *(known for known in rows if known not in ranked))]
    if options.format == "json":
        print(documents.dumps(documents.report(snapshot, ordered), indent=2))
    else:
        console = Console()
        if not console.is_terminal:
            console.width = _WIDTH_OF_A_PIPE
        _print_table([*ranked.values()], ordered, console)
    return 0


def _print_table(ranked: Sequence[int], rows: Sequence[Row], console: Console) -> None:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("training", overflow="fold", min_width=16)
    table.add_column("verdict", no_wrap=True)
    for heading in ("best", "@step", "final", "gap@best", "final gap", "onset", "stop"):
        table.add_column(heading, justify="right", no_wrap=True)
    with_reason = console.width >= _WIDTH_WITH_REASON
    if with_reason:
        table.add_column("why", overflow="fold", ratio=1)
    for place, row in enumerate(rows):
        cells = _cells(row)
        table.add_row(str(ranked[place]) if place < len(ranked) else "", *(cells if with_reason else cells[:-1]))
    console.print(table)


def _cells(row: Row) -> tuple[str, ...]:
    judged = row.judgement
    attempt = f" ({row.attempt} of {row.attempts})" if row.attempts > 1 else ""
    verdict = " ".join(filter(None, (judged.verdict, judged.severity)))
    colour = _COLOURS.get(judged.verdict, "default")
    return (
        escape(row.training.name + attempt),
        f"[{colour}]{verdict}[/]",
        _number(judged.best.value if judged.best else None),
        _step(judged.best.step if judged.best else None),
        _number(judged.final.value if judged.final else None),
        _number(judged.gap_at_best),
        _number(judged.final_gap),
        _step(judged.onset),
        _step(judged.stop.step if judged.stop else None),
        escape(judged.reason),
    )


def _number(value: float | None) -> str:
    return "–" if value is None or not math.isfinite(value) else f"{value:.4g}"


def _step(step: int | None) -> str:
    return "–" if step is None else str(step)
