from __future__ import annotations

import re

import pytest

from tb_lossgap.model import SeriesKey
from tb_lossgap.pairing import BY_HAND
from tb_lossgap.pairing import pair_by_hand
from tb_lossgap.pairing import rule_for


def test_a_pair_by_hand_is_the_primary_one_and_says_who_made_it() -> None:
    pair = pair_by_hand(SeriesKey("a", "train/loss"), SeriesKey("a", "eval/loss"))
    assert (pair.metric, pair.kind, pair.primary, pair.convention) == ("loss", "loss", True, BY_HAND)


def test_validation_says_whether_lower_is_better() -> None:
    loss, accuracy = SeriesKey("a", "loss"), SeriesKey("a", "val_accuracy")
    assert pair_by_hand(loss, accuracy).direction == "max"
    assert pair_by_hand(accuracy, loss).direction == "min"


@pytest.mark.parametrize("tag", ["loss", "loss (a+b)", r"a\b", "x[0].y|z", "a-b c", "^$*?{}"])
def test_the_rule_of_a_choice_matches_its_series_and_no_other(tag: str) -> None:
    train, val = rule_for(SeriesKey("run-1", tag), SeriesKey("run-1", f"{tag}x"))
    assert re.search(train, f"run-1/{tag}")
    assert re.search(val, f"run-1/{tag}x")
    assert not re.search(train, f"run-1/{tag}x")
    assert not re.search(train, f"my/run-1/{tag}")


def test_a_rule_is_as_plain_as_its_names() -> None:
    assert rule_for(SeriesKey("cnn-1", "my loss"), SeriesKey("cnn-1", "a.b"))[0] == "^cnn-1/my loss$"
