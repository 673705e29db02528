"""The training value, and with it the gap, at every validation step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tb_lossgap.analysis import align
from tb_lossgap.analysis import gap_of
from tests.analysis.logged import series

if TYPE_CHECKING:
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import Series

NAN = float("nan")


def same(found: FloatArray, expected: list[float]) -> bool:
    return bool(np.array_equal(found, np.array(expected), equal_nan=True))


def test_the_training_value_of_the_very_step_is_taken() -> None:
    aligned = align(series(range(5), [9, 7, 5, 4, 3]), series(range(5), [9, 8, 7, 7, 8]))
    assert same(aligned.gap, [0, 1, 2, 3, 5])
    assert aligned.method == "same step"
    assert aligned.with_gap == 5


def test_training_logged_more_often_is_averaged_since_the_validation_before() -> None:
    aligned = align(series(range(1, 9), [8, 6, 4, 2, 1, 1, 3, 3]), series([4, 8], [6, 2]))
    assert same(aligned.train, [5, 2])
    assert aligned.method == "mean of the training values since the validation before"


def test_training_logged_less_often_is_interpolated_and_never_extrapolated() -> None:
    aligned = align(series([10, 20], [4, 2]), series([5, 10, 15, 20, 25], [1, 1, 1, 1, 1]))
    assert same(aligned.train, [NAN, 4, 3, 2, NAN])
    assert aligned.with_gap == 3


def test_a_validation_after_the_last_of_many_training_values_has_their_mean() -> None:
    aligned = align(series(range(10, 100, 10), [1.0] * 9), series([50, 95], [2, 2]))
    assert same(aligned.gap, [1, 1])


def test_a_validation_step_between_training_steps_is_interpolated_when_both_are_logged_about_as_often() -> None:
    steps = [10, 20, 30, 40]
    aligned = align(series(steps, [4, 3, 2, 1], wall=steps), series([15, 25, 35], [1, 1, 1], wall=[15, 25, 35]))
    assert same(aligned.train, [3.5, 2.5, 1.5])


def test_values_that_are_not_finite_leave_a_hole_in_the_gap() -> None:
    aligned = align(series(range(4), [1, NAN, 1, np.inf]), series(range(4), [2, 2, NAN, 2]))
    assert same(aligned.gap, [1, NAN, NAN, NAN])
    assert aligned.with_gap == 1


def test_a_single_batch_that_is_not_finite_does_not_spoil_its_window() -> None:
    aligned = align(series(range(1, 9), [1, 1, NAN, 1, 3, 3, 3, 3]), series([4, 8], [2, 4]))
    assert same(aligned.gap, [1, 1])


def test_an_empty_series_has_no_gap() -> None:
    empty = series([])
    assert align(empty, series(range(3))).with_gap == 0
    assert len(align(series(range(3)), empty).gap) == 0
    assert len(align(empty, empty).gap) == 0


def test_epochs_and_iterations_are_compared_by_wall_time() -> None:
    train = series(range(50, 501, 50), range(10), wall=[60 * i for i in range(1, 11)])
    val = series(range(1, 6), [0] * 5, wall=[120 * i + 5 for i in range(1, 6)])
    aligned = align(train, val)
    assert same(aligned.train, [0.5, 2.5, 4.5, 6.5, 8.5])
    assert aligned.method.endswith("by wall time")
    assert aligned.note


def test_wall_times_of_copied_logs_do_not_make_other_units() -> None:
    train, val = series(range(0, 100, 10), wall=[0.0] * 10), series(range(0, 100, 10), wall=[5.0] * 10)
    assert align(train, val).method == "same step"


def test_validation_logged_at_the_next_epochs_step_is_shifted_back() -> None:
    train = series(range(10), range(10), wall=[10 * i for i in range(10)])
    val = series(range(1, 11), range(1, 11), wall=[10 * i + 2 for i in range(10)])
    aligned = align(train, val)
    assert same(aligned.gap, [1] * 10)
    assert aligned.steps.tolist() == list(range(1, 11))
    assert aligned.method == "same step, shifted by 1 step"


def test_validation_that_begins_an_epoch_later_is_not_shifted() -> None:
    train = series(range(10), range(10), wall=[10 * i for i in range(10)])
    val = series(range(1, 10), range(1, 10), wall=[10 * i + 2 for i in range(1, 10)])
    assert same(align(train, val).gap, [0] * 9)


@pytest.mark.parametrize("odd", [0, 2, 4])
@pytest.mark.parametrize("time", [NAN, np.inf, -np.inf])
def test_a_clock_that_tells_no_time_is_not_asked_for_units(time: float, odd: int) -> None:
    broken = [time if at in (odd, 0) else float(at) for at in range(5)]
    steps, others = range(5), range(1, 6)
    for train, val in ((broken, range(5)), (range(5), broken), (broken, [time] * 5)):
        aligned = align(series(steps, range(5), wall=train), series(others, range(5), wall=val))
        assert "wall time" not in aligned.method


def test_half_an_epoch_earlier_is_where_a_running_mean_belongs() -> None:
    aligned = align(series(range(4), [4, 3, 2, 1]), series(range(4), [0, 0, 0, 0]), half_epoch=True)
    assert same(aligned.train, [3.5, 2.5, 1.5, 1])


def test_neighbouring_steps_beyond_the_reach_of_floats_stay_apart() -> None:
    steps = [2**53 + i for i in range(5)]
    assert same(align(series(steps, range(5)), series(steps, [1] * 5)).train, [0, 1, 2, 3, 4])


@pytest.mark.parametrize(
    ("kind", "expected"), [("absolute", [1, -2]), ("relative", [0.5, -0.5]), ("ratio", [1.5, 0.5])]
)
def test_the_gap_has_three_kinds(kind: str, expected: list[float]) -> None:
    assert same(gap_of(align(series([0, 1], [2, 4]), series([0, 1], [3, 2])), kind), expected)  # type: ignore[arg-type]


STEPS = st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 60), max_size=40, unique=True).map(sorted)


@st.composite
def curves(draw: st.DrawFn) -> Series:
    steps = draw(STEPS)
    values = draw(arrays.arrays(np.float64, len(steps), elements=st.floats(width=64)))
    walls = draw(arrays.arrays(np.float64, len(steps), elements=st.floats(-1e300, 1e300) | st.sampled_from([0.0, NAN])))
    return series(steps, values, walls)


@given(curves(), curves(), st.booleans())
def test_whatever_was_logged_the_gap_is_finite_or_missing(train: Series, val: Series, half: bool) -> None:  # noqa: FBT001
    aligned = align(train, val, half_epoch=half)
    assert len(aligned.gap) == len(aligned.train) == len(aligned.steps) == len(val)
    assert not np.isinf(aligned.gap).any()
    assert aligned.with_gap == np.isfinite(aligned.gap).sum()


@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=9), min_size=2, max_size=20))
def test_each_window_holds_the_training_values_since_the_validation_before(windows: list[list[float]]) -> None:
    ends = np.cumsum([len(window) for window in windows])
    aligned = align(series(range(1, ends[-1] + 1), np.concatenate(windows)), series(ends, [0] * len(ends)))
    assert aligned.train == pytest.approx(np.array([np.mean(window) for window in windows]), abs=1e-9)
