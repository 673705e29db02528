"""The verdicts: rules tried in order, each saying its reason in numbers."""

from __future__ import annotations

from math import isfinite
from math import isnan
from math import log
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

import numpy as np

from tb_lossgap.analysis import parameters as table
from tb_lossgap.analysis.words import counted
from tb_lossgap.analysis.words import percent
from tb_lossgap.analysis.words import value_of
from tb_lossgap.analysis.words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tb_lossgap.analysis.figures import Figures
    from tb_lossgap.analysis.measure import Measured
    from tb_lossgap.analysis.trend import Trend
    from tb_lossgap.model import Series
    from tb_lossgap.model import Severity
    from tb_lossgap.model import Verdict

ADVICE: Final[dict[Verdict, str]] = {
    "too-short": "Train longer or validate more often; until then no curve tells much.",
    "diverged": "Lower the learning rate, clip gradients, or look for bad values in the data.",
    "overfit": "Keep the weights of the best step; stop earlier, or add data, augmentation, dropout or weight decay.",
    "noisy": "Validate on more data, lower the learning rate, or repeat with other seeds before trusting a difference.",
    "underfit": "Check labels and inputs, then change the learning rate or give the model more capacity.",
    "still-improving": "Train longer: the best is not reached yet.",
    "plateau": "More epochs bring nothing; stop earlier, or invest in data and regularisation.",
    "val-below-train": (
        "Usual with dropout, augmentation or mixup; otherwise check that the validation split is neither easier nor "
        "leaked."
    ),
    "good-fit": "Keep it; a larger model or more data is what could still help.",
}


class Said(NamedTuple):
    """A verdict and the numbers that led to it."""

    verdict: Verdict
    reason: str
    severity: Severity | None = None


def verdict_of(measured: Measured, tolerance: float) -> Said:
    """Return the first verdict of the table whose rule holds.

    Args:
        measured: The measured attempt.
        tolerance: Percent above its best that validation may end without being called overfit.
    """
    if len(measured.val_series) < table.ENOUGH_POINTS:
        return _too_short(measured)
    if said := _ends_not_finite(measured):
        return said
    if measured.val is None or measured.figures is None:
        return _too_short(measured)
    case = _Case(measured, measured.val, measured.figures, tolerance)
    for rule in _RULES:
        if said := rule(case):
            return said
    return _good_fit(case)


class _Case(NamedTuple):
    """An attempt long enough to be judged, with the phrases that several reasons share."""

    measured: Measured
    val: Trend
    f: Figures
    tolerance: float

    @property
    def worsened(self) -> str:
        return words_of(self.measured.direction).worsened

    @property
    def improved(self) -> str:
        return words_of(self.measured.direction).improved

    @property
    def beyond(self) -> str:
        return words_of(self.measured.direction).beyond

    @property
    def best(self) -> str:
        step = self.measured.val_series.steps[self.val.point(self.val.best)]
        return f"its best level of {self.value(self.val.low)} around step {step}"

    @property
    def rose(self) -> bool:
        return self.f.rise.counts and self.f.rise.percent > self.tolerance

    @property
    def above_best(self) -> str:
        return f"validation {self.worsened} {percent(self.f.rise.percent)} {self.beyond} {self.best}"

    @property
    def training_moved(self) -> str:
        moved = self.improved if self.f.train_since.percent >= 0 else self.worsened
        return f"training {moved} {percent(abs(self.f.train_since.percent))}"

    def value(self, loss: float) -> str:
        return value_of(self.measured.direction, loss)


def _too_short(m: Measured) -> Said:
    points, finite = len(m.val_series), 0 if m.val is None else len(m.val.loss)
    found = counted(points, "validation point")
    found = f"{finite} of {found} are finite" if finite < points else f"there is only {found}" if points == 1 else found
    return Said("too-short", f"{found}; at least {table.ENOUGH_POINTS} are needed to judge")


