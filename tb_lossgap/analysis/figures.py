"""The figures that the verdicts are read from, free of the reader's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

import numpy as np

from tb_lossgap.analysis import parameters as table
from tb_lossgap.analysis.robust import median

if TYPE_CHECKING:
    from tb_lossgap.analysis.align import Alignment
    from tb_lossgap.analysis.trend import Trend
    from tb_lossgap.model import Direction
    from tb_lossgap.model import IntArray

# For normal noise: the scatter of a median of k values is this over the root of k, that of a running median this.
_MEDIAN_SCATTER: Final = (np.pi / 2) ** 0.5
_SMOOTH_SCATTER: Final = 0.54


class Change(NamedTuple):
    """A change in percent of the value it starts from, and whether it is more than noise makes; NaN: not known."""

    percent: float
    counts: bool

    def reaches(self, percent: float) -> bool:
        """Tell whether the change is so large, and more than noise."""
        return self.counts and self.percent >= percent


_UNKNOWN: Final = Change(float("nan"), counts=False)


class Figures(NamedTuple):
    """What the verdicts look at. A rise is for the worse and a fall for the better, whatever the direction.

    Attributes:
        noise: Standard deviation of validation's noise at the end, in percent of its best.
        rise: Of validation's tail above its robust best.
        val_up: Of validation's tail above its start.
        val_back: How much of its fall validation lost again, in percent.
        val_fall: Of validation from its start to its best.
        train_up: Of training's tail above its start.
        train_back: How much of its fall training lost again, in percent.
        train_fall: Of training from its start to its tail.
        train_since: Fall of training since validation's best.
        train_late: Fall of training late.
        train_settled: Fall of training since validation has been near its tail.
        late: Fall of validation late; it counts where validation's best is among those points and the fall goes on.
        late_points: How many points are late.
        settled: Share of the points at the end, in percent, since which validation has been near its tail.
        below: By how much of the training value validation is better, in the median of the second half; it counts
            where it is so at nearly every point.
        below_share: At what share of those points, in percent.
        ratio: Validation over training at the first points.
    """

    noise: float
    rise: Change
    val_up: Change
    val_back: float
    val_fall: Change
    train_up: Change
    train_back: float
    train_fall: Change
    train_since: Change
    train_late: Change
    train_settled: Change
    late: Change
    late_points: int
    settled: float
    below: Change
    below_share: float
    ratio: float


def figures_of(val: Trend | None, train: Trend | None, alignment: Alignment, direction: Direction) -> Figures | None:
    """Read the figures off two trends and their alignment; None where validation has too few points to say anything."""
    if val is None or len(val.loss) < table.ENOUGH_POINTS:
        return None
    n = len(val.loss)
    block = table.SHORT_BLOCK if n < table.FEW_POINTS else val.tail_points
    late_points = max(2 * block, round(n * table.LATE_SHARE))
    settled = _settled(val)
    below, below_share, ratio = _compared(val, alignment, direction)
    return Figures(
        noise=val.percent(val.noise_at_tail, val.low),
        rise=_rise(val),
        val_up=_change(val, val.tail - val.start, val.start),
        val_back=_way_back(val),
        val_fall=_change(val, val.start - val.low, val.start),
        train_up=_UNKNOWN if train is None else _change(train, train.tail - train.start, train.start),
        train_back=0.0 if train is None else _way_back(train),
        train_fall=_UNKNOWN if train is None else _change(train, train.start - train.tail, train.start),
        train_since=_fall_since(train, val, val.best),
        train_late=_fall_since(train, val, n - late_points),
        train_settled=_fall_since(train, val, min(settled, n - 1)),
        late=_late_fall(val, late_points, block),
        late_points=late_points,
        settled=100.0 * (n - settled) / n,
        below=below,
        below_share=below_share,
        ratio=ratio,
    )


def _change(trend: Trend, size: float, of: float) -> Change:
    return Change(trend.percent(size, of), size > table.SIGNIFICANT * trend.noise)


def _rise(val: Trend) -> Change:
    """Return the rise of the tail above the best, 0 where the best is in the tail.

    The rise counts above the running median or, since that is always low somewhere in a long and noisy series, above
    the best of blocks as long as the tail. Where noise is beyond what is tolerated, the late points have to have
    risen too, not the tail alone.
    """
    n, tail = len(val.loss), val.tail_points
    if val.best >= n - tail:
        return Change(0.0, counts=False)
    rise, noise = val.tail - val.low, val.noise
    percent = val.percent(rise, val.low)
    blocks = np.sort(val.loss[n % tail :].reshape(-1, tail), axis=1)[:, tail // 2]
    above_best_block = val.tail - float(blocks.min())
    counts = (
        rise > (table.SIGNIFICANT if n >= table.FEW_POINTS else table.SHORT_SIGNIFICANT) * noise
        or above_best_block > table.SIGNIFICANT_BLOCKS * _MEDIAN_SCATTER / tail**0.5 * noise
    )
    if counts and n >= table.FEW_POINTS and val.percent(noise, val.low) >= table.NOISY:
        late = median(val.loss[-max(2 * tail, round(n * table.LATE_SHARE / 2)) :])
        counts = late - val.low > table.SHORT_SIGNIFICANT * noise
    return Change(percent, counts)


def _way_back(trend: Trend) -> float:
    fall = trend.start - trend.low
    return 100.0 * (trend.tail - trend.low) / fall if fall > 0 else 0.0


def _fall_since(train: Trend | None, val: Trend, since: int) -> Change:
    """Return the fall of training from validation's point `since` to its tail, unknown where training ended before."""
    point = val.point(since)
    if train is None or point >= train.point(-1):
        return _UNKNOWN
    value = float(train.smooth[train.place(point)])
    fall = value - train.tail
    scatter = (_SMOOTH_SCATTER**2 + _MEDIAN_SCATTER**2 / train.tail_points) ** 0.5 * train.noise_at_tail
    return Change(train.percent(fall, value), fall > table.SIGNIFICANT * scatter)


