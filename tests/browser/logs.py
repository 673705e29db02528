"""The logs that the browser looks at: small trainings, each made to show one thing."""

from __future__ import annotations

import math
import shutil
from typing import TYPE_CHECKING

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.summary_pb2 import SummaryMetadata
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboard.summary.writer.record_writer import RecordWriter

from tests.writing import write_events

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Points = list[tuple[int, float, float]]

BEGIN = 1_700_000_000.0
# The training with more points than a chart is wide, and the step of its best.
LONG_POINTS = 4_000
LONG_BEST = 2_345
# Names that a spreadsheet would take for formulas.
FORMULAS = ("=1+1", "@sum", "-2+3", "+4")


def overfitting(first: int, last: int) -> dict[str, Points]:
    """Training that falls and validation that turns at step 20, as points of steps `first` to `last`."""
    steps = range(first, last + 1)
    return {
        "loss": [(step, BEGIN + step, math.exp(-step / 15)) for step in steps],
        "val_loss": [(step, BEGIN + step, 0.4 + ((step - 20) / 40) ** 2) for step in steps],
    }


def falling(floor: float, points: int = 40, *, gap: float = 0.05, begin: float = BEGIN) -> dict[str, Points]:
    """Both losses fall to a floor and stay there, with accuracies that rise; validation is worse by `gap`."""

    def column(value: Callable[[float], float]) -> Points:
        return [(step, begin + 2 * step, value(math.exp(-8 * step / points))) for step in range(points)]

    return {
        "loss": column(lambda left: floor + left),
        "val_loss": column(lambda left: floor + gap + left),
        "accuracy": column(lambda left: 0.95 - 0.8 * left),
        "val_accuracy": column(lambda left: 0.95 - gap - 0.8 * left),
    }


def write_hparams(run: Path, lr: float, optimizer: str) -> None:
    """Adds the hyperparameters of a run, in a file of their own as torch's SummaryWriter does."""
    data = HParamsPluginData()
    data.session_start_info.hparams["lr"].number_value = lr
    data.session_start_info.hparams["optimizer"].string_value = optimizer
    plugin = SummaryMetadata.PluginData(plugin_name="hparams", content=data.SerializeToString())
    value = Summary.Value(tag="_hparams_/session_start_info", metadata=SummaryMetadata(plugin_data=plugin))
    with (run / "events.out.tfevents.1699999999.host.1.1").open("wb") as stream:
        writer = RecordWriter(stream)
        writer.write(Event(wall_time=BEGIN, file_version="brain.Event:2").SerializeToString())
        writer.write(Event(wall_time=BEGIN, summary=Summary(value=[value])).SerializeToString())
        writer.flush()


def long() -> dict[str, Points]:
    """A value at each of thousands of steps, and one dip of validation that a sample would miss."""
    steps = range(LONG_POINTS)
    train = [(step, BEGIN + step, 1 + math.exp(-step / 500)) for step in steps]
    val = [(step, time, 0.1 if step == LONG_BEST else value + 0.05) for step, time, value in train]
    return {"loss": train, "val_loss": val}


def write_trainings(folder: Path) -> Path:
    """Writes one training for each thing that the page can show; returns the logdir."""
    for number, lr in enumerate((0.1, 0.01, 0.001, 0.0001)):
        run = folder / "sweep" / f"lr-{lr:g}"
        write_events(run, falling(0.3 + 0.02 * number))
        write_hparams(run, lr, "sgd" if number % 2 else "adam")
    for family, floor in (("a", 0.5), ("b", 0.6)):
        for seed in (1, 2, 3):
            begin = BEGIN + 100 * seed
            write_events(
                folder / "seeds" / f"{family}-seed{seed}", falling(floor + 0.01 * seed, 20 * seed, begin=begin)
            )
    write_events(folder / "overfits", overfitting(0, 59))
    write_events(folder / "long", long())
    write_events(folder / "twice", falling(0.9))
    write_events(folder / "twice", falling(0.8, begin=BEGIN + 500), name="events.out.tfevents.1700000500.host.1.0")
    diverged = falling(0.7)
    diverged["val_loss"][-4:] = [(step, time, math.nan) for step, time, _ in diverged["val_loss"][-4:]]
    write_events(folder / "diverges", diverged)
    outlier = falling(0.75)
    outlier["val_loss"][30] = (30, outlier["val_loss"][30][1], 1_000.0)
    outlier["loss"][:3] = [(step, time, -0.5) for step, time, _ in outlier["loss"][:3]]
    write_events(folder / "outlier", outlier)
    slashes = {"loss": "train/loss", "val_loss": "val/loss"}
    write_events(folder / "slashes", {slashes[tag]: points for tag, points in overfitting(0, 25).items()})
    for number, name in enumerate(FORMULAS):
        write_events(folder / name, falling(1.0 + 0.01 * number))
    return folder


def write_many(folder: Path, count: int) -> Path:
    """Writes so many trainings of a few shapes: each shape once, then as copies; returns the logdir."""
    shapes = [overfitting(0, 59), *(falling(0.1 * number) for number in range(1, 6))]
    files = [write_events(folder / f"group-0/run-{number:04d}", shape) for number, shape in enumerate(shapes)][:count]
    for number in range(len(files), count):
        copy = folder / f"group-{number // 100}" / f"run-{number:04d}" / files[0].name
        copy.parent.mkdir(parents=True)
        shutil.copyfile(files[number % len(files)], copy)
    return folder