def _ends_not_finite(m: Measured) -> Said | None:
    val, train = m.val_series, m.train_series
    if not isfinite(val.values[-1]):
        return Said("diverged", f"validation is not finite at the end; {_first_not_finite(val)}")
    goes_further = len(train) > 0 and train.steps[-1] > val.steps[-1] and train.wall_times[-1] > val.wall_times[-1]
    if goes_further and not isfinite(train.values[-1]):
        return Said("diverged", f"training is not finite at the end; {_first_not_finite(train)}")
    return None


def _first_not_finite(series: Series) -> str:
    return f"its first such value is at step {series.steps[np.argmin(np.isfinite(series.values))]}"


def _constant(c: _Case) -> Said | None:
    """Judge a validation that never moves and yet is better than training; stuck at the same level, it is underfit."""
    if not c.f.below.reaches(table.BELOW_BY) or c.val.loss.min() < c.val.loss.max():
        return None
    return Said("val-below-train", f"validation is {c.value(c.val.low)} at every point, as if nothing were measured")


def _diverged(c: _Case) -> Said | None:
    f = c.f
    if f.val_up.reaches(table.FAR_ABOVE) and f.train_up.reaches(table.FAR_ABOVE):
        return Said(
            "diverged",
            f"validation ends {percent(f.val_up.percent)} {c.beyond} its start of {c.value(c.val.start)}, training "
            f"{percent(f.train_up.percent)} {c.beyond} its own",
        )
    if f.val_fall.reaches(table.FELL_BEFORE) and min(f.val_back, f.train_back) >= table.WAY_BACK and f.rise.counts:
        return Said(
            "diverged",
            f"validation went {percent(f.val_back)} of the way back from {c.best} to its start, training "
            f"{percent(f.train_back)}",
        )
    return None


def _overfit(c: _Case) -> Said | None:
    if not c.rose:
        return None
    f = c.f
    strong = f.rise.percent >= table.STRONG_RISE
    # Training that has learnt much may have little left to fall.
    at_its_end = f.train_fall.reaches(table.LEARNT) and abs(f.train_since.percent) < table.TRAIN_FELL
    if f.train_since.reaches(table.TRAIN_FELL) or (strong and at_its_end and not f.below.counts):
        return Said("overfit", f"{c.above_best} while {c.training_moved}", "strong" if strong else "mild")
    return None


def _noisy(c: _Case) -> Said | None:
    f = c.f
    if c.rose and isnan(f.train_since.percent):
        return Said("noisy", f"{c.above_best}, and there are no training values to tell why")
    if c.rose and f.train_since.percent <= -table.TRAIN_FELL:
        return Said("noisy", f"{c.above_best}, but {c.training_moved} with it")
    if f.late.counts or f.below.reaches(table.BELOW_BY):
        return None
    if c.tolerance < f.rise.percent < table.SIGNIFICANT * f.noise:
        return Said("noisy", f"{c.above_best}, but scatters by {percent(f.noise)} from point to point")
    if f.noise >= table.NOISY:
        return Said("noisy", f"validation scatters by {percent(f.noise)} of {c.best} from point to point")
    return None


def _underfit(c: _Case) -> Said | None:
    f, train = c.f, c.measured.train
    if train is None:
        return None
    classes = _guessing(c.measured, c.val, train)
    if classes and not f.val_fall.reaches(table.NO_GUESSING):
        return Said(
            "underfit",
            f"validation ends at {c.value(c.val.tail)} and training at {c.value(train.tail)}: guessing among {classes} "
            f"classes gives {log(classes):.4g}",
        )
    if f.train_fall.reaches(table.BARELY_FELL) or f.val_fall.reaches(table.BARELY_FELL) or not train.start:
        return None
    fell = f.train_fall.percent
    if fell <= 0:
        moved = "did not improve"
    elif fell < table.BARELY_FELL:
        moved = f"{c.improved} only {percent(fell)}"
    else:
        moved = f"{c.improved} {percent(fell)}, no more than it scatters,"
    return Said("underfit", f"training {moved} from its start of {c.value(train.start)}, and validation no more")


