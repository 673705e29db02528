"""All that can be said of an attempt before a reader turns a parameter: computed once, then judged many times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tb_lossgap.analysis.align import align
from tb_lossgap.analysis.parameters import MEDIAN_WINDOW
from tb_lossgap.analysis.parameters import TAIL_POINTS
from tb_lossgap.analysis.parameters import TAIL_SHARE
from tb_lossgap.analysis.robust import median
from tb_lossgap.analysis.robust import noise
from tb_lossgap.analysis.robust import running_median
from tb_lossgap.analysis.stops import same_sign
from tb_lossgap.model import Point

if TYPE_CHECKING:
    from tb_lossgap.analysis.align import Alignment
    from tb_lossgap.model import Direction
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray
    from tb_lossgap.model import Series


@dataclass(frozen=True, slots=True)
class Trend:
    """The finite part of a series, turned so that lower is better, and its robust figures.

    Attributes:
        index: Which points of the series are finite, int64, shape (m,), m >= 1.
        loss: Those values, shape (m,).
        smooth: Their running median, shape (m,).
        best: Index into `loss` of the minimum of the running median.
        low: The running median there.
        start: Median of the first points.
        tail: Median of the last points.
        spread: Standard deviation of the noise.
        scale: What shares and percentages are of at a value: None for its own size, else the values' range.
    """

    index: IntArray
    loss: FloatArray
    smooth: FloatArray
    best: int
    low: float
    start: float
    tail: float
    spread: float
    scale: float | None

    def share(self, change: float, of: float) -> float:
        """Return a change as a share of the size of `of`, or of the range where sizes mean nothing."""
        scale = abs(of) if self.scale is None else self.scale
        return change / scale if scale > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """One attempt, measured. `val` and `train` are None where the series has no finite value.

    Attributes:
        series: The cleaned validation series.
        train_series: The cleaned training series.
        alignment: The two on one axis.
        direction: Whether lower ("min") or higher ("max") is better.
        val: Trend of the validation series.
        train: Trend of the training values at the validation steps.
        best: First best raw validation point.
        final: Last validation point.
        gap_at_best: Gap at `best`, or None.
        final_gap: Gap at `final`, or None.
        duration: Seconds from the first to the last point of both series.
    """

    series: Series
    train_series: Series
    alignment: Alignment
    direction: Direction
    val: Trend | None
    train: Trend | None
    best: Point | None
    final: Point | None
    gap_at_best: float | None
    final_gap: float | None
    duration: float


def measure(train: Series, val: Series, *, direction: Direction = "min", half_epoch: bool = False) -> Measured:
    """Measure one cleaned attempt; `judge` then needs little time for each setting of its parameters.

    Args:
        train: Cleaned training series (`attempts`), of any length and any float values.
        val: Cleaned validation series.
        direction: "min" where lower is better.
        half_epoch: See `align`.
    """
    with np.errstate(all="ignore"):
        alignment = align(train, val, half_epoch=half_epoch)
        trend = _trend(val.values, direction)
        best = None if trend is None else int(trend.index[np.argmin(trend.loss)])
        last = len(val) - 1
        return Measured(
            series=val,
            train_series=train,
            alignment=alignment,
            direction=direction,
            val=trend,
            train=_trend(alignment.train, direction),
            best=None if best is None else Point(int(val.steps[best]), float(val.values[best])),
            final=None if last < 0 else Point(int(val.steps[last]), float(val.values[last])),
            gap_at_best=None if best is None else _finite(alignment.gap[best]),
            final_gap=None if last < 0 else _finite(alignment.gap[last]),
            duration=_duration(train, val),
        )


def _trend(values: FloatArray, direction: Direction) -> Trend | None:
    index = np.flatnonzero(np.isfinite(values))
    if len(index) == 0:
        return None
    finite = values[index]
    loss = finite if direction == "min" else -finite
    smooth = running_median(loss, MEDIAN_WINDOW)
    best = int(np.argmin(smooth))
    tail = max(TAIL_POINTS, round(len(loss) * TAIL_SHARE))
    return Trend(
        index=index,
        loss=loss,
        smooth=smooth,
        best=best,
        low=float(smooth[best]),
        start=float(loss[0]),
        tail=median(loss[-tail:]),
        spread=noise(loss),
        scale=None if same_sign(finite) else float(finite.max() - finite.min()),
    )


def _finite(value: np.float64) -> float | None:
    return float(value) if np.isfinite(value) else None


def _duration(train: Series, val: Series) -> float:
    times = [float(t) for s in (train, val) if len(s) for t in (s.wall_times[0], s.wall_times[-1])]
    spent = max(times) - min(times) if times else 0.0
    return spent if np.isfinite(spent) else 0.0
