"""Small robust statistics on float64 arrays of finite values: by native code where it was compiled, else by NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final
from typing import Literal

import numpy as np

if TYPE_CHECKING:
    from tb_lossgap.model import FloatArray

try:
    from tb_lossgap.analysis import _robust
except ImportError:
    from tb_lossgap.analysis.reference_robust import median
    from tb_lossgap.analysis.reference_robust import noise
    from tb_lossgap.analysis.reference_robust import running_median
else:

    def running_median(values: FloatArray, window: Literal[3, 5]) -> FloatArray:
        """Return the median of the up to `window` points centred on each point; fewer at both ends."""
        return np.frombuffer(_robust.running_median(values.tobytes(), window))

    def median(values: FloatArray) -> float:
        """Return the median of at least one value."""
        return _robust.median(values.tobytes())

    def noise(values: FloatArray) -> float:
        """Return the standard deviation of independent noise on a series; see `reference_robust.noise`."""
        return _robust.noise(values.tobytes())


__all__ = ["median", "noise", "running_median", "same_sign"]

# A smallest value below this share of the median is "near zero": percentages of it say nothing.
_NEAR_ZERO: Final = 1e-5


def same_sign(values: FloatArray) -> bool:
    """Tell whether percentages of the values mean something: all of one sign, none next to zero for their size."""
    low, high = float(values.min()), float(values.max())
    nearest, farthest = sorted((abs(low), abs(high)))
    if not (low > 0 or high < 0):
        return False
    # No median is farther from zero than the farthest value.
    return nearest > _NEAR_ZERO * farthest or nearest > _NEAR_ZERO * abs(median(values))
