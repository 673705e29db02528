from __future__ import annotations

from tb_lossgap.model import Scalar
from tb_lossgap.model import SeriesKey
from tb_lossgap.model import Training
from tb_lossgap.pairing import assign_hparams
from tb_lossgap.pairing import pair_scalars


def trainings(*names: tuple[str, str]) -> tuple[Training, ...]:
    return pair_scalars([Scalar(SeriesKey(run, tag), 20) for run, tag in names]).trainings


KERAS = (
    ("a/train", "epoch_loss"),
    ("a/validation", "epoch_loss"),
    ("b/train", "epoch_loss"),
    ("b/validation", "epoch_loss"),
)
SINGLE = ((".", "train_loss"), (".", "val_loss"), ("a", "train_loss"), ("a", "val_loss"))


def test_keras_logs_hyperparameters_above_its_two_runs() -> None:
    found = assign_hparams(trainings(*KERAS), {"a": {"units": 8}, "b": {"units": 16}})
    assert found == {"a": {"units": 8}, "b": {"units": 16}}


def test_hyperparameters_in_one_of_the_runs_count() -> None:
    assert assign_hparams(trainings(*KERAS), {"a/train": {"units": 8}}) == {"a": {"units": 8}}


def test_a_session_run_belongs_to_the_training_it_lies_in() -> None:
    found = assign_hparams(trainings(*SINGLE), {"a/1700000000.123": {"lr": 0.1}, "1700000001.5": {"lr": 0.2}})
    assert found == {"a": {"lr": 0.1}, ".": {"lr": 0.2}}


def test_the_later_session_and_the_nearer_place_override() -> None:
    hparams = {"a/1700000000.1": {"lr": 0.1, "depth": 2.0}, "a/1700000009.1": {"lr": 0.2}, "a": {"depth": 3.0}}
    assert assign_hparams(trainings(*SINGLE), hparams) == {"a": {"lr": 0.2, "depth": 3.0}}


def test_hyperparameters_of_another_directory_are_left_alone() -> None:
    assert assign_hparams(trainings(*SINGLE), {"b": {"lr": 0.1}, "a/b": {"lr": 0.1}, "": {"lr": 0.1}}) == {}
