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
        then = trend.place(int(np.searchsorted(metric.val_series.steps, loss.best.step)))
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
    if m.figures.ratio >= table.OTHER_SCALE or m.figures.ratio <= 1 / table.OTHER_SCALE:
        yield (
            f"Validation is {m.figures.ratio:.2g} times training from the first points on: they may not measure the "
            "same quantity."
        )
    yield from _second_descent(m, m.val)
    if m.train is not None:
        yield from _jump(m, m.train)


def _second_descent(m: Measured, val: Trend) -> Iterator[str]:
    """Say where validation had long been above its best before it fell to a new one."""
    before = val.smooth[: val.best]
    long = max(table.TAIL_POINTS, round(len(val.loss) * table.LATE_SHARE / 3))
    if len(before) <= long:
        return
    best_so_far = np.minimum.accumulate(before)
    rise = before - best_so_far
    least = max(table.ROSE_BETWEEN / 100 * val.whole(val.low), table.SIGNIFICANT * val.noise)
    has_risen = rise > least
    if np.count_nonzero(has_risen) < long:
        return
    peak = int(np.argmax(rise))
    above = np.concatenate(([0], np.cumsum(has_risen)))
    if (above[long:] - above[:-long]).max() < long:
        return
    words = words_of(m.direction)
    risen = percent(val.percent(float(rise[peak]), float(best_so_far[peak])))
    yield (
        f"Validation {words.worsened} {risen} {words.beyond} "
        f"its best so far until step {m.val_series.steps[val.point(peak)]} and then {words.improved} to a new best "
        "(second descent): stopping early would have missed it."
    )


def _jump(m: Measured, train: Trend) -> Iterator[str]:
    """Say where training jumped within one step, as it does when augmentation or the learning rate changes."""
    around = table.NOISE_REACH
    if len(train.loss) <= 2 * around:
        return
    steps = np.abs(train.smooth[1:] - train.smooth[:-1])
    # The smoothed curve crosses a jump within two steps; the usual change is that of the steps around those.
    at = around + int(np.argmax(steps[around : len(steps) - table.TAIL_POINTS]))
    if steps[at] <= table.JUMP * train.noise_at_tail / 2:
        return
    usual = median(np.concatenate((steps[at - around : at - 2], steps[at + 3 :][:around])))
    before, after = median(train.loss[at - 2 : at + 1]), median(train.loss[at + 1 : at + 4])
    change = abs(train.percent(after - before, before))
    if steps[at] > table.JUMP * usual and change >= table.JUMP_PERCENT:
        yield (
            f"Training went from {value_of(m.direction, before)} to {value_of(m.direction, after)} within one step, at "
            f"step {m.val_series.steps[train.point(at + 1)]}: an augmentation or the learning rate may have changed "
            "there."
        )
