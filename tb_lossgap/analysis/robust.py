"""Small robust statistics on float64 arrays of finite values: by native code where it was compiled, else by NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final
from typing import Literal

import numpy as np

from tb_lossgap.analysis.reference_robust import Outline

if TYPE_CHECKING:
    from tb_lossgap.model import FloatArray

try:
    from tb_lossgap.analysis import _robust
except ImportError:
    from tb_lossgap.analysis.reference_robust import median
    from tb_lossgap.analysis.reference_robust import outline
else:

    def median(values: FloatArray) -> float:
        """Return the median of at least one value."""
        return _robust.median(values.tobytes())

    def outline(loss: FloatArray, *, window: Literal[3, 5], first: int, last: int, around: int, end: int) -> Outline:
        """Return the outline of at least one value; see `reference_robust.outline`."""
        found = _robust.outline(loss.tobytes(), window, first, last, around, end)
        return Outline(np.frombuffer(found[0]), *found[1:])


__all__ = ["Outline", "median", "one_sign", "outline", "same_sign"]

# A smallest value below this share of the median is "near zero": percentages of it say nothing.
_NEAR_ZERO: Final = 1e-5


def same_sign(values: FloatArray) -> bool:
    """Tell whether percentages of the values mean something: all of one sign, none next to zero for their size."""
    return one_sign(float(values.min()), float(values.max()), values)


def one_sign(low: float, high: float, values: FloatArray) -> bool:
    """Tell what `same_sign` does of values whose extremes are known."""
    nearest, farthest = sorted((abs(low), abs(high)))
    if not (low > 0 or high < 0):
        return False
    # No median is farther from zero than the farthest value.
    return nearest > _NEAR_ZERO * farthest or nearest > _NEAR_ZERO * abs(median(values))
