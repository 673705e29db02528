"""A logdir with one Keras-like and one hand-written training, and patience with servers that still read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.writing import write_events

if TYPE_CHECKING:
    from collections.abc import Callable
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


def wait_for(server: Server, path: str, is_there: Callable[[Any], bool]) -> Any:
    """Asks again and again until an answer is complete, and returns it."""
    deadline = time.monotonic() + READ_SECONDS
    while not is_there(answer := server.json(path)):
        assert time.monotonic() < deadline, f"still incomplete: {path}: {answer}"
        time.sleep(0.05)
    return answer


def trainings(server: Server) -> Any:
    """Returns the answer of the route `trainings` once everything is read."""
    return wait_for(server, "data/plugin/lossgap/trainings", lambda answer: answer["state"] != "loading")
