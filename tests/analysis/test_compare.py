"""Trainings side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tb_lossgap.analysis import judge
from tb_lossgap.analysis import measure
from tb_lossgap.analysis.compare import boards
from tb_lossgap.analysis.compare import differences
from tb_lossgap.analysis.compare import figures
from tb_lossgap.analysis.compare import fit_map
from tb_lossgap.analysis.compare import patience_table
from tb_lossgap.analysis.compare import varying_hparams
from tb_lossgap.analysis.groups import band
from tb_lossgap.analysis.groups import group_names
from tb_lossgap.analysis.groups import mean_and_std
from tb_lossgap.model import HParam
from tb_lossgap.model import Pair
from tb_lossgap.model import Row
from tb_lossgap.model import SeriesKey
from tb_lossgap.model import Training
from tests.analysis.logged import series

if TYPE_CHECKING:
    from tb_lossgap.model import Direction


def row(
    name: str,
    values: list[float],
    *,
    tag: str = "loss",
    maximize: bool = False,
    attempt: int = 1,
    attempts: int = 1,
    hparams: dict[str, HParam] | None = None,
) -> Row:
    direction: Direction = "max" if maximize else "min"
    pair = Pair("loss", "loss", primary=True, train=SeriesKey(name, tag), val=SeriesKey(name, tag), direction=direction)
    steps = range(len(values))
    judgement = judge(measure(series(steps, [1.0] * len(values)), series(steps, values), direction=direction))
    return Row(
        Training(name, (name,), (pair,)),
        pair,
        attempt,
        attempts,
        len(values),
        len(values),
        judgement,
        hparams=hparams or {},
    )


def test_a_board_ranks_the_lowest_best_first_and_ties_by_the_earlier_step() -> None:
    rows = {"a": row("a", [3, 2]), "b": row("b", [1, 2]), "c": row("c", [2, 3])}
    assert boards(rows) == {"loss": ["b", "c", "a"]}


def test_trainings_that_measure_something_else_have_a_board_of_their_own() -> None:
    rows = {"a": row("a", [3]), "b": row("b", [1], tag="nll"), "c": row("c", [2])}
    assert boards(rows) == {"loss": ["c", "a"], "nll": ["b"]}


def test_a_metric_where_higher_is_better_ranks_the_highest_first() -> None:
    assert boards({"a": row("a", [0.1], maximize=True), "b": row("b", [0.9], maximize=True)}) == {"loss": ["b", "a"]}


def test_older_attempts_and_trainings_without_a_finite_value_are_on_no_board() -> None:
    rows = {"a": row("a", [1.0], attempt=1, attempts=2), "b": row("b", [np.nan]), "c": row("c", [2.0])}
    assert boards(rows) == {"loss": ["c"]}


def test_differences_are_taken_from_the_baseline_where_both_have_a_figure() -> None:
    baseline, other = row("a", [3, 2, 4]), row("b", [3, 2.5, 1, 2])
    found = differences(other, baseline)
    assert (found["best"], found["best_step"], found["final"], found["points"]) == (-1, 1, -2, 1)
    assert found["stop"] is None
    assert set(found) == set(figures(baseline))


def test_boards_that_a_reader_joins_are_ranked_as_one() -> None:
    rows = {"a": row("a", [3, 2], tag="val_loss"), "b": row("b", [3, 1], tag="eval/loss"), "c": row("c", [9], tag="c")}
    assert boards(rows, joined={"val_loss", "eval/loss"}) == {"eval/loss + val_loss": ["b", "a"], "c": ["c"]}


def test_what_is_better_when_higher_is_never_ranked_with_what_is_better_when_lower() -> None:
    rows = {"a": row("a", [1], tag="loss"), "b": row("b", [1], tag="accuracy", maximize=True)}
    assert len(boards(rows, joined={"loss", "accuracy"})) == 2


def test_a_figure_that_is_not_finite_is_none() -> None:
    assert figures(row("a", [1, np.nan]))["final"] is None


def test_the_patience_table_weighs_what_is_lost_against_what_is_saved() -> None:
    late = measure(series([]), series(range(10), [5, 4, 5, 5, 5, 2, 3, 3, 3, 3]))
    early = measure(series([]), series(range(10), [2, 1, 2, 2, 2, 2, 2, 2, 2, 2]))
    hasty, patient = patience_table([late, early], patiences=(3, 9))
    assert (hasty.stopped, hasty.kept, hasty.regret, hasty.saved) == (2, 0.5, 0.5, 0.5)
    assert (patient.stopped, patient.kept, patient.regret, patient.saved) == (0, 1, 0, 0)


def test_the_patience_table_of_nothing_is_empty() -> None:
    assert patience_table([measure(series([]), series([0], [np.nan]))]) == ()


def test_the_fit_map_shows_both_losses_at_the_best() -> None:
    (point,) = fit_map({"a": row("a", [3, 2, 4]), "b": row("b", [np.nan])})
    assert (point.id, point.train, point.val) == ("a", 1, 2)


def test_hyperparameters_are_columns_where_they_differ() -> None:
    rows = {
        "a": row("a", [1], hparams={"lr": 0.1, "depth": 3.0, "bias": True}),
        "b": row("b", [1], hparams={"lr": 0.2, "depth": 3.0}),
    }
    assert varying_hparams(rows) == {"lr": {"a": 0.1, "b": 0.2}, "bias": {"a": True}}


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        (["cnn/seed_1", "cnn/seed_2", "mlp/seed_1"], {"cnn/*": ["cnn/seed_1", "cnn/seed_2"]}),
        (["fold0/net", "fold1/net"], {"*/net": ["fold0/net", "fold1/net"]}),
        (
            ["net-seed1-lr0.1", "net-seed2-lr0.1", "net-seed1-lr0.2"],
            {"net-*-lr0.1": ["net-seed1-lr0.1", "net-seed2-lr0.1"]},
        ),
        (["lr0.1", "lr0.2"], {}),
        (["resnet18", "resnet50"], {}),
    ],
)
def test_names_that_differ_in_the_number_of_a_member_are_a_group(
    names: list[str], groups: dict[str, list[str]]
) -> None:
    assert group_names(names) == groups


def test_a_regular_expression_groups_by_its_group_or_its_match() -> None:
    names = ["a-lr1-x", "a-lr2-x", "b-lr1-y", "c"]
    assert group_names(names, r"^(\w)-") == {"a": ["a-lr1-x", "a-lr2-x"], "b": ["b-lr1-y"]}
    assert group_names(names, r"lr\d") == {"lr1": ["a-lr1-x", "b-lr1-y"], "lr2": ["a-lr2-x"]}
    with pytest.raises(re.error):
        group_names(names, "(")


def test_a_band_is_the_mean_with_students_interval() -> None:
    steps = np.arange(2)
    found = band([(steps, np.array([1.0, 2.0])), (steps, np.array([3.0, 2.0])), (steps, np.array([2.0, 2.0]))])
    assert found.mean.tolist() == [2, 2]
    assert found.high == pytest.approx(np.array([2 + 4.303 / 3**0.5, 2]), rel=1e-3)
    assert found.low == pytest.approx(np.array([2 - 4.303 / 3**0.5, 2]), rel=1e-3)


def test_a_band_interpolates_and_never_extrapolates() -> None:
    found = band([(np.array([0, 10]), np.array([0.0, 10.0])), (np.array([5, 20]), np.array([7.0, np.nan]))])
    assert found.places.tolist() == [0, 5, 10]
    assert found.count.tolist() == [1, 2, 1]
    assert found.mean.tolist() == [0, 6, 10]
    assert np.isnan(found.low[0])


def test_a_band_takes_no_more_places_than_asked_for_and_keeps_both_ends() -> None:
    steps = np.arange(1000)
    found = band([(steps, steps / 2), (steps, 3 * steps / 2)], most=10)
    assert len(found.places) == 10
    assert (found.places[0], found.places[-1]) == (0, 999)
    assert found.mean == pytest.approx(found.places)


def test_a_band_of_nothing_is_empty() -> None:
    assert len(band([]).places) == 0
    assert len(band([(np.arange(2), np.array([np.nan, np.inf]))]).places) == 0


def test_the_best_of_a_group_has_a_mean_and_a_standard_deviation() -> None:
    assert mean_and_std([1.0, 3.0, float("nan")]) == pytest.approx((2, 2**0.5))
    assert np.isnan(mean_and_std([1.0])[1])
    assert np.isnan(mean_and_std([])[0])
