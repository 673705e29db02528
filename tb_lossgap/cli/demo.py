"""`tb-lossgap demo`: TensorBoard at the Loss Gap tab, on recorded real trainings."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.tensorboard import add_serving
from tb_lossgap.cli.tensorboard import serve

if TYPE_CHECKING:
    import argparse

_RECORDED = Path(__file__).parent.parent / "demo_runs"

_EPILOG = """\
examples:
  tb-lossgap demo
  tb-lossgap demo runs --no-browser --port 6006

exit status:
  0 it was ended by Ctrl+C
  2 bad input: FOLDER has something else in it, or the port is taken
  else TensorBoard's own
"""


def define(parser: argparse.ArgumentParser) -> None:
    """Says what the command is and which options it has."""
    parser.description = (
        "Copies recorded Keras trainings to a folder and starts TensorBoard there, at the Loss Gap tab."
    )
    parser.epilog = _EPILOG
    parser.add_argument(
        "folder", metavar="FOLDER", nargs="?", help="where to copy the runs (default: a new temporary folder)"
    )
    add_serving(parser)


def run(options: argparse.Namespace) -> int:
    """Runs TensorBoard on the recorded runs until it is interrupted."""
    logdir = copied(options.folder)
    print(f"Runs:    {logdir}", flush=True)
    return serve(str(logdir), port=options.port, browser=not options.no_browser)


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