def _still_improving(c: _Case) -> Said | None:
    f = c.f
    if not f.late.reaches(table.STILL_FALLING):
        return None
    return Said(
        "still-improving",
        f"validation {c.improved} {percent(f.late.percent)} over the last {f.late_points} points and has its best "
        "among them",
    )


def _plateau(c: _Case) -> Said | None:
    f = c.f
    if abs(f.late.percent) <= table.FLAT and f.train_late.reaches(table.TRAIN_FELL):
        return Said(
            "plateau",
            f"validation moved only {percent(abs(f.late.percent))} over the last {f.late_points} points while training "
            f"{c.improved} {percent(f.train_late.percent)}",
        )
    never_fell = not f.val_fall.reaches(table.BARELY_FELL)
    if f.settled >= 100 * table.LATE_SHARE and f.train_settled.reaches(
        table.TRAIN_FELL if never_fell else table.MEMORISED
    ):
        return Said(
            "plateau",
            f"validation stayed near {c.value(c.val.tail)} for the last {percent(f.settled)} of the points while "
            f"training {c.improved} {percent(f.train_settled.percent)}",
        )
    return None


def _val_below_train(c: _Case) -> Said | None:
    f = c.f
    if not f.below.reaches(table.BELOW_BY):
        return None
    return Said(
        "val-below-train",
        f"validation is {words_of(c.measured.direction).better_side} training at {percent(f.below_share)} of the "
        f"points of the second half, by {percent(f.below.percent)} in the median",
    )


def _no_better(c: _Case) -> Said | None:
    """Judge a rise that noise may have made, or that training does not explain: no overfit, and no good fit either."""
    f = c.f
    if f.rise.percent <= c.tolerance:
        return None
    if f.train_since.reaches(table.TRAIN_FELL):
        return Said("plateau", f"{c.above_best}, no more than noise may make, while {c.training_moved}")
    return Said("noisy", f"{c.above_best}, which neither its noise nor training explains for sure")


def _nothing_certain(c: _Case) -> Said | None:
    """Judge a fall that noise may have made: too large to be called underfit, too uncertain to be called good."""
    fall, noise = c.val.start - c.val.low, c.val.noise
    if fall > table.CERTAIN * noise or c.f.val_fall.percent < table.BARELY_FELL:
        return None
    return Said(
        "noisy",
        f"validation {c.improved} {percent(c.f.val_fall.percent)} from its start, but scattered by "
        f"{percent(c.val.percent(noise, c.val.low))} from point to point",
    )


def _good_fit(c: _Case) -> Said:
    f = c.f
    if f.rise.percent == 0 or isnan(f.train_since.percent):
        return Said("good-fit", f"validation ends at {c.best}, {percent(f.val_fall.percent)} better than at its start")
    return Said("good-fit", f"validation ends {percent(f.rise.percent)} {c.beyond} {c.best}; {c.training_moved} since")


_RULES: tuple[Callable[[_Case], Said | None], ...] = (
    _constant,
    _diverged,
    _overfit,
    _noisy,
    _underfit,
    _still_improving,
    _plateau,
    _val_below_train,
    _no_better,
    _nothing_certain,
)


def _guessing(m: Measured, val: Trend, train: Trend) -> int | None:
    """Return among how many classes both losses say that the model guesses (cross entropy of ln classes), or None."""
    if m.direction == "max":
        return None
    for classes in table.CLASSES:
        guess, near = log(classes), table.AT_CHANCE / 100 * log(classes)
        val_near = max(abs(val.tail - guess), abs(val.low - guess)) <= near
        if val_near and abs(train.tail - guess) <= near + train.noise_at_tail:
            return classes
    return None
