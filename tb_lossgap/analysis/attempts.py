"""Cleaning: one logged pair of series becomes its attempts, each with strictly increasing steps."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Literal

import numpy as np

from tb_lossgap.model import Series

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray


@dataclass(frozen=True, slots=True)
class Attempt:
    """One of the trainings found in a directory: its cleaned series, and what cleaning did.

    `train` and `val` have strictly increasing steps and one value a step; either may be empty.
    """

    train: Series
    val: Series
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Back:
    """A point whose step goes back: its index, and whether to the very beginning, and in a new file."""

    index: int
    to_start: bool
    new_file: bool


def attempt_starts(train: Series, val: Series) -> tuple[float, ...]:
    """Find when the second and later trainings of a name used twice began.

    A training begins anew where its training series goes back to its first step or before and validation
    does not go on as if nothing had happened, or where both go back and validation to its beginning.
    Validation that goes back alone is an evaluation, not a training.

    Args:
        train: The training series of the primary pair, as logged.
        val: Its validation series, as logged.

    Returns:
        Wall times in seconds, ascending, one for each attempt after the first. Each lies in the quiet between two
        attempts, so that it parts the training's other series too.
    """
    train, val = as_logged(train), as_logged(val)
    return tuple(_between(train, back.index, val) for back in _restarts(train, val))


def attempts(train: Series, val: Series, *, starts: Sequence[float] | None = None) -> tuple[Attempt, ...]:
    """Part a logged pair into its attempts and clean each.

    Args:
        train: The training series, as logged.
        val: The validation series, as logged.
        starts: Wall times at which later attempts begin, as `attempt_starts` found them for the primary pair;
            found from this very pair when None.

    Returns:
        The attempts, oldest first, at least one.
    """
    train, val = as_logged(train), as_logged(val)
    if starts is None:
        starts = attempt_starts(train, val)
    train_parts, val_parts = _cut(train, starts), _cut(val, starts)
    return tuple(_clean(t, v) for t, v in zip(train_parts, val_parts, strict=True))


def as_logged(series: Series) -> Series:
    """Put the points into the order of their wall times; points of equal time keep the order of their files.

    Where the clock itself went back within a file, the order in the files is the better witness and stays.
    """
    wall = series.wall_times
    if len(series) < 2 or not np.isfinite(wall).all() or (wall[1:] >= wall[:-1]).all():  # noqa: PLR2004
        return series
    falls = np.flatnonzero(wall[1:] < wall[:-1]) + 1
    if not np.isin(falls, series.file_starts).all():
        return series
    order = np.argsort(wall, kind="stable")
    files = np.searchsorted(series.file_starts, order, side="right")
    starts = np.flatnonzero(np.diff(files, prepend=-1))
    return _take(series, order, tuple(starts.tolist()))


def _restarts(train: Series, val: Series) -> list[_Back]:
    """Return the points of `train` at which a new attempt begins."""
    found = []
    refuted = False
    undecided = []
    for back in _backs(train):
        moment = train.wall_times[back.index]
        later = int(np.searchsorted(val.wall_times, _before(train, back.index), side="right"))
        known = 0 < later < len(val)
        goes_on = known and val.steps[later] > val.steps[later - 1]
        val_to_start = known and val.steps[later] <= val.steps[:later].min()
        if back.to_start and back.new_file:
            found.append(back)
        elif back.to_start and known and not goes_on:
            found.append(back)
        elif back.to_start and goes_on:
            refuted = True
        elif back.to_start:
            undecided.append(back)
        elif val_to_start and _starts_afresh(train, back.index) and moment > val.wall_times[later - 1]:
            found.append(back)
    if not refuted:
        found.extend(undecided)
    return sorted(found, key=lambda back: back.index)


def _backs(series: Series) -> list[_Back]:
    """Return the points whose step goes back, judged against the attempt they would end."""
    steps = series.steps
    if len(steps) == 0:
        return []
    is_start = np.zeros(len(steps), dtype=bool)
    is_start[[i for i in series.file_starts if 0 < i < len(steps)]] = True
    candidates = np.flatnonzero((steps[1:] < steps[:-1]) | (is_start[1:] & (steps[1:] == steps[:-1]))) + 1
    ends = [*series.file_starts[1:], len(steps)]
    first = int(steps[0])
    backs = []
    for index in candidates.tolist():
        step, new_file = int(steps[index]), bool(is_start[index])
        if step == steps[index - 1]:
            end = next(e for e in ends if e > index)
            if step > first or (steps[index:end] == step).all():
                continue
        backs.append(_Back(index, step <= first, new_file))
        first = step if step <= first else first
    return backs


def _starts_afresh(series: Series, index: int) -> bool:
    """Tell whether the point could be the first one logged by a training that began at step 0."""
    step = int(series.steps[index])
    later = series.steps[index:]
    higher = later[later > step]
    return len(higher) > 0 and 0 <= step <= int(higher[0]) - step


def _before(series: Series, index: int) -> float:
    return float(series.wall_times[index - 1])


def _between(train: Series, index: int, val: Series) -> float:
    """Return the middle of the quiet around the point of `train` that begins an attempt."""
    end, begin = _before(train, index), float(train.wall_times[index])
    inside = val.wall_times[(val.wall_times > end) & (val.wall_times < begin)]
    for moment, back in zip(inside.tolist(), _goes_back(val, inside), strict=True):
        if back:
            begin = moment
            break
        end = moment
    return end + (begin - end) / 2


def _goes_back(val: Series, inside: FloatArray) -> npt.NDArray[np.bool_]:
    """Tell of the validation points within a quiet which of them goes back in its steps."""
    indices = np.searchsorted(val.wall_times, inside, side="left")
    return (indices > 0) & (val.steps[indices] <= val.steps[np.maximum(indices - 1, 0)])


def _cut(series: Series, starts: Sequence[float]) -> list[Series]:
    """Cut at each start: at the point that goes back around that time, else at the first point after it."""
    steps, wall = series.steps, series.wall_times
    backs = np.flatnonzero(steps[1:] <= steps[:-1]) + 1 if len(steps) else np.zeros(0, dtype=np.int64)
    cuts = [0]
    for start in starts:
        around = backs[(backs > cuts[-1]) & (wall[backs - 1] <= start) & (start <= wall[backs])]
        cut = int(around[0]) if len(around) else int(np.searchsorted(wall, start, side="left"))
        cuts.append(max(cut, cuts[-1]))
    cuts.append(len(series))
    return [_slice(series, a, b) for a, b in zip(cuts[:-1], cuts[1:], strict=True)]


def _slice(series: Series, start: int, stop: int) -> Series:
    files = tuple(i - start for i in series.file_starts if start < i < stop)
    return replace(
        series,
        steps=series.steps[start:stop],
        wall_times=series.wall_times[start:stop],
        values=series.values[start:stop],
        file_starts=(0, *files),
    )


def _take(series: Series, order: IntArray, file_starts: tuple[int, ...]) -> Series:
    return replace(
        series,
        steps=series.steps[order],
        wall_times=series.wall_times[order],
        values=series.values[order],
        file_starts=file_starts,
    )


def _clean(train: Series, val: Series) -> Attempt:
    notes = []
    train, counted_on = _count_on(train, val)
    if counted_on:
        notes.append("The training step starts again in every epoch; it was counted on.")
    val, evaluations = _without_evaluations(val, train)
    if evaluations:
        notes.append(f"{evaluations} validation values logged after the training ended were left out.")
    train, train_dropped = _fold(train, "mean")
    val, val_dropped = _fold(val, "last")
    if train_dropped or val_dropped:
        notes.append(
            f"The training went back to a checkpoint: {train_dropped} training and {val_dropped} validation values "
            "from before the resume were left out."
        )
    return Attempt(train, val, tuple(notes))


def _count_on(train: Series, val: Series) -> tuple[Series, bool]:
    """Let a step that starts again in every epoch, while validation goes on, count on instead."""
    backs = [back for back in _backs(train) if back.to_start and not back.new_file]
    if not backs or (val.steps[1:] <= val.steps[:-1]).any():
        return train, False
    steps = train.steps.astype(np.float64)
    offset = np.zeros(len(steps))
    for back in backs:
        offset[back.index :] += steps[back.index - 1] + 1 - steps[back.index]
    counted = steps + offset
    if not np.abs(counted).max() < 2.0**62:
        return train, False
    return replace(train, steps=counted.astype(np.int64)), True


def _without_evaluations(val: Series, train: Series) -> tuple[Series, int]:
    """Leave out validation values that go back in their steps after the last training value was logged."""
    if len(train) == 0 or len(val) == 0:
        return val, 0
    after = int(np.searchsorted(val.wall_times, train.wall_times[-1], side="right"))
    if not 0 < after < len(val):
        return val, 0
    kept = np.ones(len(val), dtype=bool)
    kept[after:] = val.steps[after:] >= val.steps[:after].max()
    if kept.all():
        return val, 0
    order = np.flatnonzero(kept)
    files = np.searchsorted(val.file_starts, order, side="right")
    starts = tuple(np.flatnonzero(np.diff(files, prepend=-1)).tolist())
    return _take(val, order, starts), int(len(val) - kept.sum())


def _fold(series: Series, keep: Literal["mean", "last"]) -> tuple[Series, int]:
    """Drop what a resume orphaned and fold several values a step into one.

    Returns:
        The series with strictly increasing steps, and how many values a resume orphaned.
    """
    steps = series.steps
    if len(steps) == 0:
        return series, 0
    # A point is orphaned when a later one has a smaller step, or its own step again after a larger one or in a new file.
    smallest_later = np.minimum.accumulate(steps[::-1])[::-1]
    kept = steps <= smallest_later
    block = np.cumsum(~kept)
    for start in series.file_starts[1:]:
        block[start:] += 1
    indices = np.flatnonzero(kept)
    steps, block = steps[indices], block[indices]
    last = np.append(steps[1:] != steps[:-1], True)
    group = np.cumsum(np.append(0, last[:-1].astype(np.int64)))
    current = block == block[last][group]
    orphaned = int(len(kept) - kept.sum())
    if last.all() and orphaned == 0:
        return replace(series, file_starts=(0,)), 0
    ends = indices[last]
    values = series.values[ends] if keep == "last" else _means(series.values[indices[current]], group[current])
    folded = replace(
        series, steps=series.steps[ends], wall_times=series.wall_times[ends], values=values, file_starts=(0,)
    )
    return folded, orphaned


def _means(values: FloatArray, group: IntArray) -> FloatArray:
    """Return the mean of each run of equal `group`, without overflow where the mean itself has none."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    counts = np.diff(np.append(starts, len(values)))
    with np.errstate(all="ignore"):
        means = np.add.reduceat(values, starts) / counts
        scaled = np.add.reduceat(values / counts[group - group[0]], starts)
    return np.where(np.isinf(means), scaled, means)
