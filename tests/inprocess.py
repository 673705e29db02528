"""TensorBoard's own WSGI application with the tab in it, in this process."""

from __future__ import annotations

import time
import warnings
from argparse import Namespace
from typing import TYPE_CHECKING
from typing import Any

from werkzeug.test import Client

from tb_lossgap.loader import LossGapLoader

if TYPE_CHECKING:
    from pathlib import Path

BASE = "/data/plugin/lossgap"
READ_SECONDS = 30


def tensorboard_app(logdir: Path | str, *, reload_interval: float = 0, **flags: Any) -> Any:
    """The application that `tensorboard --logdir` serves, with no other plugin."""
    with warnings.catch_warnings():
        # The sanitizer that TensorBoard brings along is deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        from tensorboard.backend.application import TensorBoardWSGIApp
    usual = {"logdir_spec": "", "path_prefix": "", "window_title": "", "samples_per_plugin": {}, "lossgap_pair": []}
    chosen = Namespace(logdir=str(logdir), reload_interval=reload_interval, **{**usual, **flags})
    return TensorBoardWSGIApp(chosen, [LossGapLoader()])


def read_out(app: Any) -> Any:
    """Waits until all logs are read, and gives the answer of `trainings`."""
    client = Client(app)
    deadline = time.monotonic() + READ_SECONDS
    while (answer := client.get(f"{BASE}/trainings").get_json())["state"] == "loading":
        assert time.monotonic() < deadline, answer
        time.sleep(0.01)
    return answer
