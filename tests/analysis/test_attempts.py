"""Names used twice, resumes, repeated evaluations: what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tb_lossgap.analysis import attempt_starts
from tb_lossgap.analysis import attempts
from tests.analysis.logged import epochs
from tests.analysis.logged import logged
from tests.analysis.logged import series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tb_lossgap.model import Series
    from tests.analysis.logged import Point


def lengths(train: Series, val: Series, starts: Sequence[float] | None = None) -> list[tuple[int, int]]:
    return [(len(a.train), len(a.val)) for a in attempts(train, val, starts=starts)]


def test_a_plain_training_is_one_attempt_and_stays_as_it_is() -> None:
    train, val = logged(epochs(0, range(10))), logged(epochs(0.1, range(10)))
    (only,) = attempts(train, val)
    assert only.train is train
    assert only.val is val
    assert only.notes == ()


def test_a_name_used_twice_is_two_attempts_oldest_first() -> None:
    train = logged(epochs(0, range(10), value=1), epochs(100, range(6), value=7))
    val = logged(epochs(0.1, range(10), value=2), epochs(100.1, range(6), value=9))
    first, second = attempts(train, val)
    assert (len(first.train), len(first.val)) == (10, 10)
    assert (second.train.values[0], second.val.values[0]) == (7, 9)
    assert 9.1 < attempt_starts(train, val)[0] < 100


def test_a_name_used_twice_within_one_file_is_two_attempts() -> None:
    train = logged(epochs(0, range(10)) + epochs(100, range(6)))
    val = logged(epochs(0.1, range(10)) + epochs(100.1, range(6)))
    assert lengths(train, val) == [(10, 10), (6, 6)]


def test_a_name_used_three_times_is_three_attempts() -> None:
    train = logged(epochs(0, range(5)), epochs(100, range(6)), epochs(200, range(7)))
    val = logged(epochs(0.1, range(5)), epochs(100.1, range(6)), epochs(200.1, range(7)))
    assert lengths(train, val) == [(5, 5), (6, 6), (7, 7)]


def test_a_second_training_that_has_not_validated_yet_is_an_attempt() -> None:
    train = logged(epochs(0, range(0, 100, 10)), epochs(100, range(0, 30, 10)))
    val = logged(epochs(5.5, [50, 99], every=5))
    assert lengths(train, val) == [(10, 2), (3, 0)]


def test_a_second_training_after_a_single_epoch_is_an_attempt() -> None:
    train = logged(epochs(0, [0]), epochs(100, range(8)))
    val = logged(epochs(0.1, [0]), epochs(100.1, range(8)))
    assert lengths(train, val) == [(1, 1), (8, 8)]


def test_a_second_training_that_logs_less_often_is_an_attempt() -> None:
    train = logged(epochs(0, range(9, 1000, 10)), epochs(1000, range(49, 1000, 50)))
    val = logged(epochs(10.5, range(100, 1000, 100), every=10), epochs(1002.5, range(100, 1000, 100), every=2))
    assert lengths(train, val) == [(100, 9), (20, 9)]


def test_validation_before_the_first_step_belongs_to_the_attempt_it_begins() -> None:
    train = logged(epochs(1, range(1, 10)), epochs(101, range(1, 6)))
    val = logged(epochs(0, range(10)), epochs(100, range(6)))
    assert lengths(train, val) == [(9, 10), (5, 6)]


def test_a_resume_drops_the_orphaned_tail_and_says_so() -> None:
    train = logged(epochs(0, range(81)), epochs(100, range(61, 121), value=5))
    val = logged(epochs(20.5, [20, 40, 60, 80], every=20), epochs(120.5, [80, 100, 120], every=20, value=3))
    (only,) = attempts(train, val)
    assert only.train.steps.tolist() == list(range(121))
    assert only.train.values[61] == 5
    assert only.val.steps.tolist() == [20, 40, 60, 80, 100, 120]
    assert only.val.values[3] == 3
    assert only.notes == ("The training went back to a checkpoint; 20 earlier values from after it were left out.",)


def test_a_resume_before_the_first_validation_is_no_attempt() -> None:
    train = logged(epochs(0, range(1, 120)), epochs(200, range(41, 160)))
    val = logged(epochs(50.5, [50, 100], every=50), epochs(209.5, [50, 100, 150], every=50))
    assert lengths(train, val) == [(159, 3)]


def test_the_last_evaluation_written_again_in_a_second_file_is_the_same_attempt() -> None:
    train = logged(epochs(0, range(10, 101, 10)))
    val = logged([(5, 50, 1.0), (10, 100, 0.5)], [(12, 100, 0.5)])
    (only,) = attempts(train, val)
    assert only.val.steps.tolist() == [50, 100]
    assert only.notes == ()


def test_the_only_evaluation_written_again_in_a_second_file_is_the_same_attempt() -> None:
    train = logged(epochs(0, range(10, 101, 10)))
    assert lengths(train, logged([(10, 100, 0.5)], [(12, 100, 0.5)])) == [(10, 1)]


@pytest.mark.parametrize("step", [0, 20])
def test_an_evaluation_long_after_the_training_is_left_out(step: int) -> None:
    train = logged(epochs(0, range(1, 101)))
    val = logged(epochs(20.5, range(20, 101, 20), every=20), [(5000, step, 0.1)])
    (only,) = attempts(train, val)
    assert only.val.steps.tolist() == [20, 40, 60, 80, 100]
    assert only.val.values[0] == 1.0
    assert only.notes == ("1 validation value logged after the training had ended was left out.",)


def test_a_training_whose_step_is_always_zero_is_one_attempt_of_one_point() -> None:
    train, val = logged([(i, 0, float(i)) for i in range(8)]), logged([(i + 0.1, 0, float(i)) for i in range(8)])
    (only,) = attempts(train, val)
    assert only.train.values.tolist() == [3.5]
    assert only.val.values.tolist() == [7.0]


def test_of_many_values_at_one_step_training_keeps_the_mean_and_validation_the_last() -> None:
    points = [(step + batch / 34, step, step + batch / 33) for step in range(5) for batch in range(34)]
    (only,) = attempts(logged(points), logged(points))
    assert only.train.values == pytest.approx(np.arange(5) + 0.5)
    assert only.val.values.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert only.notes == ("Training logged several values at one step; their mean is shown.",)


def test_the_mean_at_a_step_does_not_overflow() -> None:
    (only,) = attempts(series([0, 0, 0], [1e308, 1e308, 1e308]), series([0]))
    assert only.train.values[0] == pytest.approx(1e308)


def test_a_batch_number_that_starts_again_in_every_epoch_counts_on() -> None:
    batches = [(epoch * 100 + batch, batch, 1.0) for epoch in range(5) for batch in range(50)]
    (only,) = attempts(logged(batches), logged(epochs(60, range(5), every=100)))
    assert only.train.steps.tolist() == list(range(250))
    assert len(only.val) == 5


def test_starts_part_other_pairs_whose_points_were_logged_a_moment_earlier() -> None:
    train = logged(epochs(0, range(10)), epochs(100, range(6)))
    val = logged(epochs(0.1, range(10)), epochs(100.1, range(6)))
    starts = attempt_starts(train, val)
    earlier = logged(epochs(0, range(10)), epochs(100, range(6)), delay=-0.5)
    assert lengths(earlier, earlier, starts=starts) == [(10, 10), (6, 6)]


def test_starts_part_a_pair_that_only_the_first_attempt_logged() -> None:
    train = logged(epochs(0, range(10)), epochs(100, range(6)))
    assert lengths(logged(epochs(0, range(10))), series([]), starts=attempt_starts(train, train)) == [(10, 0), (0, 0)]


def test_attempts_are_parted_where_no_clock_tells_them_apart() -> None:
    train = logged([(0, step, 1.0) for step in [*range(10), *range(6), *range(7)]])
    assert lengths(train, train) == [(10, 10), (6, 6), (7, 7)]


def test_files_are_put_into_the_order_of_their_wall_times() -> None:
    train = logged(epochs(100, range(6)), epochs(0, range(10)))
    val = logged(epochs(0.1, range(10)), epochs(100.1, range(6)))
    assert lengths(train, val) == [(10, 10), (6, 6)]


STEPS = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 12)
TIMES = st.floats(0, 100) | st.sampled_from([0.0, np.nan, np.inf, -1e300])
POINTS = st.lists(st.tuples(TIMES, STEPS, st.floats(width=64)), max_size=30)


@given(st.lists(POINTS, min_size=1, max_size=3), st.lists(POINTS, min_size=1, max_size=3))
def test_whatever_was_logged_every_attempt_has_strictly_increasing_steps(
    train_files: list[list[Point]], val_files: list[list[Point]]
) -> None:
    train, val = logged(*train_files), logged(*val_files)
    found = attempts(train, val, starts=attempt_starts(train, val))
    for attempt in found:
        for cleaned in (attempt.train, attempt.val):
            assert (cleaned.steps[1:] > cleaned.steps[:-1]).all()
            assert len(cleaned.steps) == len(cleaned.values) == len(cleaned.wall_times)
            assert cleaned.file_starts[0] == 0
    assert sum(len(a.val) for a in found) <= len(val)


def test_a_name_used_again_after_trainings_of_one_epoch_is_an_attempt_each_time() -> None:
    train = logged(epochs(0, [0]), epochs(100, [0]), epochs(200, range(4)))
    val = logged(epochs(0.1, [0]), epochs(100.1, [0]), epochs(200.1, range(4)))
    assert lengths(train, val) == [(1, 1), (1, 1), (4, 4)]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=5))
def test_as_many_attempts_are_found_as_were_trained(numbers_of_epochs: list[int]) -> None:
    files = [epochs(1000 * i, range(n + 1)) for i, n in enumerate(numbers_of_epochs)]
    found = attempts(logged(*files), logged(*files, delay=0.2))
    assert [len(a.train) for a in found] == [len(a.val) for a in found] == [n + 1 for n in numbers_of_epochs]
