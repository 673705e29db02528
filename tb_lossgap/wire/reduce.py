"""Fewer points for a chart, without losing a minimum or a maximum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tsdownsample import MinMaxDownsampler

if TYPE_CHECKING:
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray


_downsampler = MinMaxDownsampler()  # type: ignore[no-untyped-call]  # its constructor has no annotations
# It would match the name of every array's dtype against ten patterns; ours are all float64.
_downsampler.y_dtype_regex_list = None


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
    last = len(values) - 1
    if points <= 0 or last < max(points, 4):
        return np.arange(len(values))
    finite = np.isfinite(values)
    if finite.all():
        extremes = _extremes(values, points)
        kept = np.empty(len(extremes) + 2, np.int64)
        kept[0], kept[1:-1], kept[-1] = 0, extremes, last
        apart = np.ones(len(kept), np.bool_)
        np.greater(kept[1:], kept[:-1], out=apart[1:])
        return kept[apart]
    inside = np.flatnonzero(finite)
    edges = np.flatnonzero(finite[1:] != finite[:-1]) + 1
    if len(edges) > points:
        edges = edges[np.linspace(0, len(edges) - 1, points).astype(np.int64)]
    if len(inside) > points:
        inside = inside[_extremes(values[inside], points)]
    return np.unique(np.concatenate((inside, edges, [0, last])).astype(np.int64))


def _extremes(values: FloatArray, points: int) -> IntArray:
    """Indices of each bucket's minimum and maximum, never descending; the values are finite."""
    kept: IntArray = _downsampler.downsample(values, n_out=max(points // 2 * 2, 4)).view(np.int64)
    return kept
