"""Pairing shard by shard gives what pairing a whole logdir gives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from tb_lossgap.events import LogReader
from tb_lossgap.model import Pairing
from tb_lossgap.model import Scalar
from tb_lossgap.model import SeriesKey
from tb_lossgap.pairing import assign_hparams
from tb_lossgap.pairing import pair_scalars
from tb_lossgap.pairing import parse_rule
from tb_lossgap.pairing import shards
from tb_lossgap.pairing import surprises

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence

    from tb_lossgap.model import HParam
    from tb_lossgap.pairing import Rule

FIXTURES = Path(__file__).parents[1] / "fixtures"
RULES = [parse_rule("train=(?P<x>[^/]+)/fitted,val=(?P<x>[^/]+)/held"), parse_rule("train=a/cost,val=b/cost")]

SEGMENTS = st.one_of(
    st.sampled_from(["a", "b", "exp", "cnn", "x1", "1700000000.5", "1700000001.5", "log", "logs"]),
    st.sampled_from(["train", "validation", "val", "eval", "test", "tr", "dev", "hosttrain", "hostval"]),
    st.sampled_from(
        ["train_1", "train_2", "val_1", "val_2", "eval_coco", "valid1", "a_train", "a_val", "2-trn", "2-val"]
    ),
    st.sampled_from(["loss", "loss_train", "loss_val", "train_loss", "val_loss", "a_loss_train", "a_loss_val"]),
    st.sampled_from(["log_train", "log_val", "network_train", "learn", "training_eval", "_epoch_", "retrain"]),
)
RUNS = st.one_of(st.just("."), st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join))
TAGS = st.one_of(
    st.sampled_from(["loss", "a_loss", "acc", "epoch_loss", "train_loss", "val_loss", "train/loss", "val/loss"]),
    st.sampled_from(["loss/train", "loss/val", "a/loss", "exp/a", "a", "cnn", "exp", "x1", "log", "logs", "train"]),
    st.sampled_from(["cost", "fitted", "held", "hp_metric"]),
)
SCALARS = st.builds(Scalar, st.builds(SeriesKey, RUNS, TAGS), st.sampled_from([1, 20]))
LOGDIRS = st.lists(SCALARS, max_size=14, unique_by=lambda scalar: scalar.key)
HPARAMS = st.dictionaries(RUNS, st.dictionaries(st.sampled_from(["lr", "depth"]), st.integers(0, 9), min_size=1))


def pair_by_shards(
    scalars: Sequence[Scalar], hparams: Mapping[str, Mapping[str, HParam]], rules: Sequence[Rule]
) -> tuple[Pairing, dict[str, dict[str, HParam]]]:
    """Does what a fleet does: groups again until no shard tells anything new."""
    runs = {scalar.key.run for scalar in scalars} | hparams.keys()
    ties: set[tuple[str, str]] = set()
    while True:
        groups = shards(runs, ties)
        found = [pair_shard(shard, scalars, hparams, rules) for shard in groups]
        told = {(group[0], tie) for group, (_, _, news) in zip(groups, found, strict=True) for tie in news}
        if shards(runs, ties | told) == groups:
            break
        ties |= told
    trainings = [training for pairing, _, _ in found for training in pairing.trainings]
    unpaired = [one for pairing, _, _ in found for one in pairing.unpaired]
    whole = Pairing(
        tuple(sorted(trainings, key=lambda training: training.name)),
        tuple(sorted(unpaired, key=lambda one: (one.key, one.reason))),
    )
    return whole, {name: values for _, assigned, _ in found for name, values in assigned.items()}


def pair_shard(
    shard: Collection[str],
    scalars: Sequence[Scalar],
    hparams: Mapping[str, Mapping[str, HParam]],
    rules: Sequence[Rule],
) -> tuple[Pairing, dict[str, dict[str, HParam]], frozenset[str]]:
    own = [scalar for scalar in scalars if scalar.key.run in shard]
    pairing = pair_scalars(own, rules=rules)
    assigned = assign_hparams(pairing.trainings, {run: hparams[run] for run in shard if run in hparams})
    return pairing, assigned, surprises(shard, own, pairing.trainings, rules)


def pair_whole(
    scalars: Sequence[Scalar], hparams: Mapping[str, Mapping[str, HParam]], rules: Sequence[Rule]
) -> tuple[Pairing, dict[str, dict[str, HParam]]]:
    pairing = pair_scalars(scalars, rules=rules)
    unpaired = tuple(sorted(pairing.unpaired, key=lambda one: (one.key, one.reason)))
    return Pairing(pairing.trainings, unpaired), assign_hparams(pairing.trainings, hparams)


@settings(max_examples=600)
@given(LOGDIRS, HPARAMS)
def test_shards_pair_as_the_whole_does(scalars: list[Scalar], hparams: dict[str, dict[str, HParam]]) -> None:
    assert pair_by_shards(scalars, hparams, ()) == pair_whole(scalars, hparams, ())


@settings(max_examples=300)
@given(LOGDIRS, HPARAMS, st.permutations(RULES))
def test_so_they_do_by_rules_of_a_persons_own(
    scalars: list[Scalar], hparams: dict[str, dict[str, HParam]], rules: list[Rule]
) -> None:
    assert pair_by_shards(scalars, hparams, rules) == pair_whole(scalars, hparams, rules)


@pytest.mark.parametrize("logs", sorted(FIXTURES.glob("*/logs")), ids=lambda path: path.parent.name)
def test_the_logs_of_every_framework_are_paired_by_shards_as_whole(logs: Path) -> None:
    reader = LogReader({"": str(logs)})
    reader.refresh()
    scalars = [Scalar(key, len(series)) for key, series in sorted(reader.series().items())]
    assert pair_by_shards(scalars, reader.hparams(), ()) == pair_whole(scalars, reader.hparams(), ())


def test_trainings_of_one_folder_are_shards_of_their_own() -> None:
    runs = [f"sweep/cnn-{n}/{split}" for n in range(9) for split in ("train", "validation")] + ["sweep", "sweep/cnn-3"]
    groups = shards({*runs})
    assert len(groups) == 10
    assert ("sweep/cnn-3", "sweep/cnn-3/train", "sweep/cnn-3/validation") in groups


def test_runs_beside_each_other_are_shards_of_their_own() -> None:
    runs = [f"sweep/2024-01-{n}_{split}_cls" for n in range(10, 30) for split in ("trn", "val")]
    assert {len(shard) for shard in shards({*runs})} == {2}


def test_a_place_that_only_tags_tell_ties_what_names_leave_apart() -> None:
    groups = shards({"exp", "exp/cnn_train", "exp/cnn_val"})
    assert groups == [("exp",), ("exp/cnn_train", "exp/cnn_val")]
    logged = [Scalar(SeriesKey(f"exp/cnn_{split}", "cnn"), 9) for split in ("train", "val")]
    told = surprises(groups[1], logged, pair_scalars(logged).trainings)
    assert told == {"exp"}
    assert shards({"exp", "exp/cnn_train", "exp/cnn_val"}, [("exp/cnn_val", "exp")]) == [
        ("exp", "exp/cnn_train", "exp/cnn_val")
    ]
