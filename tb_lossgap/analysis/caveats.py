"""What may mislead in a judgement, a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tb_lossgap.analysis import parameters as table
from tb_lossgap.analysis.robust import median
from tb_lossgap.analysis.words import percent
from tb_lossgap.analysis.words import value_of
from tb_lossgap.analysis.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from tb_lossgap.analysis.measure import Measured
    from tb_lossgap.analysis.trend import Trend


def caveats_of(measured: Measured) -> tuple[str, ...]:
    """Return what a reader of this judgement should bear in mind."""
    return tuple(_caveats(measured))


def still_improving_metrics(loss: Measured, metrics: Mapping[str, Measured]) -> tuple[str, ...]:
    """Say which metrics still improved after validation loss had its best.

    Args:
        loss: The training's loss, measured.
        metrics: Other pairs of the same attempt by name, measured.

    Returns:
        A sentence for each metric whose own best came later and was better by more than its noise.
    """
    if loss.best is None:
        return ()
    found = []
    for name, metric in metrics.items():
        trend = metric.val
        if trend is None or len(trend.loss) < table.ENOUGH_POINTS:
            continue
        then = int(np.searchsorted(metric.val_series.steps[trend.index], loss.best.step))
        if then >= trend.best:
            continue
        gained = float(trend.smooth[then]) - trend.low
        if trend.percent(gained, trend.low) >= table.STILL_FALLING and gained > table.SIGNIFICANT * trend.noise_at_best:
            before, after = value_of(metric.direction, float(trend.smooth[then])), value_of(metric.direction, trend.low)
            found.append(
                f"Validation {name} still went from {before} to {after} after the best loss: the loss may punish "
                "growing confidence, not worse answers."
            )
    return tuple(found)


def _caveats(m: Measured) -> Iterator[str]:
    exact = m.val_series.exact and m.train_series.exact
    if not exact:
        yield "Computed from a sample of the logged points: the true best may not be among them."
    if m.alignment.note:
        yield m.alignment.note
    points = len(m.val_series)
    if m.val is not None and len(m.val.loss) < points:
        yield f"{points - len(m.val.loss)} of {points} validation values are not finite; they were left out."
    if points and m.alignment.with_gap * 2 < points:
        yield f"Only {m.alignment.with_gap} of {points} validation points have a training value to compare with."
    if m.val is None or m.figures is None:
        return
    if m.val.range is not None:
        yield "The values change sign or come near zero: percentages are of their range."
    if not 1 / table.OTHER_SCALE < m.figures.ratio < table.OTHER_SCALE:
        yield (
            f"Validation is {m.figures.ratio:.2g} times training from the first points on: they may not measure the "
            "same quantity."
        )
    yield from _second_descent(m, m.val)
    if m.train is not None:
        yield from _jump(m, m.train)


def _second_descent(m: Measured, val: Trend) -> Iterator[str]:
    """Say where validation had risen above its best before it fell to a new one."""
    before = val.smooth[: val.best]
    if len(before) == 0:
        return
    best_so_far = np.minimum.accumulate(before)
    peak = int(np.argmax(before - best_so_far))
    rise = float(before[peak] - best_so_far[peak])
    noise = max(val.noise_at_best, val.noise_at_tail)
    risen = val.percent(rise, float(best_so_far[peak]))
    if risen >= table.ROSE_BETWEEN and rise > table.SECOND_DESCENT * noise:
        words = words_of(m.direction)
        yield (
            f"Validation {words.worsened} {percent(risen)} {words.beyond} its best so far until step "
            f"{m.val_series.steps[val.index[peak]]} and then {words.improved} to a new best (second descent): stopping "
            "early would have missed it."
        )


def _jump(m: Measured, train: Trend) -> Iterator[str]:
    """Say where training jumped within one step, as it does when augmentation or the learning rate changes."""
    n = len(train.loss)
    if n < table.FEW_POINTS:
        return
    steps = np.abs(np.diff(train.smooth))
    usual = median(steps)
    settled = max(n // 10, table.TAIL_POINTS)
    at = settled + int(np.argmax(steps[settled:])) if len(steps) > settled else 0
    around = table.TAIL_POINTS
    before, after = median(train.loss[max(at + 1 - around, 0) : at + 1]), median(train.loss[at + 1 :][:around])
    if steps[at] > table.JUMP * max(usual, train.noise_at_tail) and (
        abs(train.percent(after - before, before)) >= table.JUMP_PERCENT
    ):
        yield (
            f"Training went from {value_of(m.direction, before)} to {value_of(m.direction, after)} within one step, at "
            f"step {m.val_series.steps[train.index[at + 1]]}: an augmentation or the learning rate may have changed "
            "there."
        )
