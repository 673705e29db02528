"""Small robust statistics on float64 arrays without NaN."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tb_lossgap.model import FloatArray


def running_median(values: FloatArray, window: int) -> FloatArray:
    """Return the median of the up to `window` (odd) points centred on each point; fewer at both ends."""
    n, half = len(values), window // 2
    if n == 0:
        return values
    padded = np.full(n + 2 * half, np.nan)
    padded[half : half + n] = values
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(padded, window), axis=1)
    # NaN sorts last, so the first `filled` of each row are its points.
    index = np.arange(n)
    filled = np.minimum(index, half) + np.minimum(n - 1 - index, half) + 1
    low, high = windows[index, (filled - 1) // 2], windows[index, filled // 2]
    return low + (high - low) / 2


def median(values: FloatArray) -> float:
    """Return the median of at least one value."""
    ordered = np.sort(values)
    low, high = float(ordered[(len(ordered) - 1) // 2]), float(ordered[len(ordered) // 2])
    return low if low == high else low + (high - low) / 2


def noise(values: FloatArray) -> float:
    """Return the standard deviation of the noise on a slowly moving series, from its second differences.

    Median absolute second difference over sqrt(6) and 0.6745, as for independent normal noise; 0 below 3 points.
    """
    if len(values) < 3:  # noqa: PLR2004
        return 0.0
    bends = np.abs(values[2:] - 2 * values[1:-1] + values[:-2])
    return median(bends) / (0.6745 * 6**0.5)
