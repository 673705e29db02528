"""Columns of text laid out for a width: measured, folded and coloured, thousands of rows in a blink."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING
from typing import NamedTuple

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

_BETWEEN = "   "
# A number stays with its unit, behind a blank at which no line ends; no cell holds this sign.
_LOOSE, _TIED = " %", "\x1f%"


class Paint(NamedTuple):
    """Which characters of a cell are coloured, and how: an SGR parameter of ECMA-48, such as "31" for red."""

    start: int
    end: int
    colour: str


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        heading: What stands above it.
        cells: Its texts without control characters, one a row.
        number: Whether they stand at its right edge.
        least: How narrow it may become, by folding its texts; None where they are not to be folded.
        paints: Colours by row, where texts are not to be folded.
    """

    heading: str
    cells: Sequence[str]
    number: bool = False
    least: int | None = None
    paints: Mapping[int, Paint] = field(default_factory=dict)

    @cached_property
    def widest(self) -> int:
        """How many characters it needs to fold nothing."""
        return max(map(_length, (self.heading, *self.cells)))

    @property
    def needed(self) -> int:
        """How many characters it needs at the least."""
        return self.widest if self.least is None else min(max(self.least, _length(self.heading)), self.widest)


def needed(columns: Sequence[Column]) -> int:
    """How many characters a table of such columns needs at the least."""
    return sum(column.needed for column in columns) + len(_BETWEEN) * (len(columns) - 1)


def laid_out(columns: Sequence[Column], width: int, *, colours: bool) -> Iterator[str]:
    """The lines of a table: headings, a rule, and those of each row.

    What the width has beyond `needed` is shared by the columns that fold, as far as they have a use for it.
    """
    widths = _widths(columns, width)
    yield _joined(_placed(column, column.heading, size) for column, size in zip(columns, widths, strict=True))
    yield "─" * (sum(widths) + len(_BETWEEN) * (len(widths) - 1))
    blanks = [" " * size for size in widths]
    blocks = (_blocks(column, size, colours=colours) for column, size in zip(columns, widths, strict=True))
    for row in zip(*blocks, strict=True):
        for pieces in zip_longest(*row):
            yield _joined(piece or blank for piece, blank in zip(pieces, blanks, strict=True))


def _widths(columns: Sequence[Column], width: int) -> list[int]:
    spare = max(width - needed(columns), 0)
    widths = [column.needed for column in columns]
    by_wish = sorted(range(len(columns)), key=lambda at: columns[at].widest - widths[at])
    for position, at in enumerate(by_wish):
        more = min(columns[at].widest - widths[at], spare // (len(columns) - position))
        widths[at] += more
        spare -= more
    return widths


def _blocks(column: Column, width: int, *, colours: bool) -> Iterator[list[str]]:
    """The lines of each cell."""
    for row, text in enumerate(column.cells):
        if column.least is not None:
            yield [_placed(column, line, width) for line in _folded(text, width)]
        elif colours and (paint := column.paints.get(row)):
            start, end, colour = paint
            yield [_placed(column, text, width, f"{text[:start]}\x1b[{colour}m{text[start:end]}\x1b[0m{text[end:]}")]
        else:
            yield [_placed(column, text, width)]


def _placed(column: Column, text: str, width: int, painted: str = "") -> str:
    """A text with blanks at one of its sides; colours take no room."""
    if text.isascii() and not painted:
        return text.rjust(width) if column.number else text.ljust(width)
    blanks = " " * (width - _length(text))
    shown = painted or text
    return blanks + shown if column.number else shown + blanks


def _joined(pieces: Iterator[str]) -> str:
    return _BETWEEN.join(pieces).rstrip()


def _folded(text: str, width: int) -> list[str]:
    """A text in lines of a width, broken at blanks and behind slashes, and elsewhere only where a line has neither."""
    if _length(text) <= width:
        return [text]
    lines, rest = [], text.replace(_LOOSE, _TIED)
    while _length(rest) > width:
        most = _fitting(rest, width)
        end = max(rest.rfind(" ", 0, most + 1), rest.rfind("/", 0, most) + 1)
        lines.append(rest[: end if end > 0 else most])
        rest = rest[len(lines[-1]) :].lstrip(" ")
    return [line.replace(_TIED, _LOOSE) for line in (*lines, rest) if line]


def _fitting(text: str, width: int) -> int:
    """How many characters of a text that is wider than that fit in a width; one at the least."""
    if text.isascii():
        return width
    return max(next(most for most in range(len(text)) if _length(text[: most + 1]) > width), 1)


def _length(text: str) -> int:
    """How many columns of a terminal a text takes: most letters one, Chinese ones two."""
    return len(text) if text.isascii() else cell_len(text)
