"""What ends a command with exit status 2."""

from __future__ import annotations


class BadInput(Exception):
    """A folder, file or option that cannot be used; the message names it and says what to do."""
