"""Markers and verdicts, on trainings with known answers and on anything at all."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tb_lossgap.analysis import Parameters
from tb_lossgap.analysis import attempts
from tb_lossgap.analysis import judge
from tb_lossgap.analysis import measure
from tb_lossgap.analysis import still_improving_metrics
from tb_lossgap.analysis.parameters import Criterion
from tests.analysis.generate import RECIPES
from tests.analysis.generate import every
from tests.analysis.generate import make
from tests.analysis.logged import series

if TYPE_CHECKING:
    from tb_lossgap.model import Direction
    from tb_lossgap.model import Judgement
    from tb_lossgap.model import Series
    from tests.analysis.generate import Made

DEFAULTS = Parameters()
CLEAN = [name for name, recipe in RECIPES.items() if recipe.noise == 0]


def judged(train: Series, val: Series, parameters: Parameters = DEFAULTS, direction: Direction = "min") -> Judgement:
    attempt = attempts(train, val)[-1]
    return judge(measure(attempt.train, attempt.val, direction=direction), parameters)


def judged_made(made: Made) -> Judgement:
    return judged(made.train, made.val)


@pytest.mark.parametrize("often", [1, 10])
@pytest.mark.parametrize("points", [15, 40, 200, 2000])
@pytest.mark.parametrize("name", RECIPES)
def test_a_training_made_to_be_so_is_called_so(name: str, points: int, often: int) -> None:
    made = make(name, points=points, often=often)
    assert judged_made(made).verdict in made.verdicts


@pytest.mark.parametrize("name", [name for name in RECIPES if "noise" not in name])
def test_a_few_spikes_change_no_verdict(name: str) -> None:
    made = make(name, points=100, spikes=4)
    assert judged_made(made).verdict in made.verdicts


def test_the_largest_trainings_are_judged_like_small_ones() -> None:
    made = make("overfit under noise", points=100, often=1000)
    assert judged_made(made).verdict == "overfit"
    made = make("overfit under noise", points=100_000)
    assert judged_made(made).verdict == "overfit"


@pytest.mark.parametrize("nth", [2, 5])
@pytest.mark.parametrize("name", CLEAN)
def test_logging_less_often_changes_no_verdict(name: str, nth: int) -> None:
    made = make(name, points=300)
    assert judged_made(every(made, nth)).verdict == judged_made(made).verdict


@pytest.mark.parametrize("often", [3, 30])
@pytest.mark.parametrize("name", [name for name in RECIPES if name.startswith("overfit")])
def test_logging_training_more_often_changes_no_overfit(name: str, often: int) -> None:
    assert judged_made(make(name, often=often)).verdict == "overfit"


@given(
    name=st.sampled_from(list(RECIPES)),
    first=st.integers(-(10**9), 10**9),
    stretch=st.integers(1, 1000),
    start=st.floats(0, 2e9),
)
def test_where_the_axis_begins_and_how_it_is_scaled_changes_nothing(
    name: str, first: int, stretch: int, start: float
) -> None:
    made = make(name)
    train, val = (
        replace(curve, steps=first + stretch * curve.steps, wall_times=start + curve.wall_times)
        for curve in (made.train, made.val)
    )
    here, there = judged_made(made), judged(train, val)
    assert there.verdict == here.verdict
    assert there.onset == (None if here.onset is None else first + stretch * here.onset)


@given(name=st.sampled_from(list(RECIPES)), power=st.integers(-30, 30))
def test_the_unit_of_the_loss_changes_no_verdict(name: str, power: int) -> None:
    made = make(name)
    train, val = (replace(curve, values=curve.values * 2.0**power) for curve in (made.train, made.val))
    found = judged(train, val)
    if "chance" not in name:
        assert (found.verdict, found.onset) == (judged_made(made).verdict, judged_made(made).onset)


@pytest.mark.parametrize("name", RECIPES)
def test_a_metric_where_higher_is_better_is_judged_like_the_loss_it_mirrors(name: str) -> None:
    made = make(name)
    train, val = (replace(curve, values=-curve.values) for curve in (made.train, made.val))
    up, down = judged(train, val, direction="max"), judged_made(made)
    assert up.onset == down.onset
    assert up.verdict == down.verdict or "guessing" in down.reason
    assert up.stop == down.stop


def test_a_validation_that_never_moves_beside_a_training_that_hardly_does_is_underfit() -> None:
    train = series(range(15), [0.6932 + 0.0004 * (i % 3) for i in range(15)])
    assert judged(train, series(range(15), [0.6931] * 15)).verdict == "underfit"


@pytest.mark.parametrize("points", [0, 1, 4])
def test_fewer_than_five_validation_points_are_too_short(points: int) -> None:
    assert judged(series(range(points)), series(range(points))).verdict == "too-short"


def test_training_that_ends_in_nan_before_the_next_validation_diverged() -> None:
    train = series(range(8), [5, 4, 3, 2, 2, 2, 2, np.nan], wall=range(8))
    val = series(range(7), [5, 4, 3, 2, 2, 2, 2], wall=range(7))
    found = judged(train, val)
    assert (found.verdict, found.divergence) == ("diverged", 7)


def test_a_value_that_is_not_finite_in_the_middle_is_marked_but_no_divergence() -> None:
    made = make("good fit")
    values = made.val.values.copy()
    values[20] = np.nan
    found = judged(made.train, replace(made.val, values=values))
    assert (found.verdict, found.divergence) == (judged_made(made).verdict, 21)
    assert any("not finite" in caveat for caveat in found.caveats)


def test_an_explosion_is_marked_where_its_last_stretch_begins() -> None:
    found = judged_made(make("explodes", points=100))
    assert found.verdict == "diverged"
    assert found.divergence is not None
    assert 50 < found.divergence < 60


def test_the_onset_lies_where_validation_left_its_best_for_good() -> None:
    found = judged_made(make("overfit late", points=200))
    assert found.onset is not None
    assert 140 < found.onset < 170


def test_there_is_no_onset_when_the_end_came_back() -> None:
    assert judged_made(make("second descent", points=200)).onset is None


def test_a_second_descent_is_a_caveat() -> None:
    assert any("second descent" in caveat for caveat in judged_made(make("second descent", points=200)).caveats)


def test_a_jump_of_training_is_a_caveat() -> None:
    train = series(range(60), [1 / (1 + 0.1 * i) * (0.5 if i >= 40 else 1) for i in range(60)])
    found = judged(train, series(range(60), [1 / (1 + 0.1 * i) for i in range(60)]))
    assert any("within one step, at step 40" in caveat for caveat in found.caveats)


def test_quantities_of_different_scale_are_a_caveat() -> None:
    found = judged(
        series(range(20), [1 / (1 + i) for i in range(20)]), series(range(20), [9 / (1 + i) for i in range(20)])
    )
    assert any("may not measure the same quantity" in caveat for caveat in found.caveats)


def test_a_sampled_series_is_a_caveat() -> None:
    made = make("good fit")
    found = judged(made.train, replace(made.val, exact=False))
    assert any("sample" in caveat for caveat in found.caveats)


def test_a_metric_that_still_improves_after_the_best_loss_is_told() -> None:
    loss = make("overfit", points=60)
    accuracy = measure(series([]), series(range(1, 61), 0.9 - 0.6 * np.exp(-np.arange(60) / 15)), direction="max")
    early = measure(series([]), series(range(1, 61), [0.5, *[0.9] * 59]), direction="max")
    (said,) = still_improving_metrics(measure(loss.train, loss.val), {"accuracy": accuracy, "top_5": early})
    assert said.startswith("Validation accuracy still went from 0.")
    assert still_improving_metrics(measure(series([]), series([])), {"accuracy": accuracy}) == ()


def test_a_planted_minimum_among_many_points_is_found_exactly() -> None:
    made = make("good fit under noise", points=5000)
    for step in np.random.default_rng(0).integers(0, 5000, 60):
        values = made.val.values.copy()
        values[step] = values.min() / 2
        best = judged(made.train, replace(made.val, values=values)).best
        assert best is not None
        assert (best.step, best.value) == (step + 1, values[step])


def test_stopping_early_is_priced() -> None:
    val = series(range(0, 100, 10), [5, 3, 4, 4, 1, 2, 2, 2, 2, 2])
    found = judged(val, val, Parameters(patience=2)).stop
    assert found is not None
    assert (found.step, found.best_step, found.regret, found.steps_saved, found.seconds_saved) == (30, 10, 2, 60, 6)


@pytest.mark.parametrize("criterion", get_args(Criterion))
def test_every_criterion_has_its_stop(criterion: Criterion) -> None:
    made = make("overfit", points=200)
    found = judged(made.train, made.val, Parameters(criterion=criterion)).stop
    assert found is not None
    assert found.criterion == criterion
    assert found.best_step <= found.step


@st.composite
def curves(draw: st.DrawFn) -> Series:
    steps = sorted(draw(st.sets(st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 60), max_size=40)))
    numbers = draw(st.sampled_from([st.floats(width=64), st.floats(0, 3), st.floats(-1e308, 1e308), st.just(0.5)]))
    return series(steps, draw(arrays.arrays(np.float64, len(steps), elements=numbers)))


@settings(max_examples=300)
@given(
    curves(),
    curves(),
    st.builds(
        Parameters,
        patience=st.integers(0, 50),
        min_delta=st.sampled_from([0.0, 0.1]),
        tolerance=st.floats(0, 50),
        criterion=st.sampled_from(get_args(Criterion)),
    ),
    st.sampled_from(["min", "max"]),
)
def test_whatever_was_logged_is_judged_in_words_that_fit_its_numbers(
    train: Series, val: Series, parameters: Parameters, direction: Direction
) -> None:
    found = judge(measure(train, val, direction=direction), parameters)
    finite = val.values[np.isfinite(val.values)]
    assert (found.best is None) == (len(finite) == 0)
    if found.best is not None:
        best = finite.min() if direction == "min" else finite.max()
        index = int(np.argmax(val.values == best))
        assert (found.best.step, found.best.value) == (val.steps[index], best)
    assert (found.final is None) == (len(val) == 0)
    assert (found.verdict == "too-short") == (len(val) < 5 or ("at least 5" in found.reason))
    assert found.advice
    assert_fits(found, parameters)


def test_validation_that_never_moves_is_said_to_measure_nothing() -> None:
    steps = range(50)
    found = judged(series(steps, [1 / (1 + step) for step in steps]), series(steps, [0.0] * 50))
    assert found.verdict == "val-below-train"
    assert "0 at every point" in found.reason


@pytest.mark.parametrize("start", [1.5, 4.0])
def test_only_a_loss_that_hardly_fell_is_called_guessing(start: float) -> None:
    steps = range(60)
    settled = [math.log(4) + (start - math.log(4)) * math.exp(-step / 5) for step in steps]
    found = judged(series(steps, settled), series(steps, settled))
    assert ("guessing" in found.reason) == (start == 1.5)


def test_the_first_value_that_is_not_finite_is_that_of_its_own_side() -> None:
    train = series(range(20), [1.0] * 10 + [math.nan] * 10)
    val = series(range(20), [1.0] * 15 + [math.nan] * 5)
    assert judged(train, val).reason.endswith("at step 15")


@pytest.mark.parametrize("points", [5, 8, 12, 30, 100])
@pytest.mark.parametrize("seed", range(40))
def test_no_verdict_contradicts_its_own_reason(points: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    walks = np.exp(np.cumsum(random.normal(-0.02, random.choice([0.01, 0.1, 0.3]), (2, points)), axis=1))
    direction: Direction = "min" if seed % 2 else "max"
    found = judged(series(range(points), walks[0]), series(range(points), walks[1]), direction=direction)
    assert_fits(found, DEFAULTS)


def assert_fits(found: Judgement, parameters: Parameters) -> None:
    """Holds the numbers of the reason against what the verdict claims."""
    percents = [float(number.replace(",", "")) for number in re.findall(r"(-?[\d.,]+(?:e[+-]?\d+)?) %", found.reason)]
    rounding = 0.951
    assert (found.severity is not None) == (found.verdict == "overfit")
    if found.verdict == "overfit":
        assert percents[0] >= parameters.tolerance * rounding
        assert (found.severity == "strong") == (percents[0] >= 15) or percents[0] == 15
        assert found.onset is not None or "training" in found.reason
    if found.verdict == "underfit" and "only" in found.reason:
        assert percents[0] <= 3
    if found.verdict == "still-improving":
        assert percents[0] >= 2 * rounding
    if found.verdict == "val-below-train" and "at every point" not in found.reason:
        assert percents[0] >= 90
        assert percents[1] >= 2 * rounding
    if found.verdict == "plateau":
        assert percents[-1] >= 5 * rounding
        assert percents[0] >= 33 or "stayed" not in found.reason
        assert percents[0] <= 4 or "moved only" not in found.reason
    if found.onset is not None:
        assert found.best is not None
        assert found.verdict != "too-short"
