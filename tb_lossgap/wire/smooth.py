"""TensorBoard's smoothing, over every point of a curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tb_lossgap.model import FloatArray

_BLOCK = 64


def smoothed(values: FloatArray, weight: float) -> FloatArray:
    """Return the exponential moving average, corrected for its start at zero.

    As `classicSmoothing` of TensorBoard's scalar card (2.14 to 2.21): values that are not finite are passed through and
    do not enter the average, and a constant series is left as it is.

    Args:
        values: Shape (n,).
        weight: From 0 (nothing changes) to just below 1.
    """
    finite = np.isfinite(values)
    used = values[finite]
    if weight <= 0 or len(used) == 0 or bool((values == values[0]).all()):
        return values
    result = values.copy()
    result[finite] = _average(used * (1 - weight), weight) / -np.expm1(np.arange(1, len(used) + 1) * np.log(weight))
    return result


def _average(shares: FloatArray, weight: float) -> FloatArray:
    """Return y where y[i] = weight * y[i - 1] + shares[i], y before the first being 0.

    Blocks are averaged at once, each as if it began at zero; what a block takes over from the one before it is the same
    sum over the blocks' ends.
    """
    n = len(shares)
    if n <= _BLOCK:
        return shares @ _decay(n, weight)
    blocks = -(-n // _BLOCK)
    padded = np.zeros(blocks * _BLOCK)
    padded[:n] = shares
    within = padded.reshape(blocks, _BLOCK) @ _decay(_BLOCK, weight)
    ends = _average(within[:, -1], weight**_BLOCK)
    within[1:] += ends[:-1, np.newaxis] * weight ** np.arange(1, _BLOCK + 1)
    return within.reshape(-1)[:n]


def _decay(n: int, weight: float) -> FloatArray:
    """Return what each of `n` shares adds to each of the averages: weight ** (to - from), 0 backwards in time."""
    lag = np.arange(n) - np.arange(n)[:, np.newaxis]
    return np.where(lag >= 0, weight ** np.maximum(lag, 0), 0.0)
