"""How numbers and changes are said in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

if TYPE_CHECKING:
    from tb_lossgap.model import Direction


class Words(NamedTuple):
    """How changes of a quantity are called, for which worse is up (a loss) or down (an accuracy)."""

    worsened: str
    improved: str
    beyond: str
    better_side: str


_BEYOND_REASON: Final = 1_000_000

_WORDS: dict[Direction, Words] = {
    "min": Words("rose", "fell", "above", "below"),
    "max": Words("fell", "rose", "below", "above"),
}


def words_of(direction: Direction) -> Words:
    """Return the words for a quantity of this direction."""
    return _WORDS[direction]


def value_of(direction: Direction, loss: float) -> str:
    """Return a value, given turned so that lower is better, as it was logged."""
    # Added to 0, a value that is nothing has no sign.
    return f"{0.0 + (loss if direction == 'min' else -loss):.4g}"


def percent(value: float) -> str:
    """Return a percentage: two digits below 10 %, none after the point above, "over 1,000,000 %" beyond reason."""
    if abs(value) > _BEYOND_REASON:
        return f"over {'-' if value < 0 else ''}{_BEYOND_REASON:,} %"
    return f"{value:,.0f} %" if abs(value) >= 9.95 else f"{value:.2g} %"  # noqa: PLR2004


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: "1 point", "2 points"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
