"""What ends a command with exit status 2."""

from __future__ import annotations

import importlib
from typing import Any


class BadInput(Exception):
    """A folder, file or option that cannot be used; the message names it and says what to do."""


def need(module: str, *, extra: str) -> Any:
    """Imports a package that only some options need.

    Args:
        module: What to import.
        extra: The extra of ours that brings it.

    Raises:
        BadInput: It is not installed; the message says how to install it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise BadInput(
            f"this needs {module.partition('.')[0]}, which is not installed: pip install 'tb-lossgap[{extra}]'"
        ) from error
