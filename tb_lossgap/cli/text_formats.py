"""Sheets as text that other programs read: CSV, Markdown, LaTeX."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tb_lossgap.cli.sheet import Cell
    from tb_lossgap.cli.sheet import Sheet

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "–": "--",
    "−": "$-$",
    "±": r"$\pm$",
    "Δ": r"$\Delta$",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def csv_cell(cell: Cell) -> Cell:
    """A cell in which a spreadsheet sees no formula: a text that looks like one gets an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def csv_row(cells: Iterable[Cell]) -> str:
    """One line of CSV without its end."""
    text = io.StringIO()
    # Before Python 3.13 only what is in the line's end is quoted, and names may hold either sign.
    csv.writer(text, lineterminator="\r\n").writerow([csv_cell(cell) for cell in cells])
    return text.getvalue().removesuffix("\r\n")


def to_csv(sheet: Sheet) -> str:
    """Comma-separated values, unrounded, an empty cell where there is none."""
    lines = ([column.name for column in sheet.columns], *sheet.rows)
    return "".join(f"{csv_row(line)}\n" for line in lines)


def to_markdown(sheet: Sheet) -> str:
    """A table of GitHub's Markdown."""
    columns, rows = sheet.written()
    heads = [_markdown(column.heading) for column in columns]
    rule = ["--:" if column.number else "---" for column in columns]
    lines = [heads, rule, *([_markdown(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def to_latex(sheet: Sheet) -> str:
    """A table for the package booktabs."""
    columns, rows = sheet.written()
    align = "".join("r" if column.number else "l" for column in columns)
    head, *body = (" & ".join(map(_latex, line)) + r" \\" for line in ([column.heading for column in columns], *rows))
    parts = (rf"\begin{{tabular}}{{{align}}}", r"\toprule", head, r"\midrule", *body, r"\bottomrule", r"\end{tabular}")
    return "".join(f"{part}\n" for part in parts)


def _latex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text)
