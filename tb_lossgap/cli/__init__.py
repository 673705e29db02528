"""The command line: `tb-lossgap COMMAND …`, one module a command."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tb_lossgap import __version__
from tb_lossgap.cli import demo
from tb_lossgap.cli import pairs
from tb_lossgap.cli import report
from tb_lossgap.cli.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMANDS = (report, pairs, demo)

_DESCRIPTION = (
    "How far validation is from training, and what that means, for every training under a TensorBoard logdir."
)
_EPILOG = "Exit status: 0 when the logs could be read, 2 for bad input. Messages go to standard error."


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        arguments: Without the program's name; those of the process by default.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser("tb-lossgap", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"tb-lossgap {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    options = parser.parse_args(arguments)
    try:
        status: int = options.run(options)
    except BadInput as error:
        print(f"tb-lossgap: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of our output went away, as `head` does; there is nobody left to tell.
        sys.stderr.close()
        return 0
    return status
