"""All that can be said of an attempt before a reader turns a parameter: computed once, then judged many times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from tb_lossgap.analysis.align import align
from tb_lossgap.analysis.caveats import caveats_of
from tb_lossgap.analysis.figures import figures_of
from tb_lossgap.analysis.trend import trend_of
from tb_lossgap.model import Point

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tb_lossgap.analysis.align import Alignment
    from tb_lossgap.analysis.figures import Figures
    from tb_lossgap.analysis.trend import Trend
    from tb_lossgap.model import Direction
    from tb_lossgap.model import Series


@dataclass(frozen=True, eq=False)
class Measured:
    """One attempt, measured.

    Attributes:
        val_series: The cleaned validation series.
        train_series: The cleaned training series.
        alignment: The two on one axis.
        direction: Whether lower ("min") or higher ("max") is better.
        val: Trend of the validation values, None where none is finite.
        train: Trend of the training values at the validation steps, None where none is finite.
        figures: What the verdicts are read from, None where too few validation values are finite.
        best: First best raw validation point.
        final: Last validation point.
        gap_at_best: Gap at `best`, or None.
        final_gap: Gap at `final`, or None.
        not_finite: Step of the first value of either series that is not finite, or None.
        gl_final: Prechelt's generalization loss of the last validation point in percent, or None.
        duration: Seconds from the first to the last point of both series.
    """

    val_series: Series
    train_series: Series
    alignment: Alignment
    direction: Direction
    val: Trend | None
    train: Trend | None
    figures: Figures | None
    best: Point | None
    final: Point | None
    gap_at_best: float | None
    final_gap: float | None
    not_finite: int | None
    gl_final: float | None
    duration: float

    @cached_property
    def caveats(self) -> tuple[str, ...]:
        """What may mislead here, a sentence each."""
        with np.errstate(all="ignore"):
            return caveats_of(self)


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
        trend, train_trend = trend_of(val.values, direction), trend_of(alignment.train, direction)
        best = None if trend is None else trend.point(trend.lowest)
        last = len(val) - 1
        # Of most series it is known by now that every value is finite.
        train_is_finite = train_trend is not None and train_trend.is_whole and alignment.train is train.values
        val_is_finite = trend is not None and trend.is_whole
        unsure = [series for series, finite in ((train, train_is_finite), (val, val_is_finite)) if not finite]
        return Measured(
            val_series=val,
            train_series=train,
            alignment=alignment,
            direction=direction,
            val=trend,
            train=train_trend,
            figures=figures_of(trend, train_trend, alignment, direction),
            best=None if best is None else Point(int(val.steps[best]), float(val.values[best])),
            final=None if last < 0 else Point(int(val.steps[last]), float(val.values[last])),
            gap_at_best=None if best is None else _finite(alignment.gap[best]),
            final_gap=None if last < 0 else _finite(alignment.gap[last]),
            not_finite=_first_not_finite(unsure),
            gl_final=None if trend is None or last != trend.point(-1) else _gl(trend),
            duration=_duration(train, val),
        )


def _finite(value: np.float64) -> float | None:
    return float(value) if isfinite(value) else None


def _gl(trend: Trend) -> float:
    low = float(trend.loss[trend.lowest])
    return trend.percent(abs(float(trend.loss[-1]) - low), low)


def _first_not_finite(series: Iterable[Series]) -> int | None:
    each = [(s.steps, np.isfinite(s.values)) for s in series]
    return min((int(steps[np.argmin(finite)]) for steps, finite in each if not finite.all()), default=None)


def _duration(train: Series, val: Series) -> float:
    times = [float(t) for s in (train, val) if len(s) for t in (s.wall_times[0], s.wall_times[-1])]
    spent = max(times) - min(times) if times else 0.0
    return spent if isfinite(spent) else 0.0
