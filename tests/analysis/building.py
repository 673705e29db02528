"""Builds logged series for tests."""

from __future__ import annotations

import numpy as np

from tb_lossgap.model import Series
from tb_lossgap.model import SeriesKey


def series(steps, values=None, wall=None, files=(0,)):
    """Return a series; values count up and a point is logged a second unless given."""
    steps = np.asarray(steps, dtype=np.int64)
    n = len(steps)
    return Series(
        key=SeriesKey("run", "loss"),
        steps=steps,
        wall_times=np.arange(n, dtype=np.float64) if wall is None else np.asarray(wall, dtype=np.float64),
        values=np.arange(n, dtype=np.float64) if values is None else np.asarray(values, dtype=np.float64),
        file_starts=tuple(files),
    )


def logged(*files, delay=0.0, key="loss"):
    """Return a series of several event files, each a dict or list of (wall time, step, value)."""
    points = [point for file in files for point in file]
    starts = np.cumsum([0, *(len(file) for file in files)])[:-1]
    return series(
        [p[1] for p in points],
        [p[2] for p in points],
        [p[0] + delay for p in points],
        [int(s) for s in starts] or (0,),
    )


def epochs(start, steps, every=1.0, value=1.0):
    """Return the points of one file: a step each `every` seconds from `start` on, values falling from `value`."""
    return [(start + every * i, step, value / (1 + i)) for i, step in enumerate(steps)]
