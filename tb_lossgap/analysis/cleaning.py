"""Cleaning one attempt: strictly increasing steps, one value each, nothing that a resume left behind."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Literal
from typing import NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray
    from tb_lossgap.model import Series


@dataclass(frozen=True, slots=True)
class Attempt:
    """One of the trainings found in a directory: its cleaned series, and what cleaning did, a sentence each.

    `train` and `val` have strictly increasing steps; either may be empty.
    """

    train: Series
    val: Series
    notes: tuple[str, ...] = ()


def is_plain(series: Series) -> bool:
    """Tell whether steps rise from point to point and time never falls: then there is nothing to part or to clean."""
    return _rises(series.steps) and _never_falls(series.wall_times)


def _rises(steps: IntArray) -> bool:
    # To count what is true takes less time than NumPy's `all`.
    return bool(np.count_nonzero(steps[1:] > steps[:-1]) >= len(steps) - 1)


def _never_falls(wall_times: FloatArray) -> bool:
    return bool(np.count_nonzero(wall_times[1:] >= wall_times[:-1]) >= len(wall_times) - 1)


def as_logged(series: Series) -> Series:
    """Put the files' points into the order of their wall times; points of equal time keep the order of the files.

    Where the clock went back within a file, the order in the files is the better witness and stays.
    """
    wall = series.wall_times
    if _never_falls(wall):
        return series
    falls = np.flatnonzero(~(wall[1:] >= wall[:-1])) + 1
    if not np.isfinite(wall).all() or not np.isin(falls, series.file_starts).all():
        return series
    return select(series, np.argsort(wall, kind="stable"))


def select(series: Series, indices: IntArray) -> Series:
    """Return the points at the given indices, in that order, keeping where files begin."""
    if len(indices) == len(series) and (indices[1:] > indices[:-1]).all():
        return series
    files = np.searchsorted(series.file_starts, indices, side="right")
    return replace(
        series,
        steps=series.steps[indices],
        wall_times=series.wall_times[indices],
        values=series.values[indices],
        file_starts=tuple(np.flatnonzero(np.diff(files, prepend=-1)).tolist()) or (0,),
    )


def clean(train: Series, val: Series) -> Attempt:
    """Clean the logged series of one attempt.

    A step that goes back is a resume from a checkpoint: what was logged at it or after it before is dropped. Of
    several values at one step validation keeps the last, training their mean.
    """
    notes = []
    train, epochs = _counted_on(train, val)
    if epochs:
        notes.append(f"The training step starts again {epochs} times while validation counts on; it was counted on.")
    val, evaluations = _without_evaluations(train, val)
    if evaluations:
        notes.append(
            f"{_values(evaluations, 'validation')} logged after the training had ended {_were(evaluations)} left out."
        )
    folded_train, folded_val = _fold(train, "mean"), _fold(val, "last")
    if orphaned := folded_train.orphaned + folded_val.orphaned:
        notes.append(
            f"The training went back to a checkpoint; {_values(orphaned, 'earlier')} from after it "
            f"{_were(orphaned)} left out."
        )
    if folded_train.repeated:
        notes.append("Training logged several values at one step; their mean is shown.")
    return Attempt(folded_train.series, folded_val.series, tuple(notes))


def _values(count: int, kind: str) -> str:
    return f"{count} {kind} value{'' if count == 1 else 's'}"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _counted_on(train: Series, val: Series) -> tuple[Series, int]:
    """Let a training step that starts again in every epoch, while validation goes on, count on instead.

    Returns:
        The series, and how often its step had started again.
    """
    steps = train.steps
    if _rises(steps):
        return train, 0
    again = np.flatnonzero((steps[1:] < steps[:-1]) & (steps[1:] <= steps[0])) + 1
    if (val.steps[1:] <= val.steps[:-1]).any() or np.isin(again, train.file_starts).any():
        return train, 0
    reach = float(np.abs(steps.astype(np.float64)).max()) * 2 * (len(again) + 1)
    if reach >= 2.0**62:
        return train, 0
    jumps = np.zeros_like(steps)
    jumps[again] = steps[again - 1] + 1 - steps[again]
    return replace(train, steps=steps + np.cumsum(jumps)), len(again)


def _without_evaluations(train: Series, val: Series) -> tuple[Series, int]:
    """Leave out validation that goes back in its steps after the last training value: nothing was trained there."""
    if len(train) == 0 or (val.steps[1:] >= val.steps[:-1]).all():
        return val, 0
    after = int(np.searchsorted(val.wall_times, train.wall_times[-1], side="right"))
    if not 0 < after < len(val):
        return val, 0
    highest = np.maximum.accumulate(val.steps)
    kept = np.flatnonzero((val.steps >= highest) | (np.arange(len(val)) < after))
    return select(val, kept), len(val) - len(kept)


class _Folded(NamedTuple):
    """A series with one value a step, how many values a resume orphaned, and whether steps had several values."""

    series: Series
    orphaned: int
    repeated: bool


def _fold(series: Series, keep: Literal["mean", "last"]) -> _Folded:
    steps = series.steps
    if _rises(steps):
        return _Folded(series, 0, repeated=False)
    # Orphaned is a value that a smaller step follows, or its own step once more after a larger one or in a new file.
    kept = steps <= np.minimum.accumulate(steps[::-1])[::-1]
    drops = np.cumsum(~kept)
    files = np.searchsorted(series.file_starts, np.arange(len(steps)), side="right")
    indices = np.flatnonzero(kept)
    is_last = np.append(steps[indices][1:] != steps[indices][:-1], True)
    ends = indices[is_last]
    group = np.searchsorted(ends, indices)
    resumed = drops[indices] != drops[ends][group]
    current = ~resumed & (files[indices] == files[ends][group])
    indices, group = indices[current], group[current]
    values = series.values[ends] if keep == "last" else _means(series.values[indices], group)
    folded = replace(series, steps=steps[ends], wall_times=series.wall_times[ends], values=values, file_starts=(0,))
    return _Folded(folded, int((~kept).sum() + resumed.sum()), repeated=len(indices) > len(ends))


def _means(values: FloatArray, group: IntArray) -> FloatArray:
    """Return the mean of each group (0, 0, 1, …), without overflow where the mean itself has none."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    counts = np.diff(np.append(starts, len(values)))
    with np.errstate(all="ignore"):
        means: npt.NDArray[np.float64] = np.add.reduceat(values, starts) / counts
        scaled = np.add.reduceat(values / counts[group], starts)
    return np.where(np.isinf(means), scaled, means)
