"""Fewer points for a chart, without losing a minimum or a maximum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tsdownsample import MinMaxDownsampler

if TYPE_CHECKING:
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray


def reduced(values: FloatArray, points: int) -> IntArray:
    """Indices of about `points` of the values, ascending.

    Values are cut into buckets of equally many, and each bucket keeps its minimum and its maximum, so the extremes of
    the whole survive. The first and the last value stay, and so does the first of every stretch of values that are
    not finite (as far as `points` of them go), for these are drawn as gaps.

    Args:
        values: Shape (n,).
        points: How many to keep at about; 0 keeps all.

    Returns:
        Indices into `values`, int64, at most 2 * points + 2 of them.
    """
    if points <= 0 or len(values) <= max(points, 4):
        return np.arange(len(values))
    finite = np.isfinite(values)
    inside = np.flatnonzero(finite)
    outside = np.flatnonzero(~finite & np.concatenate(([True], finite[:-1])))
    if len(outside) > points:
        outside = outside[np.linspace(0, len(outside) - 1, points).astype(np.int64)]
    if len(inside) > points:
        kept = MinMaxDownsampler().downsample(np.ascontiguousarray(values[inside]), n_out=max(points // 2 * 2, 4))
        inside = inside[kept.astype(np.int64)]
    return np.unique(np.concatenate((inside, outside, [0, len(values) - 1]))).astype(np.int64)
