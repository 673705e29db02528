"""The robust course of one series: its running median, best, start, tail and noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tb_lossgap.analysis import parameters as table
from tb_lossgap.analysis.robust import median
from tb_lossgap.analysis.robust import noise
from tb_lossgap.analysis.robust import running_median
from tb_lossgap.analysis.robust import same_sign

if TYPE_CHECKING:
    from tb_lossgap.model import Direction
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """The finite values of a series, turned so that lower is better, and their robust figures.

    Attributes:
        index: Which points of the series are finite, int64, shape (m,), m >= 1.
        loss: Their values, negated where higher is better, shape (m,).
        smooth: Running median of `loss`, shape (m,).
        best: Index of the first minimum of `smooth`.
        start: Median of the first values.
        tail: Median of the last values.
        noise_at_best: Standard deviation of the noise around `best`.
        noise_at_tail: The same at the end.
        range: None where a percentage is of the value it starts from; the range of the values where they change sign.
    """

    index: IntArray
    loss: FloatArray
    smooth: FloatArray
    best: int
    start: float
    tail: float
    noise_at_best: float
    noise_at_tail: float
    range: float | None

    @property
    def low(self) -> float:
        """The running median at its best."""
        return float(self.smooth[self.best])

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
    index = np.arange(len(values)) if are_finite.all() else np.flatnonzero(are_finite)
    if len(index) == 0:
        return None
    finite = values if len(index) == len(values) else values[index]
    loss = finite if direction == "min" else -finite
    few = len(loss) < table.FEW_POINTS
    smooth = running_median(loss, table.SHORT_WINDOW if few else table.MEDIAN_WINDOW)
    best = int(np.argmin(smooth))
    reach = max(table.NOISE_REACH, tail := tail_points(len(loss)))
    return Trend(
        index=index,
        loss=loss,
        smooth=smooth,
        best=best,
        start=median(loss[: table.SHORT_BLOCK if few else table.TAIL_POINTS]),
        tail=median(loss[-tail:]),
        noise_at_best=noise(loss[max(best - table.NOISE_REACH, 0) : best + table.NOISE_REACH + 1]),
        noise_at_tail=noise(loss[-2 * reach :]),
        range=None if same_sign(finite) else float(finite.max() - finite.min()),
    )


def tail_points(n: int) -> int:
    """Return how many of `n` points are the tail."""
    return max(table.TAIL_POINTS, round(n * table.TAIL_SHARE))
