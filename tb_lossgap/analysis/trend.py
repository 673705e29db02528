"""The robust course of one series: its running median, best, start, tail and noise."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

import numpy as np

from tb_lossgap.analysis import parameters as table
from tb_lossgap.analysis.robust import one_sign
from tb_lossgap.analysis.robust import outline

if TYPE_CHECKING:
    from tb_lossgap.model import Direction
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray


class Trend(NamedTuple):
    """The finite values of a series, turned so that lower is better, and their robust figures.

    Attributes:
        finite: Which points of the series are finite, int64, shape (m,), m >= 1; None where all are.
        loss: Their values, negated where higher is better, shape (m,).
        lowest: Index of the first minimum of `loss`.
        smooth: Running median of `loss`, shape (m,).
        best: Index of the first minimum of `smooth`.
        low: That minimum.
        start: Median of the first values.
        tail: Median of the last values.
        tail_points: How many are the last.
        noise_at_best: Standard deviation of the noise around `best`.
        noise_at_tail: The same at the end.
        range: None where a percentage is of the value it starts from; the range of the values where they change sign.
    """

    finite: IntArray | None
    loss: FloatArray
    lowest: int
    smooth: FloatArray
    best: int
    low: float
    start: float
    tail: float
    tail_points: int
    noise_at_best: float
    noise_at_tail: float
    range: float | None

    @property
    def is_whole(self) -> bool:
        """Whether every value of the series is finite."""
        return self.finite is None

    def point(self, place: int) -> int:
        """Return which point of the series is the finite one at a place, 0 for the first and -1 for the last."""
        if self.finite is not None:
            return int(self.finite[place])
        return place if place >= 0 else len(self.loss) + place

    def place(self, point: int) -> int:
        """Return the place among the finite ones of a point of the series, or of the first finite one after it."""
        return point if self.finite is None else int(np.searchsorted(self.finite, point))

    @property
    def noise(self) -> float:
        """The larger of the noises around the best and at the end."""
        return max(self.noise_at_best, self.noise_at_tail)

    def whole(self, value: float) -> float:
        """Return what 100 percent of a value are: its size, or the range where values change sign."""
        return abs(value) if self.range is None else self.range

    def percent(self, change: float, of: float) -> float:
        """Return a change in percent of the value it starts from, 0 of nothing."""
        whole = self.whole(of)
        return change / whole * 100.0 if whole > 0 else 0.0


def trend_of(values: FloatArray, direction: Direction) -> Trend | None:
    """Return the trend of the finite ones of `values`, shape (n,), or None where there are none."""
    are_finite = np.isfinite(values)
    index = None if np.count_nonzero(are_finite) == len(values) else np.flatnonzero(are_finite)
    finite = values if index is None else values[index]
    if len(finite) == 0:
        return None
    loss = finite if direction == "min" else -finite
    few, tail = len(loss) < table.FEW_POINTS, tail_points(len(loss))
    seen = outline(
        loss,
        window=table.SHORT_WINDOW if few else table.MEDIAN_WINDOW,
        first=table.SHORT_BLOCK if few else table.TAIL_POINTS,
        last=tail,
        around=table.NOISE_REACH,
        end=2 * max(table.NOISE_REACH, tail),
    )
    low, high = float(loss[seen.lowest]), seen.high
    return Trend(
        finite=index,
        loss=loss,
        lowest=seen.lowest,
        smooth=seen.smooth,
        best=seen.best,
        low=float(seen.smooth[seen.best]),
        start=seen.start,
        tail=seen.tail,
        tail_points=tail,
        noise_at_best=seen.noise_at_best,
        noise_at_tail=seen.noise_at_tail,
        range=None if one_sign(low, high, loss) else high - low,
    )


def tail_points(n: int) -> int:
    """Return how many of `n` points are the tail."""
    return max(table.TAIL_POINTS, round(n * table.TAIL_SHARE))
