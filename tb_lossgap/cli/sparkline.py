"""A curve as one line of block characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tb_lossgap.model import FloatArray

_BARS = "▁▂▃▄▅▆▇█"
_BEST = "●"
_NOTHING = " "


def sparkline(values: FloatArray, width: int, best: int | None = None) -> tuple[str, int | None]:
    """Draws a curve.

    Each character is the mean of its share of the points. The scale reaches from the lowest to the 95th percentile, so
    that a first loss of thousands does not flatten the rest.

    Args:
        values: Shape (n,); what is not finite leaves a blank.
        width: How many characters at most; fewer points are a character each.
        best: Index of the best point, which is marked.

    Returns:
        The characters, and at which of them the mark stands.
    """
    if len(values) == 0:
        return "", None
    width = min(width, len(values))
    edges = np.linspace(0, len(values), width + 1).astype(np.int64)
    finite = np.isfinite(values)
    counts = np.add.reduceat(finite.astype(np.int64), edges[:-1])
    with np.errstate(all="ignore"):
        means = np.add.reduceat(np.where(finite, values, 0.0), edges[:-1]) / counts
        known = means[np.isfinite(means)]
        if len(known) == 0:
            return _NOTHING * width, None
        low, high = float(known.min()), float(np.percentile(known, 95))
        heights = np.clip((means - low) / ((high - low) or 1.0), 0.0, 1.0) * (len(_BARS) - 1)
    bars = [_BARS[round(float(height))] if np.isfinite(height) else _NOTHING for height in heights]
    if best is None:
        return "".join(bars), None
    mark = int(np.searchsorted(edges, best, side="right")) - 1
    bars[mark] = _BEST
    return "".join(bars), mark
