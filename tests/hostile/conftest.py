"""TensorBoard's application over a few trainings of different shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.inprocess import read_out
from tests.inprocess import tensorboard_app
from tests.writing import write_events

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = 1_700_000_000.0


@pytest.fixture(scope="session")
def trainings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trainings")
    for name, turn in (("overfits", 12), ("falls", 60)):
        steps = range(40)
        train = [(step, BEGIN + step, 10 / (10 + step)) for step in steps]
        val = [(step, BEGIN + step, 0.5 + ((step - turn) / 30) ** 2) for step in steps]
        write_events(folder / name, {"loss": train, "val_loss": val, "accuracy": train, "val_accuracy": val})
    return folder


@pytest.fixture(scope="session")
def app(trainings: Path) -> Any:
    app = tensorboard_app(trainings)
    assert read_out(app)["state"] == "ready"
    return app
