"""Two series on one axis: the training value, and with it the gap, at every validation step."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final
from typing import Literal
from typing import NamedTuple
from typing import TypeAlias

import numpy as np

from tb_lossgap.analysis.words import counted

if TYPE_CHECKING:
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray
    from tb_lossgap.model import Series

GapKind: TypeAlias = Literal["absolute", "relative", "ratio"]

# Training is logged "about as often" as validation up to this many training points a validation interval.
_ABOUT_AS_OFTEN: Final = 1.5
# Two axes are in different units when, over the same time, one advances this many times as fast as the other.
_OTHER_UNIT: Final = 3.0

_SAME: Final = "same step"
_WINDOW: Final = "mean of the training values since the validation before"
_INTERPOLATED: Final = "interpolated between training values"
_NO_TRAINING: Final = "no training values"
_NO_VALIDATION: Final = "no validation values"


class _Axis(NamedTuple):
    """What two series are compared along: words for the method, and a sentence where it needs one."""

    words: str
    note: str


_BY_STEP: Final = _Axis("", "")
_BY_TIME: Final = _Axis(
    "by wall time",
    "The steps of training and validation count different things, so their wall times were compared.",
)


class Alignment(NamedTuple):
    """A pair on the validation series' steps.

    Attributes:
        steps: Validation steps, int64, shape (n,), strictly increasing.
        val: Validation values, float64, shape (n,).
        train: Training value at each validation step, NaN where there is none.
        gap: val - train, NaN where either has no finite value.
        method: How training values were found, in words.
        with_gap: How many validation points have a gap.
        note: What a reader should know of it, one sentence, or "".
    """

    steps: IntArray
    val: FloatArray
    train: FloatArray
    gap: FloatArray
    method: str
    with_gap: int
    note: str = ""


def align(train: Series, val: Series, *, half_epoch: bool = False) -> Alignment:
    """Give every validation point its training value (ANALYSIS: same step, window mean, interpolation, nothing).

    Args:
        train: Cleaned training series (`attempts`), of any length.
        val: Cleaned validation series, of any length.
        half_epoch: Place each training value half a training interval earlier, where the running mean of an
            epoch that Keras logs belongs on average.

    Returns:
        The aligned pair. A training value is never extrapolated.
    """
    with np.errstate(all="ignore"):
        values, method, axis = _on_validation(train, val, half_epoch=half_epoch)
        gap, with_gap = _difference(val.values, values)
        return Alignment(
            steps=val.steps,
            val=val.values,
            train=values,
            gap=gap,
            method=f"{method}, {axis.words}" if axis.words else method,
            with_gap=with_gap,
            note=axis.note,
        )


def gap_of(alignment: Alignment, kind: GapKind) -> FloatArray:
    """Return the gap at every validation step, float64, NaN where there is none.

    Args:
        alignment: An aligned pair.
        kind: "absolute" (val - train), "relative" ((val - train) / |train|) or "ratio" (val / train).
    """
    if kind == "absolute":
        return alignment.gap
    with np.errstate(all="ignore"):
        share = alignment.gap / np.abs(alignment.train) if kind == "relative" else alignment.val / alignment.train
    return np.where(np.isfinite(share), share, np.nan)


def _difference(val: FloatArray, train: FloatArray) -> tuple[FloatArray, int]:
    """Return the gap, NaN where it is not finite, and at how many points it is."""
    gap = val - train
    finite = np.isfinite(gap)
    known = int(np.count_nonzero(finite))
    return gap if known == len(gap) else np.where(finite, gap, np.nan), known


def _on_validation(train: Series, val: Series, *, half_epoch: bool) -> tuple[FloatArray, str, _Axis]:
    """Return the training value at each validation point, how most of them were found, and along which axis."""
    if not half_epoch and len(val) and _are_equal(train.steps, val.steps):
        return train.values, _SAME, _BY_STEP
    x_val, x_train, axis = _common_axis(train, val)
    if half_epoch and len(x_train) > 1:
        widths = np.diff(x_train, prepend=2 * x_train[0] - x_train[1])
        x_train = x_train - widths / 2
    values, method = _training_values(x_train, train.values, x_val)
    return values, method, axis


def _are_equal(one: IntArray, other: IntArray) -> bool:
    return one is other or np.array_equal(one, other)


def _common_axis(train: Series, val: Series) -> tuple[FloatArray, FloatArray, _Axis]:
    """Return the validation and the training points on one axis, and what that axis is."""
    if len(train) == 0 or len(val) == 0:
        return np.zeros(len(val)), np.zeros(len(train)), _BY_STEP
    base = min(train.steps[0], val.steps[0])
    x_val, x_train = _since(base, val.steps), _since(base, train.steps)
    shift = _constant_shift(train, val)
    if shift:
        by = counted(abs(shift), "step")
        side = "later" if shift > 0 else "earlier"
        return (
            x_val - float(shift),
            x_train,
            _Axis(f"shifted by {by}", f"Validation is logged {by} {side} than the training it follows."),
        )
    if _units_differ(train, val):
        return np.maximum.accumulate(val.wall_times), np.maximum.accumulate(train.wall_times), _BY_TIME
    return x_val, x_train, _BY_STEP


def _since(base: np.int64, steps: IntArray) -> FloatArray:
    """Return the steps, which ascend, counted from `base`, the smallest; neighbours beyond 2**53 stay apart."""
    since = steps - base
    return (since if since[-1] >= 0 else since.view(np.uint64)).astype(np.float64)


def _constant_shift(train: Series, val: Series) -> int:
    """Return by how many steps every validation point is off the training point it was logged after, or 0."""
    n = min(len(train), len(val))
    if n < 3 or abs(len(train) - len(val)) > 1:  # noqa: PLR2004
        return 0
    shift = int(val.steps[0]) - int(train.steps[0])
    if not 0 < abs(shift) <= min(int(train.steps[1]) - int(train.steps[0]), 2**62):
        return 0
    if (val.steps[:n] - np.int64(shift) != train.steps[:n]).any():
        return 0
    before, at, after = train.wall_times[: n - 1], val.wall_times[: n - 1], train.wall_times[1:n]
    # Nearer in time to the training point it follows than to the one whose step it carries.
    follows = (before <= at) & (at < after) & (at - before < after - at)
    return shift if follows.mean() > 0.8 else 0  # noqa: PLR2004


def _units_differ(train: Series, val: Series) -> bool:
    """Tell whether, over the same stretch of time, one axis runs much faster than the other."""
    if len(train) < 3 or len(val) < 3:  # noqa: PLR2004
        return False
    wall_train, wall_val = np.maximum.accumulate(train.wall_times), np.maximum.accumulate(val.wall_times)
    if not np.isfinite((wall_train[0], wall_train[-1], wall_val[0], wall_val[-1])).all():
        return False
    begin, end = max(wall_train[0], wall_val[0]), min(wall_train[-1], wall_val[-1])
    longest = max(wall_train[-1] - wall_train[0], wall_val[-1] - wall_val[0])
    if not end - begin > longest / 2:
        return False
    on_train = _step_at(end, wall_train, train.steps) - _step_at(begin, wall_train, train.steps)
    on_val = _step_at(end, wall_val, val.steps) - _step_at(begin, wall_val, val.steps)
    pace = on_train / on_val
    return bool(pace >= _OTHER_UNIT or pace <= 1 / _OTHER_UNIT)


def _step_at(time: float, wall_times: FloatArray, steps: IntArray) -> float:
    """Return the step, interpolated, at a time between the first and the last of ascending wall times."""
    after = int(wall_times.searchsorted(time, side="right"))
    if after == len(wall_times):
        return float(steps[-1])
    begin, end = wall_times[after - 1 : after + 1].tolist()
    before, behind = steps[after - 1 : after + 1].tolist()
    return float(before + (time - begin) / (end - begin) * (behind - before))


def _training_values(x_train: FloatArray, values: FloatArray, x_val: FloatArray) -> tuple[FloatArray, str]:
    """Return the training value at each of `x_val` (ascending), and how most of them were found."""
    if len(x_train) == 0 or len(x_val) == 0:
        return np.full(len(x_val), np.nan), _NO_TRAINING if len(x_val) else _NO_VALIDATION
    if len(x_train) == len(x_val) and (x_train == x_val).all():
        return values, _SAME
    upto = np.searchsorted(x_train, x_val, side="right")
    since = np.append(0, upto[:-1])
    filled = upto > since
    if _often(upto) > _ABOUT_AS_OFTEN:
        found = _window_means(values, since, upto)
        found[~filled] = _interpolated(x_train, values, x_val[~filled])
        return found, _WINDOW
    at = np.minimum(np.searchsorted(x_train, x_val, side="left"), len(x_train) - 1)
    same = x_train[at] == x_val
    found = _interpolated(x_train, values, x_val)
    found[same] = values[at[same]]
    # The last window may end after the last training point: its mean is no extrapolation.
    ended = filled & (x_val > x_train[-1])
    if ended.any():
        found[ended] = _window_means(values, since, upto)[ended]
    return found, _SAME if same.sum() * 2 >= len(same) else _INTERPOLATED


def _often(upto: IntArray) -> float:
    """Return how many training points there are in a validation interval."""
    if len(upto) == 1:
        return float(upto[0])
    return float(upto[-1] - upto[0]) / (len(upto) - 1)


def _window_means(values: FloatArray, since: IntArray, upto: IntArray) -> FloatArray:
    """Return the mean of the finite ones of `values[since:upto]` for each window (at least one has any)."""
    finite = np.isfinite(values)
    counts = np.append(0, np.cumsum(finite))
    n = counts[upto] - counts[since]
    means = np.full(len(since), np.nan)
    filled = np.flatnonzero(upto > since)
    # Windows follow one another without a hole, so one reduceat over their starts, ending with the last, does.
    ends = int(upto[filled[-1]])
    clean = np.where(finite, values, 0.0)[:ends]
    largest = float(np.abs(clean).max())
    scale = largest if largest > 1e300 else 1.0  # noqa: PLR2004
    sums = np.add.reduceat(clean / scale, since[filled])
    means[filled] = np.where(n[filled] > 0, sums / n[filled] * scale, np.nan)
    return means


def _interpolated(x_train: FloatArray, values: FloatArray, x: FloatArray) -> FloatArray:
    """Interpolate linearly between finite training points, NaN outside their range."""
    finite = np.isfinite(values)
    if not finite.any():
        return np.full(len(x), np.nan)
    return np.interp(x, x_train[finite], values[finite], left=np.nan, right=np.nan)
