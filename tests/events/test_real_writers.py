"""What real writers write: their scalars are all read, and nothing else of theirs is taken for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import tensorboardX
import tensorflow as tf
from tensorboard.plugins.hparams import api as hp
from torch.utils.tensorboard import SummaryWriter

from tb_lossgap.events import LogReader
from tb_lossgap.model import SeriesKey
from tests.events.test_against_tensorboard import Both

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VALUES = [0.9, 0.5, 0.25]


def torch(logdir: Path) -> None:
    with SummaryWriter(str(logdir)) as writer:
        for step, value in enumerate(VALUES):
            writer.add_scalar("loss", value, step)
            writer.add_scalar("new style", value, step, new_style=True)
            writer.add_scalar("double", value / 3, step, new_style=True, double_precision=True)
            writer.add_scalars("both", {"train": value, "valid": value + 1}, step)
            writer.add_histogram("weights", np.arange(9.0), step)
        writer.add_text("note", "0.5", 0)
        writer.add_image("picture", np.zeros((3, 2, 2)), 0)
        writer.add_pr_curve("curve", np.array([0, 1]), np.array([0.2, 0.7]), 0)
        writer.add_hparams({"lr": 0.1, "optimizer": "adam", "nesterov": True}, {"hp_metric": 0.25}, run_name="trial")


def tensorboard_x(logdir: Path) -> None:
    with tensorboardX.SummaryWriter(str(logdir)) as writer:
        for step, value in enumerate(VALUES):
            writer.add_scalar("loss", value, step)
            writer.add_scalar("new style", value, step, summary_description="told")


def tensorflow_2(logdir: Path) -> None:
    with tf.summary.create_file_writer(str(logdir / "train")).as_default():
        hp.hparams({"lr": 0.1, "optimizer": "adam"})
        for step, value in enumerate(VALUES):
            tf.summary.scalar("epoch_loss", value, step, description="**mean** of the epoch")
            tf.summary.histogram("weights", tf.range(9.0), step)
            tf.summary.text("note", "0.5", step)
            tf.summary.image("picture", tf.zeros((1, 2, 2, 3)), step)


def tensorflow_1(logdir: Path) -> None:
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        writer = tf.compat.v1.summary.FileWriter(str(logdir), session.graph)
        number = tf.compat.v1.placeholder(tf.float32, [])
        summary = tf.compat.v1.summary.scalar("loss", number)
        for step, value in enumerate(VALUES):
            writer.add_summary(session.run(summary, {number: value}), step)
        writer.close()


@pytest.mark.parametrize("write", [torch, tensorboard_x, tensorflow_2, tensorflow_1], ids=lambda write: write.__name__)
def test_scalars_of_real_writers_are_those_that_tensorboard_has(write: Callable[[Path], None], tmp_path: Path) -> None:
    write(tmp_path)
    theirs, mine = Both(tmp_path).read()
    assert mine == theirs
    assert any(len(points) == len(VALUES) for points in mine.values())


def test_double_precision_is_kept(tmp_path: Path) -> None:
    torch(tmp_path)
    reader = LogReader({"": str(tmp_path)})
    reader.refresh()
    assert reader.series()[SeriesKey(".", "double")].values.tolist() == [value / 3 for value in VALUES]


@pytest.mark.parametrize(
    ("write", "run", "hparams"),
    [
        (torch, "trial", {"lr": 0.1, "optimizer": "adam", "nesterov": True}),
        (tensorflow_2, "train", {"lr": 0.1, "optimizer": "adam"}),
    ],
    ids=["torch", "tensorflow"],
)
def test_hyperparameters_are_read(
    write: Callable[[Path], None], run: str, hparams: dict[str, object], tmp_path: Path
) -> None:
    write(tmp_path)
    reader = LogReader({"": str(tmp_path)})
    reader.refresh()
    assert reader.hparams() == {run: hparams}