def _late_fall(val: Trend, points: int, block: int) -> Change:
    n = len(val.loss)
    before = median(val.loss[n - points : n - points + block])
    lately, end = median(val.loss[n - 2 * block : n - block]), median(val.loss[-block:])
    fall = before - end
    noise = table.SIGNIFICANT_BLOCKS * _MEDIAN_SCATTER / block**0.5 * val.noise_at_tail
    goes_on = val.best >= n - points and lately - end > table.GOES_ON / 100 * fall
    return Change(val.percent(fall, before), goes_on and fall > noise)


def _settled(val: Trend) -> int:
    """Return the index of the first point since which the running median has been near the tail."""
    noise = table.SIGNIFICANT * _SMOOTH_SCATTER * val.noise_at_tail
    near = max(table.FLAT / 100 * val.whole(val.tail), noise)
    away = (np.abs(val.smooth - val.tail) > near)[::-1]
    since_last = int(away.argmax())
    return len(away) - since_last if away[since_last] else 0


def _compared(val: Trend, alignment: Alignment, direction: Direction) -> tuple[Change, float, float]:
    """Return `below`, `below_share` and `ratio`."""
    if alignment.with_gap == 0:
        return _UNKNOWN, 0.0, 1.0
    middle = len(alignment.steps) // 2
    first: slice | IntArray
    half: slice | IntArray
    if alignment.with_gap == len(alignment.steps):
        first, half = slice(table.TAIL_POINTS), slice(middle, None)
    else:
        known = np.flatnonzero(np.isfinite(alignment.gap))
        first, half = known[: table.TAIL_POINTS], known[known >= middle]
    ratio = median(alignment.val[first]) / (median(alignment.train[first]) or np.nan)
    better = -alignment.gap[half] if direction == "min" else alignment.gap[half]
    if len(better) == 0:
        return _UNKNOWN, 0.0, ratio
    by = median(better)
    share = 100.0 * (float(np.count_nonzero(better > 0)) / len(better))
    percent = 100.0 * by / (abs(median(alignment.train[half])) or np.nan)
    counts = share >= table.BELOW_SHARE and by > table.SIGNIFICANT * val.noise_at_tail
    return Change(percent, counts), share, ratio
