"""Small logdirs for the commands: trainings whose names are traps, and trainings that go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.writing import NAME
from tests.writing import write_events

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FORMULA = "=HYPERLINK(1)"
LATEX = "a&b_c %$#{x}"
SCRIPT = "<script>alert(1)<!--"
TABLE = "|pipe| `tick`"
TERMINAL = "\x1b[31mred"
TRAPS = (FORMULA, LATEX, SCRIPT, TABLE, TERMINAL)


def write_training(folder: Path, train: Iterable[float], val: Iterable[float], *, first: int = 0) -> None:
    """Writes the epochs of one training as many loops do; later ones go behind those that are there."""
    series = {
        tag: [(step, 1_700_000_000.0 + 10 * step, value) for step, value in enumerate(values, start=first)]
        for tag, values in (("train/loss", train), ("val/loss", val))
    }
    write_events(folder, series, append=(folder / NAME).exists())


def write_traps(logdir: Path) -> Path:
    """Trainings with the names of `TRAPS`, best first."""
    for place, name in enumerate(TRAPS):
        losses = [1 / (1 + step) + place / 10 for step in range(20)]
        write_training(logdir / name, losses, [loss + 0.1 for loss in losses])
    return logdir
