"""Sheets as tables for a terminal: as many columns as it is wide, with a sparkline of every curve."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Final

from tb_lossgap.cli.layout import Column
from tb_lossgap.cli.layout import Paint
from tb_lossgap.cli.layout import laid_out
from tb_lossgap.cli.layout import needed
from tb_lossgap.cli.sparkline import sparkline
from tb_lossgap.cli.words import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tb_lossgap.cli.lines import Line
    from tb_lossgap.cli.sheet import Sheet

# A pipe or a file has no width; this one leaves room for the reasons.
_WIDTH_OF_A_PIPE: Final = 200
_CURVE_WIDTH: Final = 12
# Columns that fold, and how narrow they may become.
_FOLDS: Final = {"training": 16, "group": 16, "verdicts": 24, "why": 36}
# Columns that go, the first one first, where the terminal is too narrow for all.
_DISPENSABLE: Final = (
    *("why", "train curve", "gap@best", "final", "Δ final gap", "Δ final", "stop", "onset", "@step", "Δ best"),
    *("val curve", "final gap", "#"),
)
_COLOURS: Final = {
    "diverged": "31",
    "overfit": "31",
    "underfit": "33",
    "still-improving": "36",
    "good-fit": "32",
}
_BEST_COLOUR: Final = "1;32"


def printed(columns: Sequence[Column], path: str | None = None) -> str:
    """A table as text, for the colours and the width of the terminal, or plain and wide for a pipe or a file.

    Args:
        columns: The table.
        path: The file that it is for, None for standard output.
    """
    width, colours = _terminal() if path is None else (None, False)
    width = width or _whole(os.environ.get("COLUMNS")) or _WIDTH_OF_A_PIPE
    shown = list(columns)
    for heading in _DISPENSABLE:
        if needed(shown) <= width:
            break
        shown = [one for one in shown if one.heading != heading]
    return "".join(f"{line}\n" for line in laid_out(shown, width, colours=colours))


def trainings_table(sheet: Sheet, lines: Sequence[Line]) -> list[Column]:
    """The table of trainings; verdicts are tinted, and the curves stand behind them."""
    columns = plain_table(sheet)
    at = next(place for place, one in enumerate(columns) if one.heading == "verdict")
    tints = {
        row: Paint(0, len(cell), colour)
        for row, (line, cell) in enumerate(zip(lines, columns[at].cells, strict=True))
        if (colour := _COLOURS.get(line.row.judgement.verdict))
    }
    columns[at] = replace(columns[at], paints=tints)
    train = Column("train curve", [sparkline(line.curves.attempt.train.values, _CURVE_WIDTH)[0] for line in lines])
    columns[at + 1 : at + 1] = [train, _validation(lines)]
    return columns


def plain_table(sheet: Sheet) -> list[Column]:
    """Any other table."""
    shown, rows = sheet.written()
    return [
        Column(column.heading, [text(row[place]) for row in rows], column.number, _FOLDS.get(column.heading))
        for place, column in enumerate(shown)
    ]


def _validation(lines: Sequence[Line]) -> Column:
    """The validation curves with the best marked."""
    curves, marks = [], {}
    for row, line in enumerate(lines):
        val, best = line.curves.attempt.val, line.row.judgement.best
        at = None if best is None else int(val.steps.searchsorted(best.step))
        drawn, mark = sparkline(val.values, _CURVE_WIDTH, at)
        curves.append(drawn)
        if mark is not None:
            marks[row] = Paint(mark, mark + 1, _BEST_COLOUR)
    return Column("val curve", curves, paints=marks)


def _terminal() -> tuple[int | None, bool]:
    """The width of the terminal that standard output is, None where it is none, and whether it wants colours."""
    if not (sys.stdout.isatty() or "FORCE_COLOR" in os.environ):
        return None, False
    # What a terminal can, and what its user wants of it, is a long story that is told there.
    from rich.console import Console

    console = Console()
    colours = console.is_terminal and console.color_system is not None and not console.no_color
    return (console.width if console.is_terminal else None), colours


def _whole(number: str | None) -> int:
    return int(number) if number and number.isdecimal() else 0
