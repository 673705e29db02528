"""Reads the logdir that a command was given, with progress on standard error."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tb_lossgap.cli import words
from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.options import whole
from tb_lossgap.events import LogdirError
from tb_lossgap.events import LogReader
from tb_lossgap.events import default_memory
from tb_lossgap.library import Library
from tb_lossgap.library import wanted_tags
from tb_lossgap.pairing import RuleError
from tb_lossgap.pairing import load_rules
from tb_lossgap.pairing import parse_rule

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from tb_lossgap import model
    from tb_lossgap.pairing import Rule
    from tb_lossgap.snapshot import Snapshot


def add_logdir(parser: argparse.ArgumentParser, *, needed: bool = True) -> None:
    """Adds what every command that reads logs understands."""
    parser.add_argument(
        "logdir",
        metavar="LOGDIR",
        nargs=None if needed else "?",
        help="folder or URL with event files, as for tensorboard --logdir",
    )
    parser.add_argument(
        "--pair",
        metavar="train=REGEX,val=REGEX",
        action="append",
        default=[],
        help='pair scalars whose "run/tag" these expressions find; named groups tie the sides; may be repeated',
    )

    parser.add_argument(
        "--memory",
        metavar="MIB",
        type=whole,
        default=2 * default_memory() >> 20,
        help="about how many MiB what is read may take up (default: the memory of this machine or container)",
    )


def read(options: argparse.Namespace) -> Snapshot:
    """Reads all logs below the logdir of the command line, and says on standard error what could not be read.

    Raises:
        BadInput: The logdir or a rule cannot be used, or memory does not suffice: half of the logs would be no answer.
    """
    reader = open_reader(options)
    snapshot = refreshed(open_library(options, reader))
    if reader.is_partial:
        raise BadInput(
            f"{options.logdir}: its logs do not fit into {options.memory} MiB; raise --memory, name a folder with fewer"
            " runs, or judge by report --workers, of which each holds a small part"
        )
    tell_warnings(snapshot.warnings)
    if snapshot.progress.files_total == 0:
        print(f"tb-lossgap: no event files (*tfevents*) below {options.logdir}", file=sys.stderr)
    return snapshot


def tell_warnings(warnings: Iterable[model.ReadWarning]) -> None:
    """Says on standard error what could not be read."""
    for warning in warnings:
        print(words.text(f"tb-lossgap: {told(warning)}"), file=sys.stderr)


def told(warning: model.ReadWarning) -> str:
    """A file that could not be read whole, and from which byte on, where something came before it."""
    return f"{warning.file}: {f'byte {warning.byte}: ' if warning.byte else ''}{warning.what}"


def open_reader(options: argparse.Namespace, *, every_tag: bool = False) -> LogReader:
    """The reader of the logdir of the command line; reads nothing but the rules yet.

    Args:
        options: The command line.
        every_tag: Whether to read the points of scalars that could never be paired, too.

    Raises:
        BadInput: A rule cannot be used.
    """
    wanted = None if every_tag else wanted_tags(*_rules(options))
    return LogReader({"": os.path.expanduser(options.logdir)}, wanted=wanted, memory=options.memory << 20)


def open_library(options: argparse.Namespace, reader: LogReader) -> Library:
    """The library over what a reader reads of the logdir of the command line.

    Raises:
        BadInput: A rule cannot be used.
    """
    rules, rules_file = _rules(options)
    return Library(reader, options.logdir, rules=rules, rules_file=rules_file, measured=False)


def _rules(options: argparse.Namespace) -> tuple[list[Rule], str]:
    """The rules of the command line, and where the logdir may have more."""
    rules_file = os.path.join(options.logdir, "lossgap.toml")
    try:
        if os.path.isfile(rules_file):
            load_rules(rules_file)
        return [parse_rule(rule) for rule in options.pair], rules_file
    except RuleError as error:
        raise BadInput(str(error)) from error


def refreshed(library: Library, *, quietly: bool = False) -> Snapshot:
    """Reads what is new, with a bar on a terminal unless it is to be done quietly.

    Raises:
        BadInput: The logdir cannot be read.
    """
    try:
        return _read_with_progress(library) if sys.stderr.isatty() and not quietly else library.refresh()
    except LogdirError as error:
        raise BadInput(str(error)) from error


def _read_with_progress(library: Library) -> Snapshot:
    from rich.console import Console
    from rich.progress import BarColumn
    from rich.progress import DownloadColumn
    from rich.progress import Progress
    from rich.progress import TextColumn
    from rich.progress import TimeRemainingColumn

    columns = (TextColumn("reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def show(progress: model.Progress) -> None:
            bar.update(task, completed=progress.bytes, total=progress.bytes_total)

        return library.refresh(on_progress=show)
