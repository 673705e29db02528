"""Packages that only some methods need."""

from __future__ import annotations

import importlib
from typing import Any


class MissingPackageError(ImportError):
    """A method needs a package that is not installed; the message says how to install it."""


def needed(package: str, *, extra: str) -> Any:
    """Return a package that belongs to one of our extras.

    Raises:
        MissingPackageError: It is not installed.
    """
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise MissingPackageError(f"{package} is not installed; pip install 'tb-lossgap[{extra}]'") from error
