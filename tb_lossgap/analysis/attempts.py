"""The trainings found one after another in one directory: where each begins, and its cleaned series."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from typing import NamedTuple

import numpy as np

from tb_lossgap.analysis.cleaning import Attempt
from tb_lossgap.analysis.cleaning import as_logged
from tb_lossgap.analysis.cleaning import clean
from tb_lossgap.analysis.cleaning import is_plain
from tb_lossgap.analysis.cleaning import select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tb_lossgap.model import Series


class _Back(NamedTuple):
    """A point whose step goes back: its index, whether to the very beginning, whether as the first of a file."""

    at: int
    to_start: bool
    new_file: bool


class _Quiet(NamedTuple):
    """The wall times of the last point before, and of the first point after, a training began anew."""

    end: float
    begin: float


def attempt_starts(train: Series, val: Series) -> tuple[float, ...]:
    """Find when the second and later trainings of a name used twice began.

    A training begins anew where the steps of its training series go back to their beginning: at the start of an
    event file, or within one unless validation goes on counting. It also does where both series go back and
    validation to its beginning. Validation that goes back alone is an evaluation, not a training.

    Args:
        train: The training series of the primary pair, as logged.
        val: Its validation series, as logged.

    Returns:
        Wall times in seconds, ascending, one for each attempt after the first. Each lies in the quiet between two
        attempts, so that it parts the training's other series too.
    """
    if is_plain(train) and is_plain(val):
        return ()
    train, val = as_logged(train), as_logged(val)
    return tuple(quiet.end + (quiet.begin - quiet.end) / 2 for quiet in _restarts(train, val))


class Parted(NamedTuple):
    """A primary pair in its attempts, and when the second and later ones began (see `attempt_starts`)."""

    starts: tuple[float, ...]
    attempts: tuple[Attempt, ...]


def part(train: Series, val: Series) -> Parted:
    """Find the attempts of a primary pair, part it into them and clean each; takes what `attempt_starts` takes."""
    if is_plain(train) and is_plain(val):
        return Parted((), (Attempt(train, val),))
    starts = attempt_starts(train, val)
    return Parted(starts, attempts(train, val, starts=starts))


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
    if starts is None:
        return part(train, val).attempts
    if not starts and is_plain(train) and is_plain(val):
        return (Attempt(train, val),)
    train, val = as_logged(train), as_logged(val)
    return tuple(clean(t, v) for t, v in zip(_cut(train, starts), _cut(val, starts), strict=True))


def _restarts(train: Series, val: Series) -> list[_Quiet]:
    found, unsure, goes_on, seen = [], [], False, 0
    for back in _backs(train):
        quiet, val_back, after = _around(train, back.at, val, seen)
        seen = val_back or seen
        counts_on = val_back is None and 0 < after < len(val)
        if back.to_start and (back.new_file or val_back is not None):
            found.append(quiet)
        elif back.to_start and counts_on:
            goes_on = True
        elif back.to_start:
            unsure.append(quiet)
        elif val_back is not None and _is_start(val, val_back) and _is_fresh(train, back.at):
            found.append(quiet)
    return sorted(found if goes_on else found + unsure)


def _backs(train: Series) -> list[_Back]:
    """Return the points whose step goes back, each judged against the attempt that it would end.

    A file that begins with the only step of the one before goes back to it.
    """
    steps, files = train.steps, [i for i in train.file_starts if 0 < i < len(train)]
    goes_back = steps[1:] < steps[:-1]
    for index in files:
        goes_back[index - 1] |= steps[index] == steps[index - 1]
    backs: list[_Back] = []
    first = None
    for index in (np.flatnonzero(goes_back) + 1).tolist():
        step = int(steps[index])
        first = int(steps[0]) if first is None else first
        if step < steps[index - 1] or step <= first:
            backs.append(_Back(index, to_start=step <= first, new_file=index in files))
            first = min(first, step)
    return backs


def _around(train: Series, index: int, val: Series, seen: int) -> tuple[_Quiet, int | None, int]:
    """Look at validation, from the point after `seen` on, around a point of `train` that goes back.

    Returns:
        The quiet that parts both series there; the validation point that goes back there, or None; the first
        validation point logged after the point of `train`.
    """
    end, begin = float(train.wall_times[index - 1]), float(train.wall_times[index])
    first = int(np.searchsorted(val.wall_times, end, side="right"))
    after = int(np.searchsorted(val.wall_times, begin, side="left"))
    for i in range(max(first, seen + 1), min(after + 1, len(val))):
        if val.steps[i] <= val.steps[i - 1]:
            before, at = float(val.wall_times[i - 1]), float(val.wall_times[i])
            return _Quiet(max(end, before), min(begin, at)), i, after
    if first < after:
        end = float(val.wall_times[after - 1])
    return _Quiet(end, begin), None, after


def _is_start(series: Series, index: int) -> bool:
    return bool(series.steps[index] <= series.steps[:index].min())


def _is_fresh(series: Series, index: int) -> bool:
    """Tell whether the point can be the first that a training logs: its step within one logging interval of 0."""
    step = int(series.steps[index])
    higher = series.steps[index:][series.steps[index:] > step]
    return len(higher) > 0 and 0 <= step <= int(higher[0]) - step


def _cut(series: Series, starts: Sequence[float]) -> list[Series]:
    """Cut at each start: at the point that goes back around that time, else at the first one logged after it."""
    steps, wall = series.steps, series.wall_times
    if not starts:
        return [series]
    backs = np.flatnonzero(steps[1:] <= steps[:-1]) + 1
    cuts = [0]
    for start in starts:
        around = backs[(backs > cuts[-1]) & (wall[backs - 1] <= start) & (start <= wall[backs])]
        cut = int(around[0]) if len(around) else int(np.searchsorted(wall, start, side="left"))
        cuts.append(max(cut, cuts[-1]))
    cuts.append(len(series))
    return [select(series, np.arange(a, b)) for a, b in pairwise(cuts)]
