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
        steps: Steps at which at least one curve was logged, int64, shape (n,), ascending.
        mean: Mean of the curves that reach over each step, float64, shape (n,).
        low: Lower end of the interval; NaN where fewer than two curves are there.
        high: Upper end.
        count: How many curves there are at each step, int64, shape (n,).
    """

    steps: IntArray
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    count: IntArray


def band(curves: Sequence[tuple[IntArray, FloatArray]]) -> Band:
    """Average curves, each (steps ascending, values), interpolated linearly and never extrapolated.

    The interval is Student's: mean ± t * s / sqrt(n).
    """
    finite = [(steps[kept], values[kept]) for steps, values in curves if (kept := np.isfinite(values)).any()]
    steps = np.unique(np.concatenate([s for s, _ in finite])) if finite else np.zeros(0, dtype=np.int64)
    grid = np.full((max(len(finite), 1), len(steps)), np.nan)
    at = steps.astype(np.float64)
    for row, (own, values) in enumerate(finite):
        grid[row] = np.interp(at, own.astype(np.float64), values, left=np.nan, right=np.nan)
    there = np.isfinite(grid)
    count = there.sum(axis=0)
    with np.errstate(all="ignore"):
        mean = np.where(there, grid, 0.0).sum(axis=0) / count
        variance = (np.where(there, grid - mean, 0.0) ** 2).sum(axis=0) / (count - 1)
        reach = np.where(count > 1, _student(count - 1) * np.sqrt(variance / count), np.nan)
        return Band(steps, mean, mean - reach, mean + reach, count)


def mean_and_std(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean and the sample standard deviation (n - 1) of finite values; NaN where there are too few."""
    finite = np.array([value for value in values if np.isfinite(value)])
    mean = float(finite.mean()) if len(finite) else float("nan")
    return mean, float(finite.std(ddof=1)) if len(finite) > 1 else float("nan")


def _student(degrees: IntArray) -> FloatArray:
    quantiles = np.array([np.nan, *_T, _NORMAL])
    return quantiles[np.clip(degrees, 0, len(quantiles) - 1)]
