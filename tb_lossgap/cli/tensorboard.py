"""TensorBoard as a child process, shown at the Loss Gap tab."""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from typing import TYPE_CHECKING

from tb_lossgap.cli.ending import when_told_to_end
from tb_lossgap.cli.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

_DEADLINE_SECONDS = 300
_LAST_PORT = 65_535


def add_serving(parser: argparse.ArgumentParser) -> None:
    """Adds the options of everything that starts TensorBoard."""
    parser.add_argument(
        "--port", metavar="PORT", type=_port, default=0, help="port of TensorBoard (default: a free one)"
    )
    parser.add_argument("--no-browser", action="store_true", help="print the address only")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"must be a whole number up to {_LAST_PORT}, not {text!r}")
    return int(text)


def serve(logdir: str, *, port: int, browser: bool, further: Sequence[str] = ()) -> int:
    """Runs TensorBoard until it ends or is interrupted.

    Args:
        logdir: What it shows.
        port: Its port, 0 for a free one.
        browser: Whether to open the tab in a browser.
        further: More flags for it.

    Returns:
        Its exit status, 0 where it was interrupted.

    Raises:
        BadInput: Somebody else answers at that port, and would be taken for it.
    """
    if port and _answers(port):
        raise BadInput(f"something answers at port {port} already; name another --port, or none for a free one")
    port = port or free_port()
    command = [sys.executable, "-m", "tensorboard.main", f"--logdir={logdir}", f"--port={port}", *further]
    prefix = next((flag.partition("=")[2].strip("/") for flag in further if flag.startswith("--path_prefix=")), "")
    address = f"http://localhost:{port}/{prefix and f'{prefix}/'}#lossgap"
    with subprocess.Popen(command) as tensorboard:  # noqa: S603  # our own interpreter, the user's own arguments
        ended = when_told_to_end(tensorboard.terminate)
        announcing = {"browser": browser}
        threading.Thread(target=_announce, args=(address, port, tensorboard), kwargs=announcing, daemon=True).start()
        status = tensorboard.wait()
        return 0 if ended.is_set() else status


def free_port() -> int:
    """A TCP port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
        return port


def _announce(address: str, port: int, tensorboard: subprocess.Popen[bytes], *, browser: bool) -> None:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not _answers(port):
        if time.monotonic() > deadline or tensorboard.poll() is not None:
            return
        time.sleep(0.1)
    print(f"Open:    {address}", flush=True)
    print("Ctrl+C ends it.", flush=True)
    if browser:
        webbrowser.open(address)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("localhost", port), timeout=1):
            return True
    except OSError:
        return False
