"""What the doctor says, line by line."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One fact.

    Attributes:
        about: What it is about.
        what: What is the case.
        advice: What to do, where something is wrong; "" where all is well.
    """

    about: str
    what: str
    advice: str = ""
