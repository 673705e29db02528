"""Trainings whose verdict is known because of how they were made."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import get_args

import numpy as np

from tb_lossgap.model import Verdict
from tests.analysis.logged import series

if TYPE_CHECKING:
    from collections.abc import Callable

    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import Series


@dataclass(frozen=True)
class Recipe:
    """How a training's curves run from 0 to 1 of its time, and what may be said of them.

    Attributes:
        val: Validation loss at each share of the time.
        train: Training loss there.
        verdicts: The verdicts that a person would accept.
        noise: Standard deviation of validation's noise as a share of its value.
    """

    val: Callable[[FloatArray], FloatArray]
    train: Callable[[FloatArray], FloatArray]
    verdicts: frozenset[str]
    noise: float = 0.0


@dataclass(frozen=True)
class Made:
    """A training made by a recipe."""

    train: Series
    val: Series
    verdicts: frozenset[str]


def decay(start: float, end: float, by: float) -> Callable[[FloatArray], FloatArray]:
    """Returns an exponential fall that is nine tenths done after a share `by` of the time."""
    return lambda t: end + (start - end) * np.exp(-2.3 * t / by)


def late_rise(amount: float, since: float) -> Callable[[FloatArray], FloatArray]:
    """Returns a straight rise of `amount` from a share `since` of the time on."""
    return lambda t: amount * np.maximum(t - since, 0) / (1 - since)


def total(*parts: Callable[[FloatArray], FloatArray]) -> Callable[[FloatArray], FloatArray]:
    """Returns the sum of curves."""

    def curve(t: FloatArray) -> FloatArray:
        whole = np.zeros_like(t)
        for part in parts:
            whole += part(t)
        return whole

    return curve


def constant(value: float) -> Callable[[FloatArray], FloatArray]:
    """Returns a flat curve."""
    return lambda t: np.full_like(t, value)


def steps_down(*levels: float) -> Callable[[FloatArray], FloatArray]:
    """Returns a curve that settles on one level after another, as learning-rate drops make it."""

    def curve(t: FloatArray) -> FloatArray:
        stage = np.minimum((t * len(levels)).astype(np.int64), len(levels) - 1)
        into = t * len(levels) - stage
        before: FloatArray = np.array([2 * levels[0], *levels])[stage]
        after: FloatArray = np.array(levels)[stage]
        return after + (before - after) * np.exp(-12 * into)

    return curve


def cycles(count: int, size: float) -> Callable[[FloatArray], FloatArray]:
    """Returns a saw tooth that ends at its bottom, as cyclic learning rates make it."""
    return lambda t: size * (1 - (t * count) % 1.0) * (t < 1)


def accept(*verdicts: str) -> frozenset[str]:
    """Returns the verdicts, checked for spelling."""
    assert set(verdicts) <= set(get_args(Verdict))
    return frozenset(verdicts)


SETTLED = accept("good-fit", "plateau")
BELOW = accept("val-below-train", "still-improving", "plateau")
RECIPES = {
    "overfit": Recipe(total(decay(2, 0.8, 0.2), late_rise(0.4, 0.3)), decay(2, 0.05, 0.5), accept("overfit")),
    "overfit from the first epoch": Recipe(late_rise(1, 0), decay(2, 0.1, 0.5), accept("overfit")),
    "overfit late": Recipe(total(decay(2, 0.8, 0.3), late_rise(0.3, 0.7)), decay(2, 0.05, 0.9), accept("overfit")),
    "overfit under noise": Recipe(
        total(decay(2, 0.8, 0.2), late_rise(0.8, 0.3)), decay(2, 0.05, 0.5), accept("overfit"), noise=0.03
    ),
    "overfit on a small scale": Recipe(
        lambda t: 1e-3 * (decay(2, 0.8, 0.2)(t) + late_rise(0.4, 0.3)(t)), decay(2e-3, 1e-4, 0.5), accept("overfit")
    ),
    "overfit on a log scale": Recipe(
        lambda t: 10 ** (decay(0, -4, 0.3)(t) + late_rise(1, 0.5)(t)),
        lambda t: 10 ** decay(0, -6, 0.8)(t),
        accept("overfit"),
    ),
    "overfit below zero": Recipe(
        lambda t: decay(1, -3, 0.2)(t) + late_rise(2, 0.3)(t), decay(1, -6, 0.5), accept("overfit")
    ),
    "good fit": Recipe(decay(2, 0.5, 0.3), decay(2, 0.45, 0.3), SETTLED),
    "good fit under noise": Recipe(
        decay(2, 0.5, 0.3), decay(2, 0.45, 0.3), accept(*SETTLED, "noisy", "still-improving"), noise=0.03
    ),
    "good fit with a large gap": Recipe(decay(2, 0.8, 0.3), decay(2, 0.3, 0.3), SETTLED),
    "good fit after learning-rate drops": Recipe(
        steps_down(1.0, 0.6, 0.5), steps_down(0.9, 0.5, 0.4), accept(*SETTLED, "still-improving")
    ),
    "good fit with cyclic rates": Recipe(
        total(decay(2, 0.5, 0.3), cycles(4, 0.2)),
        total(decay(2, 0.45, 0.3), cycles(4, 0.2)),
        accept(*SETTLED, "still-improving", "noisy"),
    ),
    "second descent": Recipe(
        lambda t: decay(2, 0.8, 0.15)(t) + 0.5 * np.exp(-(((t - 0.4) / 0.1) ** 2)) - 0.4 * np.maximum(t - 0.5, 0),
        decay(2, 0.1, 0.6),
        accept(*SETTLED, "still-improving", "noisy"),
    ),
    "still improving": Recipe(decay(2, 0.2, 2.0), decay(2, 0.1, 2.0), accept("still-improving")),
    "still improving under noise": Recipe(
        decay(2, 0.2, 2.0), decay(2, 0.1, 2.0), accept("still-improving"), noise=0.01
    ),
    "plateau": Recipe(decay(2, 0.8, 0.3), decay(2, 0.02, 0.9), accept("plateau")),
    "validation below training": Recipe(decay(2, 0.3, 0.3), decay(2.5, 0.6, 0.3), BELOW),
    "mixup": Recipe(decay(2, 0.3, 0.3), decay(2.5, 1.2, 0.3), BELOW, noise=0.05),
    "stuck at chance": Recipe(constant(np.log(10)), constant(np.log(10)), accept("underfit"), noise=0.001),
    "learns nothing": Recipe(constant(0.8), constant(0.79), accept("underfit"), noise=0.005),
    "pure noise": Recipe(constant(1), decay(1.1, 0.9, 0.5), accept("noisy", "underfit", "plateau"), noise=0.2),
    "explodes": Recipe(
        lambda t: decay(2, 1, 0.1)(t) + 100 * np.maximum(t - 0.5, 0),
        lambda t: decay(2, 1, 0.1)(t) + 90 * np.maximum(t - 0.5, 0),
        accept("diverged"),
    ),
    "collapses": Recipe(
        lambda t: np.where(t < 0.6, decay(2.3, 0.5, 0.3)(t), 2.3),
        lambda t: np.where(t < 0.6, decay(2.3, 0.4, 0.3)(t), 2.3),
        accept("diverged", "underfit"),
    ),
    "ends in NaN": Recipe(
        lambda t: np.where(t < 0.8, decay(2, 0.5, 0.3)(t), np.nan),
        lambda t: np.where(t < 0.8, decay(2, 0.4, 0.3)(t), np.nan),
        accept("diverged"),
    ),
}


def make(name: str, *, points: int = 60, often: int = 1, spikes: int = 0, seed: int = 0) -> Made:
    """Makes a training.

    Args:
        name: One of `RECIPES`.
        points: Validation points.
        often: Training points for each of them; their noise grows with this, as batches' does.
        spikes: How many validation points, not at the end, are ten times what they were.
        seed: Of the noise.
    """
    recipe = RECIPES[name]
    random = np.random.default_rng(seed)
    share = (np.arange(points) + 1) / points
    val = recipe.val(share) * (1 + recipe.noise * random.standard_normal(points))
    spiked = random.choice(max(points - points // 4, 1), size=min(spikes, points // 20), replace=False)
    val[spiked] *= 10
    train_share = (np.arange(points * often) + 1) / (points * often)
    blur = 0.02 * min(often - 1, 5)
    train = recipe.train(train_share) * (1 + blur * random.standard_normal(points * often))
    steps = np.arange(1, points * often + 1)
    return Made(
        series(steps, train, steps), series(steps[often - 1 :: often], val, steps[often - 1 :: often]), recipe.verdicts
    )


def every(made: Made, nth: int) -> Made:
    """Returns the training as it would have been logged with every nth validation and training point only."""
    return replace(made, train=_every(made.train, nth), val=_every(made.val, nth))


def _every(curve: Series, nth: int) -> Series:
    return series(curve.steps[nth - 1 :: nth], curve.values[nth - 1 :: nth], curve.wall_times[nth - 1 :: nth])
