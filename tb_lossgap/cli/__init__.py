"""The command line: `tb-lossgap COMMAND …`, one module a command."""

from __future__ import annotations

import argparse
import atexit
import gc
import importlib
import io
import os
import sys
from typing import TYPE_CHECKING

from tb_lossgap import __version__
from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.errors import need

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Sequence

COMMANDS = {
    "report": "every training judged, best first",
    "pairs": "which scalars are paired, and why others are not",
    "export": "the curves as CSV, JSON lines or Parquet",
    "plot": "a picture of the curves and their gap",
    "watch": "tell when a verdict changes or a stop is reached",
    "serve": "start TensorBoard at the Loss Gap tab",
    "demo": "show the tab on recorded real trainings",
    "doctor": "what is installed, what was found, and why not more",
    "completion": "completion of commands and options for your shell",
}

_DESCRIPTION = (
    "How far validation is from training, and what that means, for every training under a TensorBoard logdir."
)
_EPILOG = """\
examples, more of them by tb-lossgap COMMAND --help:
  tb-lossgap demo                 what it looks like
  tb-lossgap report runs          every training below the folder runs
  tb-lossgap doctor runs          why something is missing

exit status:
  0 fine, 1 the condition that was given is met (report --fail-on, doctor), 2 bad input.
  Results go to standard output, messages and progress to standard error.
"""
_OBJECTS_BETWEEN_SWEEPS = 100_000
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        arguments: Without the program's name; those of the process by default.

    Returns:
        The exit status.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal of few characters shows "?" rather than a traceback.
            stream.reconfigure(errors="replace")
    if arguments is None:
        # Nothing of what is left has to be looked through for garbage when the process ends.
        atexit.register(gc.freeze)
    try:
        status = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except BadInput as error:
        print(f"tb-lossgap: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of our output went away, as `head` does; what is still in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED
    return status


def _run(arguments: Sequence[str]) -> int:
    # What a command imports and makes lives as long as it does; looking for garbage among it is a tenth of its time.
    gc.set_threshold(_OBJECTS_BETWEEN_SWEEPS, *gc.get_threshold()[1:])
    if "_ARGCOMPLETE" in os.environ:
        # Completion runs the program itself at every press of the key.
        need("argcomplete", extra="completion").autocomplete(make_parser(COMMANDS))
    # Only the one command's module is imported, and none to tell the version.
    wanted = next((word for word in arguments if not word.startswith("-")), "")
    if wanted in COMMANDS:
        _import_numpy()
    parser = make_parser([wanted])
    options, further = parser.parse_known_args(arguments)
    if further and not options.takes_further:
        parser.error(f"unrecognized arguments: {' '.join(further)}")
    options.further = further
    status: int = options.run(options)
    return status


def _import_numpy() -> None:
    """Imports NumPy without the threads for linear algebra, of which there is none here, that it would start."""
    name = "OPENBLAS_NUM_THREADS"
    if name in os.environ:
        return
    os.environ[name] = "1"
    import numpy as np  # noqa: F401

    # The programs that a command starts may have a use for them.
    del os.environ[name]


def make_parser(wanted: Collection[str]) -> argparse.ArgumentParser:
    """The parser of all commands, with the options of those that are wanted; the others' modules are not imported."""
    parser = argparse.ArgumentParser(
        "tb-lossgap",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"tb-lossgap {__version__}")
    # With its name given, argparse need not format a usage to find it.
    commands = parser.add_subparsers(metavar="COMMAND", required=True, prog=parser.prog)
    for name, summary in COMMANDS.items():
        one = commands.add_parser(name, help=summary, formatter_class=argparse.RawDescriptionHelpFormatter)
        if name in wanted:
            module = importlib.import_module(f"tb_lossgap.cli.{name}")
            module.define(one)
            one.set_defaults(run=module.run, takes_further=name == "serve")
    return parser
