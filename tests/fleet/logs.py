"""Many small trainings, as Keras lays them out."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from tests.events.records import scalars
from tests.events.records import version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "events.out.tfevents.1700000000.host.1.0.v2"
_STEPS = np.arange(24.0)
# A few curves, repeated: what ends well, overfits, still falls, went nowhere, ended in NaN, was cut short.
_CURVES = [
    (np.exp(-_STEPS / 3), np.exp(-_STEPS / 3) + 0.1),
    (np.exp(-_STEPS / 6), 0.5 + (_STEPS - 8) ** 2 / 400),
    (2 - _STEPS / 20, 2.1 - _STEPS / 25),
    (np.full(24, 2.3), np.full(24, 2.31)),
    (np.exp(-_STEPS / 3), np.where(_STEPS > 15, np.nan, 1.0)),
    (np.exp(-_STEPS[:3]), np.exp(-_STEPS[:3])),
]
_FILES = [tuple(version() + scalars("epoch_loss", side.tolist()) for side in curve) for curve in _CURVES]


def event_files(trainings: int) -> Iterator[tuple[str, bytes]]:
    """Yields the name and content of each event file of so many trainings."""
    for number, sides in zip(range(trainings), itertools.cycle(_FILES), strict=False):
        for split, content in zip(("train", "validation"), sides, strict=True):
            yield f"sweep/cnn-{number:05d}/{split}/{FILE}", content


def write_trainings(logdir: Path, trainings: int) -> Path:
    for name, content in event_files(trainings):
        path = logdir / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    return logdir
