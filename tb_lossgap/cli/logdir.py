"""Reads the logdir that a command was given, with progress on standard error."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.words import text
from tb_lossgap.events import LogdirError
from tb_lossgap.events import LogReader
from tb_lossgap.library import Library
from tb_lossgap.library import wanted_tags
from tb_lossgap.pairing import RuleError
from tb_lossgap.pairing import load_rules
from tb_lossgap.pairing import parse_rule

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from tb_lossgap import model
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


def read(options: argparse.Namespace) -> Snapshot:
    """Reads all logs below the logdir of the command line, and says on standard error what could not be read.

    Raises:
        BadInput: The logdir or a rule cannot be used.
    """
    snapshot = refreshed(open_library(options))
    tell_warnings(snapshot.warnings)
    if snapshot.progress.files_total == 0:
        print(f"tb-lossgap: no event files (*tfevents*) below {options.logdir}", file=sys.stderr)
    return snapshot


def tell_warnings(warnings: Iterable[model.ReadWarning]) -> None:
    """Says on standard error what could not be read."""
    for warning in warnings:
        print(text(f"tb-lossgap: {told(warning)}"), file=sys.stderr)


def told(warning: model.ReadWarning) -> str:
    """A file that could not be read whole, and from which byte on, where something came before it."""
    return f"{warning.file}: {f'byte {warning.byte}: ' if warning.byte else ''}{warning.what}"


def open_library(options: argparse.Namespace, *, every_tag: bool = False) -> Library:
    """The library over the logdir of the command line; reads nothing but its rules yet.

    Args:
        options: The command line.
        every_tag: Whether to read the points of scalars that could never be paired, too.

    Raises:
        BadInput: A rule cannot be used.
    """
    rules_file = os.path.join(options.logdir, "lossgap.toml")
    try:
        rules = [parse_rule(text) for text in options.pair]
        if os.path.isfile(rules_file):
            load_rules(rules_file)
    except RuleError as error:
        raise BadInput(str(error)) from error
    wanted = None if every_tag else wanted_tags(rules, rules_file)
    source = LogReader({"": os.path.expanduser(options.logdir)}, wanted=wanted)
    return Library(source, options.logdir, rules=rules, rules_file=rules_file, measured=False)


def refreshed(library: Library) -> Snapshot:
    """Reads what is new, with a bar on a terminal.

    Raises:
        BadInput: The logdir cannot be read.
    """
    try:
        return _read_with_progress(library) if sys.stderr.isatty() else library.refresh()
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
