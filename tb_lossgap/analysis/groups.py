"""Trainings that belong together, such as seeds or folds: which they are, and their mean with its interval."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray

# What tells members of a group apart: a numbered seed, fold or repetition. Trials are no members: they differ in more.
_MEMBER: Final = re.compile(r"(?i)(?<![a-z])(?:seed|fold|cv|rep|repeat|replicate|run|version)[-_=. ]?\d+(?![a-z\d])")
# Student's t for a two-sided 95 % interval, by degrees of freedom from 1 on; the normal value beyond.
_T: Final = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131),
    *(2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
_NORMAL: Final = 1.960


def group_names(names: Iterable[str], pattern: str | None = None) -> dict[str, list[str]]:
    """Sort names into groups.

    Args:
        names: Names of trainings.
        pattern: A regular expression; names are grouped by its first group, or by all that it matches where it has
            none, and names without a match are in no group. None groups what differs only in the number of a seed,
            fold or repetition.

    Returns:
        Names by group, in the order given; without a pattern only groups of two or more.

    Raises:
        re.error: The pattern is no regular expression.
    """
    groups: defaultdict[str, list[str]] = defaultdict(list)
    if pattern is None:
        for name in names:
            groups[_MEMBER.sub("*", name)].append(name)
        return {group: members for group, members in groups.items() if len(members) > 1}
    rule = re.compile(pattern)
    for name in names:
        if found := rule.search(name):
            groups[(found.group(1) if rule.groups else found.group()) or ""].append(name)
    return dict(groups)


@dataclass(frozen=True, slots=True)
class Band:
    """The mean of several curves with the 95 % interval of that mean, on a common axis.

    Attributes:
        places: Where on the axis, such as steps; float64, shape (n,), ascending.
        mean: Mean of the curves that reach over each place, float64, shape (n,).
        low: Lower end of the interval; NaN where fewer than two curves are there.
        high: Upper end.
        count: How many curves there are at each place, int64, shape (n,).
    """

    places: FloatArray
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    count: IntArray


def band(curves: Sequence[tuple[IntArray | FloatArray, FloatArray]], *, most: int = 0) -> Band:
    """Average curves, each (places ascending, values), interpolated linearly and never extrapolated.

    The interval is Student's: mean ± t * s / sqrt(n). Mean and squares are gathered curve by curve (Welford 1962), so
    memory does not grow with the number of curves.

    Args:
        curves: Any number of curves; values that are not finite are left out.
        most: Where the curves have more places than that, so many of them are taken at equal distances of rank; 0: all.
    """
    finite = [(places[kept], values[kept]) for places, values in curves if (kept := np.isfinite(values)).any()]
    places = np.unique(np.concatenate([p for p, _ in finite])).astype(np.float64) if finite else np.zeros(0)
    if 0 < most < len(places):
        places = places[np.unique(np.linspace(0, len(places) - 1, most).astype(np.int64))]
    count = np.zeros(len(places), dtype=np.int64)
    mean, squares = np.zeros(len(places)), np.zeros(len(places))
    # Values near the end of float64 may overflow: their mean or interval is then infinite.
    with np.errstate(all="ignore"):
        for own, values in finite:
            there = slice(int(np.searchsorted(places, own[0])), int(np.searchsorted(places, own[-1], side="right")))
            found = np.interp(places[there], own.astype(np.float64), values)
            count[there] += 1
            away = found - mean[there]
            mean[there] += away / count[there]
            squares[there] += away * (found - mean[there])
        mean = np.where(count > 0, mean, np.nan)
        reach = np.where(count > 1, _student(count - 1) * np.sqrt(squares / (count - 1) / count), np.nan)
        return Band(places, mean, mean - reach, mean + reach, count)


def mean_and_std(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean and the sample standard deviation (n - 1) of finite values; NaN where there are too few."""
    finite = np.array([value for value in values if np.isfinite(value)])
    mean = float(finite.mean()) if len(finite) else float("nan")
    return mean, float(finite.std(ddof=1)) if len(finite) > 1 else float("nan")


def _student(degrees: IntArray) -> FloatArray:
    quantiles = np.array([np.nan, *_T, _NORMAL])
    return quantiles[np.clip(degrees, 0, len(quantiles) - 1)]
