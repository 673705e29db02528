from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tb_lossgap.cli import words
from tb_lossgap.cli.sheet import Column
from tb_lossgap.cli.sheet import Sheet
from tb_lossgap.cli.sparkline import sparkline
from tb_lossgap.cli.text_formats import csv_cell
from tb_lossgap.cli.text_formats import to_csv
from tb_lossgap.cli.text_formats import to_latex
from tb_lossgap.cli.text_formats import to_markdown


def sheet(*cells: str) -> Sheet:
    return Sheet((Column("name", str, "name"),), tuple((cell,) for cell in cells))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    assert csv_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("cell", [-1.5, -3, "a=b", "", None])
def test_other_cells_stay_as_they_are(cell: float | str | None) -> None:
    assert csv_cell(cell) == cell


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1))
def test_csv_reads_back_as_what_was_written(cells: list[str]) -> None:
    rows = list(csv.reader(io.StringIO(to_csv(sheet(*cells)), newline="")))
    assert [row[0] if row else "" for row in rows[1:]] == [csv_cell(cell) for cell in cells]


def test_latex_takes_names_as_text() -> None:
    assert r"a\&b\_c \%\$\#\{x\} \textasciitilde{}\textbackslash{}\textasciicircum{}" in to_latex(
        sheet(r"a&b_c %$#{x} ~\^")
    )


def test_markdown_takes_names_as_text() -> None:
    (_, _, row) = to_markdown(sheet("|a| *b* `c` <i> [d](e)")).splitlines()
    assert row == r"| \|a\| \*b\* \`c\` \<i\> \[d\](e) |"


@given(st.text())
def test_no_name_brings_a_second_line_or_a_command_for_the_terminal(name: str) -> None:
    assert words.text(name).isprintable()


def test_the_best_is_marked_where_it_stands() -> None:
    assert sparkline(np.array([8.0, 4.0, 1.0, 2.0]), 16, best=2) == ("█▄●▂", 2)


def test_a_long_curve_is_as_wide_as_it_may_be_and_keeps_its_mark() -> None:
    drawn, mark = sparkline(np.linspace(1, 0, 1000), 10, best=999)
    assert (len(drawn), mark, drawn[-1]) == (10, 9, "●")


def test_what_is_not_finite_is_blank() -> None:
    assert sparkline(np.array([1.0, np.nan, 0.0]), 16) == ("█ ▁", None)
    assert sparkline(np.array([np.nan, np.inf]), 16, best=None) == ("  ", None)
    assert sparkline(np.zeros(0), 16) == ("", None)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.5, "0.5 s"), (59.4, "59.4 s"), (75, "1 m 15 s"), (7300, "2 h 1 m"), (90000, "1 d 1 h"), (None, "–")],
)
def test_a_duration_has_its_two_largest_units(seconds: float | None, said: str) -> None:
    assert words.duration(seconds) == said


@given(st.lists(st.floats(), max_size=60), st.integers(1, 20))
def test_a_sparkline_of_any_values_has_a_character_for_each_of_their_shares(values: list[float], width: int) -> None:
    best = len(values) - 1 if values else None
    drawn, mark = sparkline(np.array(values, np.float64), width, best)
    assert len(drawn) == min(len(values), width)
    assert mark is None or mark == len(drawn) - 1
