"""The errors of the reading layer."""

from __future__ import annotations


class LogdirError(Exception):
    """A logdir cannot be read at all; the message names it and says what to do."""


class NotAnEventError(ValueError):
    """Bytes are no serialized Event."""
