from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tb_lossgap.cli.layout import Column
from tb_lossgap.cli.layout import Paint
from tb_lossgap.cli.layout import laid_out
from tb_lossgap.cli.layout import needed

TEXTS = st.text(alphabet="ab/ 1%–日█", max_size=40)


@st.composite
def tables(draw: st.DrawFn) -> list[Column]:
    rows = draw(st.integers(0, 4))
    cells = st.lists(TEXTS, min_size=rows, max_size=rows)
    # Half a Chinese letter cannot be shown: a column is at least two wide.
    columns = st.builds(Column, TEXTS, cells, st.booleans(), st.one_of(st.none(), st.integers(2, 12)))
    return draw(st.lists(columns, min_size=1, max_size=4))


@given(tables(), st.integers(1, 100))
def test_no_line_is_longer_than_the_width_or_what_is_needed(table: list[Column], width: int) -> None:
    for line in laid_out(table, width, colours=False):
        assert cell_len(line) <= max(width, needed(table))


@given(st.lists(TEXTS, min_size=1, max_size=4), st.integers(2, 60))
def test_folding_loses_nothing_but_blanks(texts: list[str], width: int) -> None:
    lines = list(laid_out([Column("", texts, least=2)], width, colours=False))
    shown = "".join(lines[2:])
    assert "".join(shown.split()) == "".join("".join(texts).split())


@given(tables(), st.integers(1, 100))
def test_colours_move_nothing(table: list[Column], width: int) -> None:
    painted = [
        replace(one, paints={row: Paint(0, len(cell) // 2, "31") for row, cell in enumerate(one.cells)})
        for one in table
    ]
    lines = laid_out(painted, width, colours=True)
    bare = [re.sub("\x1b\\[[0-9;]*m", "", line).rstrip() for line in lines]
    assert bare == list(laid_out(table, width, colours=False))


def test_words_stay_whole_and_numbers_with_their_unit() -> None:
    table = [Column("name", ["a"]), Column("why", ["it rose by 44 % above 日本語"], least=8)]
    assert list(laid_out(table, 20, colours=False)) == [
        "name   why",
        "─" * 20,
        "a      it rose by",
        "       44 % above",
        "       日本語",
    ]


def test_paths_are_broken_behind_slashes() -> None:
    lines = laid_out([Column("name", ["logs/homework/adam-with-a-long-name"], least=10)], 16, colours=False)
    assert list(lines)[2:] == ["logs/homework/", "adam-with-a-long", "-name"]


def test_columns_share_what_there_is() -> None:
    table = [Column("a", ["x" * 30], least=4), Column("b", ["y" * 8], least=4), Column("c", ["z" * 30], least=4)]
    assert list(laid_out(table, 54, colours=False))[2] == "   ".join(["x" * 20, "y" * 8, "z" * 20])


def test_numbers_stand_below_one_another() -> None:
    lines = laid_out([Column("#", ["9", "10"], number=True), Column("name", ["a", "b"])], 80, colours=False)
    assert list(lines)[2:] == [" 9   a", "10   b"]
