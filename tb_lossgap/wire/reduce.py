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
    the whole survive. The first and the last value stay, and so does every point at which values stop or begin to be
    finite (as far as `points` of them go), for what is not finite is drawn as a gap.

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
    edges = np.flatnonzero(finite[1:] != finite[:-1]) + 1
    if len(edges) > points:
        edges = edges[np.linspace(0, len(edges) - 1, points).astype(np.int64)]
    if len(inside) > points:
        downsampler = MinMaxDownsampler()  # type: ignore[no-untyped-call]  # its constructor has no annotations
        kept = downsampler.downsample(values[inside], n_out=max(points // 2 * 2, 4))
        inside = inside[kept.astype(np.int64)]
    return np.unique(np.concatenate((inside, edges, [0, len(values) - 1])).astype(np.int64))
