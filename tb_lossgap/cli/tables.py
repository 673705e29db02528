"""Sheets as tables for a terminal: as many columns as it is wide, with a sparkline of every curve."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING
from typing import NamedTuple

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tb_lossgap.cli.sparkline import sparkline
from tb_lossgap.cli.words import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from rich.console import RenderableType

    from tb_lossgap.cli.lines import Line
    from tb_lossgap.cli.sheet import Sheet

# A pipe or a file has no width; this one leaves room for the reasons.
_WIDTH_OF_A_PIPE = 200
_CURVE_WIDTH = 12
_LEAST_WHY = 36
_LEAST_NAME = 16
# Columns that go, the first one first, where the terminal is too narrow for all.
_DISPENSABLE = (
    *("why", "train curve", "gap@best", "final", "Δ final gap", "Δ final", "stop", "onset", "@step", "Δ best"),
    *("val curve", "final gap", "#"),
)
# A blank on both sides of a cell, and one between two columns.
_AROUND = 3

_COLOURS = {
    "diverged": "red",
    "overfit": "red",
    "underfit": "yellow",
    "still-improving": "cyan",
    "good-fit": "green",
}


class _Column(NamedTuple):
    """A column of a table for the terminal."""

    heading: str
    cells: list[Text]
    number: bool

    @property
    def width(self) -> int:
        """How wide it wants to be; long texts fold."""
        widest = max((cell.cell_len for cell in (Text(self.heading), *self.cells)), default=0)
        if self.heading == "why":
            return _LEAST_WHY
        return min(widest, _LEAST_NAME) if self.heading == "training" else widest


def printed(make: Callable[[int], RenderableType], path: str | None = None) -> str:
    """A table as text, with the colours and the width of the terminal, or without and wide for a pipe or a file.

    Args:
        make: Makes the table for a width.
        path: The file that it is for, None for standard output.
    """
    real = Console() if path is None else Console(file=io.StringIO())
    console = Console(
        file=(text := io.StringIO()),
        width=real.width if real.is_terminal or "COLUMNS" in os.environ else _WIDTH_OF_A_PIPE,
        force_terminal=real.is_terminal,
        color_system=real.color_system,  # type: ignore[arg-type]  # it gives what it takes
        no_color=real.no_color,
        legacy_windows=False,
        highlight=False,
    )
    console.print(make(console.width))
    return text.getvalue()


def trainings_table(sheet: Sheet, lines: Sequence[Line], width: int) -> Table:
    """The table of trainings; verdicts are tinted, and the curves stand behind them."""
    columns = _columns(sheet)
    for line, cell in zip(lines, next(one for one in columns if one.heading == "verdict").cells, strict=True):
        cell.stylize(_COLOURS.get(line.row.judgement.verdict, ""))
    after = next(place for place, one in enumerate(columns) if one.heading == "verdict") + 1
    columns[after:after] = [
        _Column("train curve", [_curve(line, "train") for line in lines], number=False),
        _Column("val curve", [_curve(line, "val") for line in lines], number=False),
    ]
    return _table(columns, width)


def plain_table(sheet: Sheet, width: int) -> Table:
    """Any other table."""
    return _table(_columns(sheet), width)


def _columns(sheet: Sheet) -> list[_Column]:
    shown, rows = sheet.written()
    return [
        _Column(column.heading, [Text(text(row[place])) for row in rows], column.number)
        for place, column in enumerate(shown)
    ]


def _curve(line: Line, side: str) -> Text:
    attempt, best = line.curves.attempt, line.row.judgement.best
    if side == "train":
        return Text(sparkline(attempt.train.values, _CURVE_WIDTH)[0])
    at = None if best is None else int(np.searchsorted(attempt.val.steps, best.step))
    drawn, mark = sparkline(attempt.val.values, _CURVE_WIDTH, at)
    curve = Text(drawn)
    if mark is not None:
        curve.stylize("bold green", mark, mark + 1)
    return curve


def _table(columns: list[_Column], width: int) -> Table:
    """As many columns as fit."""
    for heading in _DISPENSABLE:
        if sum(one.width + _AROUND for one in columns) <= width:
            break
        columns = [one for one in columns if one.heading != heading]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for one in columns:
        folds = one.heading in {"why", "training", "group", "verdicts"}
        table.add_column(
            one.heading,
            justify="right" if one.number else "left",
            no_wrap=not folds,
            overflow="fold" if folds else "ellipsis",
            min_width=min(one.width, _LEAST_NAME) if one.heading == "training" else None,
            ratio=1 if one.heading == "why" else None,
        )
    for row in zip(*(one.cells for one in columns), strict=True):
        table.add_row(*row)
    return table
