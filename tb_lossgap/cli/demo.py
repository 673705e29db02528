"""`tb-lossgap demo`: TensorBoard at the Loss Gap tab, on recorded real trainings."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from tb_lossgap.cli.errors import BadInput

if TYPE_CHECKING:
    import argparse

_RECORDED = Path(__file__).parent.parent / "demo_runs"
_DEADLINE_SECONDS = 300


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "demo",
        help="show the tab on recorded real trainings",
        description="Copies recorded Keras trainings to a folder and starts TensorBoard there, at the Loss Gap tab.",
    )
    parser.add_argument(
        "folder", metavar="FOLDER", nargs="?", help="where to copy the runs (default: a new temporary folder)"
    )
    parser.add_argument("--port", type=int, default=0, help="port of TensorBoard (default: a free one)")
    parser.add_argument("--no-browser", action="store_true", help="print the address only")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Runs TensorBoard on the recorded runs until it is interrupted."""
    logdir = copied(options.folder)
    port = options.port or free_port()
    command = [sys.executable, "-m", "tensorboard.main", f"--logdir={logdir}", f"--port={port}"]
    print(f"Runs:    {logdir}")
    with subprocess.Popen(command) as tensorboard:  # noqa: S603  # our own interpreter, our own arguments
        ended = threading.Event()

        def end(*_: object) -> None:
            ended.set()
            tensorboard.terminate()

        # Set for both, since a shell's background jobs are born deaf to the first.
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, end)
        announcing = {"quiet": options.no_browser}
        threading.Thread(target=_announce, args=(port, tensorboard), kwargs=announcing, daemon=True).start()
        status = tensorboard.wait()
        return 0 if ended.is_set() else status


def copied(folder: str | None) -> Path:
    """Copies the recorded runs to a folder, a new temporary one by default.

    Raises:
        BadInput: The folder has something else in it.
    """
    target = Path(folder) if folder else Path(tempfile.mkdtemp(prefix="lossgap-demo-"))
    if folder and target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BadInput(f"{folder} exists and is not an empty folder; name another one")
    shutil.copytree(_RECORDED, target, dirs_exist_ok=True)
    return target


def free_port() -> int:
    """A TCP port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
        return port


def _announce(port: int, tensorboard: subprocess.Popen[bytes], *, quiet: bool) -> None:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not _answers(port):
        if time.monotonic() > deadline or tensorboard.poll() is not None:
            return
        time.sleep(0.1)
    address = f"http://localhost:{port}/#lossgap"
    print(f"Open:    {address}", flush=True)
    print("Ctrl+C ends it.", flush=True)
    if not quiet:
        webbrowser.open(address)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("localhost", port), timeout=1):
            return True
    except OSError:
        return False
