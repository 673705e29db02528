"""A curve as one line of block characters."""

from __future__ import annotations

import math
from bisect import bisect_right
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING
from typing import Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray

_BARS: Final = "▁▂▃▄▅▆▇█"
_BEST: Final = "●"
_NOTHING: Final = " "
# The scale ends at this share of the characters in the order of their size.
_HIGH: Final = 0.95


def sparkline(values: FloatArray, width: int, best: int | None = None) -> tuple[str, int | None]:
    """Draws a curve.

    Each character is the mean of its share of the points. The scale reaches from the lowest to about the 95th
    percentile, so that a first loss of thousands does not flatten the rest.

    Args:
        values: Shape (n,); what is not finite leaves a blank.
        width: How many characters at most; fewer points are a character each.
        best: Index of the best point, which is marked.

    Returns:
        The characters, and at which of them the mark stands.
    """
    if len(values) == 0:
        return "", None
    width = min(width, len(values))
    edges = _edges(len(values), width)
    means = _means(values, edges)
    known = sorted([mean for mean in means if mean is not None])
    if not known:
        return _NOTHING * width, None
    low, high = known[0], known[round(_HIGH * (len(known) - 1))]
    span = (high - low) or 1.0
    top = len(_BARS) - 1
    high = low + span
    bars = [
        _NOTHING if mean is None else _BARS[top if mean >= high else round((mean - low) / span * top)] for mean in means
    ]
    if best is None:
        return "".join(bars), None
    mark = bisect_right(edges, best) - 1
    bars[mark] = _BEST
    return "".join(bars), mark


@lru_cache(maxsize=256)
def _edges(points: int, width: int) -> tuple[int, ...]:
    """The point at which each character's share begins, and the end of the last."""
    return tuple(place * points // width for place in range(width + 1))


@lru_cache(maxsize=256)
def _shares(edges: Sequence[int]) -> tuple[IntArray, IntArray]:
    """Where each share begins, and twice its length."""
    return np.array(edges[:-1]), 2 * np.diff(edges)


def _means(values: FloatArray, edges: Sequence[int]) -> Sequence[float | None]:
    """Half the mean of the finite values between each edge and the next, None where there are none.

    No two halves are infinitely far apart.
    """
    starts, doubled = _shares(edges)
    with np.errstate(all="ignore"):
        halves: list[float] = (np.add.reduceat(values, starts) / doubled).tolist()
        if math.isfinite(sum(halves)):
            return halves
    means: list[float | None] = []
    for start, end in pairwise(edges):
        finite = values[start:end][np.isfinite(values[start:end])]
        means.append(float((finite / len(finite) / 2).sum()) if len(finite) else None)
    return means
