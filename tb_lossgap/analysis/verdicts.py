"""The verdicts, each a rule on measurements with its reason in numbers, in the order in which they are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

import numpy as np

from tb_lossgap.analysis import parameters as table

if TYPE_CHECKING:
    from tb_lossgap.analysis.measure import Measured
    from tb_lossgap.analysis.measure import Trend
    from tb_lossgap.analysis.parameters import Parameters
    from tb_lossgap.model import Severity
    from tb_lossgap.model import Verdict


class Said(NamedTuple):
    """A verdict with what is said for it."""

    verdict: Verdict
    severity: Severity | None
    reason: str
    advice: str
    caveats: tuple[str, ...] = ()


def verdict_of(m: Measured, p: Parameters) -> Said:
    """Return the first verdict of the table whose rule holds."""
    if len(m.series) < table.ENOUGH_POINTS:
        n = len(m.series)
        return Said("too-short", None, f"only {n} validation point{'' if n == 1 else 's'}, {table.ENOUGH_POINTS} are "
                    "needed", "Train longer or validate more often.")
    val, train = m.val, m.train
    if val is None or not np.isfinite(m.series.values[-1]):
        return Said("diverged", None, "validation ends in a value that is not finite", "Lower the learning rate, clip gradients, or check the data for bad values.")
    if train is None:
        train_fell = 0.0
    else:
        train_fell = train.share(float(_at(train, val) - train.tail), float(_at(train, val)))
    rise = 100 * val.share(val.tail - val.low, val.low)
    best_step = int(m.series.steps[val.index[val.best]])
    if train is not None and val.share(val.tail - val.start, val.start) > table.FAR_ABOVE and train.share(train.tail - train.start, train.start) > table.FAR_ABOVE:
        return Said("diverged", None, f"validation ends at {val.tail:.4g}, far above its start of {val.start:.4g}", "Lower the learning rate, clip gradients, or check the data for bad values.")
    if rise > p.tolerance and train_fell >= table.TRAIN_FELL:
        return Said("overfit", "strong" if rise >= table.STRONG_RISE else "mild",
                    f"validation rose {rise:.3g} % above its best of {val.low:.4g} at step {best_step} while training fell {100*train_fell:.3g} %",
                    "Stop earlier, or add dropout, weight decay or data.")
    total = val.share(val.start - val.low, val.start)
    if val.spread > table.NOISY_SPREAD * abs(val.start - val.tail) and val.share(val.spread, val.low) > 0.02:
        return Said("noisy", None, f"validation scatters by {val.spread:.3g}, more than it changed", "Validate on more data or average over several validations.")
    if train is not None and train.share(train.start - train.tail, train.start) < table.BARELY_FELL:
        return Said("underfit", None, f"training fell only {100*train.share(train.start - train.tail, train.start):.2g} % from its start of {train.start:.4g}", "Raise the learning rate, enlarge the model, or check that labels and inputs belong together.")
    n = len(val.smooth)
    last = max(1, round(n * table.LAST_SHARE))
    falling = val.share(float(val.smooth[-1 - min(last * 2, n - 1)] - val.tail), val.low)
    if val.best >= n - 1 - last and falling > table.STILL_FALLING:
        return Said("still-improving", None, f"validation still falls at the end: {100*falling:.2g} % over the last {last*2} points", "Train longer.")
    half = n // 2
    moved = val.share(abs(float(val.smooth[half] - val.tail)), val.low)
    if train is not None:
        fell = train.share(float(train.smooth[len(train.smooth) // 2] - train.tail), float(train.smooth[len(train.smooth) // 2]))
        if moved < table.FLAT and fell > table.TRAIN_FELL:
            return Said("plateau", None, f"validation moved {100*moved:.2g} % over the second half while training fell {100*fell:.2g} %", "Stopping earlier would cost little.")
        gap = m.alignment.gap[half:]
        gap = gap[np.isfinite(gap)] * (1 if m.direction == "min" else -1)
        if len(gap) and (gap < 0).mean() >= table.BELOW_SHARE:
            return Said("val-below-train", None, f"validation stays below training, by {abs(float(np.median(gap))):.3g} in the second half", "Usual with dropout, augmentation or mixup; otherwise look for an easier validation split or a leak.")
    return Said("good-fit", None, f"validation ends {rise:.2g} % above its best of {val.low:.4g} and both curves have settled", "Keep it.")


def _at(train: Trend, val: Trend) -> float:
    """Return the running median of training at validation's robust best."""
    at = np.searchsorted(train.index, val.index[val.best])
    return float(train.smooth[min(int(at), len(train.smooth) - 1)])
