"""Small robust statistics on float64 arrays of finite values, by NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final
from typing import Literal
from typing import NamedTuple

import numpy as np

if TYPE_CHECKING:
    from tb_lossgap.model import FloatArray

# What `noise` looks at has these expected values for normal noise of standard deviation 1.
STICKS_OUT: Final = 0.568
BENDS: Final = 0.6745 * 6**0.5


class Outline(NamedTuple):
    """What a series looks like from afar.

    Attributes:
        smooth: Its running median, shape (n,).
        best: Index of the first minimum of that.
        lowest: Index of the first minimum of the values.
        high: Their maximum.
        start: Median of the first ones.
        tail: Median of the last ones.
        noise_at_best: Standard deviation of the noise around `best`.
        noise_at_tail: The same at the end.
    """

    smooth: FloatArray
    best: int
    lowest: int
    high: float
    start: float
    tail: float
    noise_at_best: float
    noise_at_tail: float


def outline(loss: FloatArray, *, window: Literal[3, 5], first: int, last: int, around: int, end: int) -> Outline:
    """Return the outline of at least one value.

    Args:
        loss: Finite values, float64, shape (n,).
        window: Of the running median.
        first: How many values at the beginning `start` is of; where there are fewer, of all.
        last: The same at the end, for `tail`.
        around: How many points to each side of the best tell of the noise there.
        end: How many points at the end tell of the noise there.
    """
    smooth = running_median(loss, window)
    best = int(np.argmin(smooth))
    return Outline(
        smooth=smooth,
        best=best,
        lowest=int(np.argmin(loss)),
        high=float(loss.max()),
        start=median(loss[:first]),
        tail=median(loss[-last:]),
        noise_at_best=noise(loss[max(best - around, 0) : best + around + 1]),
        noise_at_tail=noise(loss[-end:]),
    )


def running_median(values: FloatArray, window: Literal[3, 5]) -> FloatArray:
    """Return the median of the up to `window` points centred on each point; fewer at both ends."""
    n, half = len(values), window // 2
    found = np.empty(n)
    if n >= window:
        shifted = [values[i : n - window + 1 + i] for i in range(window)]
        found[half : n - half] = _middle_of_three(*shifted) if window == 3 else _middle_of_five(*shifted)  # noqa: PLR2004
    for i in {*range(min(half, n)), *range(max(n - half, 0), n)}:
        found[i] = median(values[max(i - half, 0) : i + half + 1])
    return found


def _middle_of_three(a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
    return np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c))


def _middle_of_five(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, e: FloatArray) -> FloatArray:
    low = np.maximum(np.minimum(a, b), np.minimum(c, d))
    high = np.minimum(np.maximum(a, b), np.maximum(c, d))
    return _middle_of_three(low, high, e)


def median(values: FloatArray) -> float:
    """Return the median of at least one value."""
    middle = [(len(values) - 1) // 2, len(values) // 2]
    low, high = np.partition(values, middle)[middle].tolist()
    return float(low if low == high else low / 2 + high / 2)


def noise(values: FloatArray) -> float:
    """Return the standard deviation of independent noise on a series, blind to its trend, bends and lone spikes.

    The smaller of two estimates that are both right for normal noise: the mean by which points stick out of their
    neighbours' range, which is 0 on a monotone curve however bent, and the median second difference, which a few
    spikes do not move. 0 below 3 points.
    """
    if len(values) < 3:  # noqa: PLR2004
        return 0.0
    left, middle, right = values[:-2], values[1:-1], values[2:]
    sticks_out = np.maximum(middle - np.maximum(left, right), np.minimum(left, right) - middle)
    # Added one after the other, as the native code does; NumPy's own sum has another last bit.
    outside = float(np.add.accumulate(np.maximum(sticks_out, 0.0))[-1]) / len(sticks_out)
    bends = np.abs((left - middle) + (right - middle))
    return min(outside / STICKS_OUT, median(bends) / BENDS)
