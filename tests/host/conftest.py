"""A logdir with one Keras-like and one hand-written training, and patience with servers that still read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.writing import write_events

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import Server

READ_SECONDS = 30


@pytest.fixture(scope="session")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    train = [(step, 1_700_000_000.0 + step, 1 / (1 + step)) for step in range(20)]
    validation = [(step, wall_time, value + 0.01 * step) for step, wall_time, value in train]
    write_events(folder / "keras" / "train", {"epoch_loss": train})
    write_events(folder / "keras" / "validation", {"epoch_loss": validation})
    write_events(folder / "by-hand", {"loss": train, "val_loss": validation})
    return folder


def trainings(server: Server) -> dict[str, Any]:
    """Returns the answer of the route `trainings` once everything is read."""
    deadline = time.monotonic() + READ_SECONDS
    answer: dict[str, Any] = {}
    while time.monotonic() < deadline:
        answer = server.json("data/plugin/lossgap/trainings")
        if answer["state"] != "loading":
            return answer
        time.sleep(0.05)
    message = f"still reading: {answer}"
    raise AssertionError(message)
