"""Builds logged series point by point."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING
from typing import TypeAlias

import numpy as np

from tb_lossgap.model import Series
from tb_lossgap.model import SeriesKey

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

Point: TypeAlias = "tuple[float, int, float]"


def series(steps: Iterable[int], values: Iterable[float] | None = None, wall: Iterable[float] | None = None) -> Series:
    """Returns a series of one file; its values count up and its points are a second apart unless given."""
    at = np.array([*steps], dtype=np.int64)
    counting = np.arange(len(at), dtype=np.float64)
    return Series(
        key=SeriesKey("run", "loss"),
        steps=at,
        wall_times=counting if wall is None else np.array([*wall], dtype=np.float64),
        values=counting if values is None else np.array([*values], dtype=np.float64),
    )


def logged(*files: Sequence[Point], delay: float = 0.0) -> Series:
    """Returns a series of several event files, each a sequence of (wall time, step, value)."""
    points = [point for file in files for point in file]
    return Series(
        key=SeriesKey("run", "loss"),
        steps=np.array([step for _, step, _ in points], dtype=np.int64),
        wall_times=np.array([wall + delay for wall, _, _ in points], dtype=np.float64),
        values=np.array([value for _, _, value in points], dtype=np.float64),
        file_starts=tuple(accumulate((len(file) for file in files[:-1]), initial=0)),
    )


def epochs(start: float, steps: Iterable[int], every: float = 1.0, value: float = 1.0) -> list[Point]:
    """Returns the points of one file: a step each `every` seconds from `start` on, values falling from `value`."""
    return [(start + every * i, step, value / (1 + i)) for i, step in enumerate(steps)]
