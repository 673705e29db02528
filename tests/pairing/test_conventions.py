from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tb_lossgap.model import Scalar
from tb_lossgap.model import SeriesKey
from tb_lossgap.pairing import pair_scalars

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MANY_POINTS = 20
FILES = sorted((Path(__file__).parent / "conventions").glob("*.toml"))
CASES = [
    pytest.param(case, id=f"{file.stem}: {case['name']}")
    for file in FILES
    for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]
]


def scalars_of(case: dict[str, Any]) -> list[Scalar]:
    return [Scalar(SeriesKey(run, tag), points[0] if points else MANY_POINTS) for run, tag, *points in case["logs"]]


@pytest.mark.parametrize("case", CASES)
def test_a_convention_gives_its_pairs_and_no_other(case: dict[str, Any]) -> None:
    pairing = pair_scalars(scalars_of(case))
    found = [
        [training.name, pair.metric, pair.kind, pair.train.run, pair.train.tag, pair.val.run, pair.val.tag]
        for training in pairing.trainings
        for pair in training.pairs
    ]
    assert sorted(found) == sorted(case.get("pairs", []))


@pytest.mark.parametrize("case", CASES)
def test_the_first_pair_listed_for_a_training_is_primary(case: dict[str, Any]) -> None:
    expected: dict[str, str] = {}
    for training, *pair in case.get("pairs", []):
        expected.setdefault(training, pair[0])
    primary = {
        training.name: pair.metric
        for training in pair_scalars(scalars_of(case)).trainings
        for pair in training.pairs
        if pair.primary
    }
    assert primary == expected


@pytest.mark.parametrize("case", CASES)
def test_what_is_in_no_pair_of_a_convention_is_unpaired_with_a_reason(case: dict[str, Any]) -> None:
    inside = {(run, tag) for run, tag in case.get("extras", [])}
    for _, _, _, train_run, train_tag, val_run, val_tag in case.get("pairs", []):
        inside |= {(train_run, train_tag), (val_run, val_tag)}
    expected = {(run, tag) for run, tag, *_ in case["logs"]} - inside
    unpaired = pair_scalars(scalars_of(case)).unpaired
    assert {(found.key.run, found.key.tag) for found in unpaired if found.reason} == expected
