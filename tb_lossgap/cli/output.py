"""Where results go: standard output, or a file that is whole or not there at all."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import IO
from typing import TYPE_CHECKING

from tb_lossgap.cli.errors import BadInput

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


def add_output(parser: argparse.ArgumentParser) -> None:
    """Adds the option that names the file."""
    parser.add_argument("--output", metavar="FILE", help="write there instead of to standard output")


@contextlib.contextmanager
def writing(path: str | None, *, binary: bool = False) -> Iterator[IO[bytes]]:
    """Opens the place for results.

    A file is written beside its name and takes it when it is complete; what was there before stays until then.

    Args:
        path: The file, None for standard output.
        binary: Whether a terminal could not show the result.

    Raises:
        BadInput: The place cannot be written to, or is full.
    """
    if path is None:
        if binary and sys.stdout.isatty():
            raise BadInput("this format is not for a terminal; name a file with --output")
        with _blaming("standard output"):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        with _blaming(path), open(target, "wb") as stream:
            yield stream
        return
    part = f"{target}.{os.getpid()}.part"
    try:
        with _blaming(path):
            with open(part, "xb") as stream:
                yield stream
            os.replace(part, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise


@contextlib.contextmanager
def _blaming(path: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise BadInput(f"{path}: cannot be written ({error.strerror or error})") from error


def write_text(text: str, path: str | None) -> None:
    """Writes a text that ends with a line end, as UTF-8 into a file and as the terminal wants it on standard output."""
    if path is None:
        with _blaming("standard output"):
            sys.stdout.write(text)
            sys.stdout.flush()
    else:
        with writing(path) as stream:
            stream.write(text.encode())
