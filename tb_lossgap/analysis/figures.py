"""The figures that the verdicts are read from, all in percent and free of the reader's parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tb_lossgap.analysis import parameters as table
from tb_lossgap.analysis.robust import median
from tb_lossgap.analysis.trend import tail_points

if TYPE_CHECKING:
    from tb_lossgap.analysis.align import Alignment
    from tb_lossgap.analysis.trend import Trend
    from tb_lossgap.model import Direction

# A median of k values scatters by this many standard deviations of one value, over the root of k.
_MEDIAN_SCATTER = (np.pi / 2) ** 0.5


@dataclass(frozen=True, slots=True)
class Figures:
    """What the verdicts look at. Worse is up, also for metrics where higher is better; NaN where training is unknown.

    Attributes:
        noise: Standard deviation of validation's noise, of its best.
        rise: How far validation's tail lies above its robust best.
        rise_counts: Whether that is more than the noise makes.
        val_up: How far validation's tail lies above its start.
        val_back: How much of validation's fall was lost again.
        val_fell: How far validation fell from its start to its best.
        val_counts: Whether that is more than the noise makes.
        train_up: How far training's tail lies above its start.
        train_back: How much of training's fall was lost again.
        train_fell_most: How far training fell from its start to its best.
        train_fell: How far training fell from its start to its tail.
        train_counts: Whether that is more than the noise makes.
        train_since: How far training fell since validation's best.
        recent_fall: How far validation fell recently.
        recent_points: Over how many points that was.
        recent_counts: Whether it is more than the noise makes, goes on to the end, and the best is recent.
        settled: Share of the points at the end since which validation has been near its tail.
        train_late: How far training fell over the last third.
        below: Share of the second half's points where validation is better than training.
        below_by: By how much of the training value, in their median.
        ratio: Validation over training at the first points.
    """

    noise: float
    rise: float
    rise_counts: bool
    val_up: float
    val_back: float
    val_fell: float
    val_counts: bool
    train_up: float
    train_back: float
    train_fell_most: float
    train_fell: float
    train_counts: bool
    train_since: float
    recent_fall: float
    recent_points: int
    recent_counts: bool
    settled: float
    train_late: float
    below: float
    below_by: float
    ratio: float


def figures_of(val: Trend | None, train: Trend | None, alignment: Alignment, direction: Direction) -> Figures | None:
    """Read the figures off two trends and their alignment; None where validation has too few points to say anything."""
    if val is None or len(val.loss) < table.ENOUGH_POINTS:
        return None
    n, tail = len(val.loss), tail_points(len(val.loss))
    rise = max(val.tail - val.low, 0.0) if val.best < n - tail else 0.0
    recent = min(max(2 * tail, round(n * table.RECENT_SHARE)), n)
    before = median(val.loss[n - recent : n - recent + tail])
    midway = median(val.loss[n - recent // 2 - tail // 2 :][:tail])
    scatter = table.SIGNIFICANT * _MEDIAN_SCATTER * (2 / tail) ** 0.5 * val.noise_at_tail
    fell = before - val.tail
    limit = val.tail + table.FLAT / 100 * (abs(val.tail) if val.range is None else val.range)
    above = np.flatnonzero(val.smooth > limit)
    settled = int(above[-1]) + 1 if len(above) else 0
    below, below_by, ratio = _compared(alignment, direction)
    return Figures(
        noise=val.percent(val.noise_at_tail, val.low),
        rise=val.percent(rise, val.low),
        rise_counts=_counts(val, rise, tail),
        val_up=val.percent(val.tail - val.start, val.start),
        val_back=_way_back(val),
        val_fell=val.percent(val.start - val.low, val.start),
        val_counts=val.start - val.low > table.SIGNIFICANT * max(val.noise_at_best, val.noise_at_tail),
        train_up=np.nan if train is None else train.percent(train.tail - train.start, train.start),
        train_back=np.nan if train is None else _way_back(train),
        train_fell_most=np.nan if train is None else train.percent(train.start - train.low, train.start),
        train_fell=np.nan if train is None else train.percent(train.start - train.tail, train.start),
        train_counts=train is not None and train.start - train.tail > table.SIGNIFICANT * train.noise_at_tail,
        train_since=_fell_since(train, val, val.best),
        recent_fall=val.percent(fell, before),
        recent_points=recent,
        recent_counts=fell > scatter and midway - val.tail > table.GOES_ON * fell and val.best >= n - recent,
        settled=100.0 * (n - settled) / n,
        train_late=_fell_since(train, val, n - 1 - n // 3),
        below=below,
        below_by=below_by,
        ratio=ratio,
    )


def _counts(val: Trend, rise: float, tail: int) -> bool:
    """Tell whether noise alone rarely makes such a rise, above the running median or above the best block.

    Blocks as long as the tail see a small rise in a long and noisy series, where some running median is always low.
    """
    noise = max(val.noise_at_best, val.noise_at_tail)
    if rise > (table.SIGNIFICANT if tail > table.SHORT_TAIL else table.SHORT_SIGNIFICANT) * noise:
        return True
    blocks = np.sort(val.loss[len(val.loss) % tail :].reshape(-1, tail), axis=1)
    above_best_block = val.tail - float(blocks[:, tail // 2].min())
    return above_best_block > table.SIGNIFICANT_BLOCKS * _MEDIAN_SCATTER / tail**0.5 * noise


def _way_back(trend: Trend) -> float:
    fall = trend.start - trend.low
    return 100.0 * (trend.tail - trend.low) / fall if fall > 0 else 0.0


def _fell_since(train: Trend | None, val: Trend, since: int) -> float:
    """Return how far training fell from validation's point `since` to its tail, NaN where it ended before."""
    if train is None or val.index[since] >= train.index[-1]:
        return np.nan
    value = float(train.smooth[np.searchsorted(train.index, val.index[since])])
    return train.percent(value - train.tail, value)


def _compared(alignment: Alignment, direction: Direction) -> tuple[float, float, float]:
    """Return `below`, `below_by` and `ratio`."""
    known = np.flatnonzero(np.isfinite(alignment.gap))
    if len(known) == 0:
        return 0.0, 0.0, 1.0
    first = known[: table.TAIL_POINTS]
    ratio = median(alignment.val[first]) / (median(alignment.train[first]) or np.nan)
    half = known[known >= len(alignment.steps) // 2]
    if len(half) == 0:
        return 0.0, 0.0, float(ratio)
    better = -alignment.gap[half] if direction == "min" else alignment.gap[half]
    share = 100.0 * median(better) / (abs(median(alignment.train[half])) or np.nan)
    return float(100.0 * (better > 0).mean()), share, float(ratio)
