"""`tb-lossgap serve`: TensorBoard at the Loss Gap tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tb_lossgap.cli.tensorboard import add_serving
from tb_lossgap.cli.tensorboard import serve

if TYPE_CHECKING:
    import argparse

_EPILOG = """\
All other flags are TensorBoard's and reach it as they are; write them with "=".

examples:
  tb-lossgap serve runs
  tb-lossgap serve runs --port 6006 --bind_all --reload_interval=30
  tb-lossgap serve runs '--lossgap_pair=train=(.+)/fit,val=(.+)/held'

exit status:
  0 it was ended by Ctrl+C
  2 bad input, such as a port that is taken
  else TensorBoard's own
"""


def define(parser: argparse.ArgumentParser) -> None:
    """Says what the command is and which options it has."""
    parser.description = "Starts TensorBoard on a logdir and opens it at the Loss Gap tab."
    parser.epilog = _EPILOG
    parser.add_argument("logdir", metavar="LOGDIR", help="folder with event files, as for tensorboard --logdir")
    add_serving(parser)


def run(options: argparse.Namespace) -> int:
    """Runs TensorBoard until it is interrupted."""
    return serve(options.logdir, port=options.port, browser=not options.no_browser, further=options.further)
