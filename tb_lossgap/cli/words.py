"""Numbers, steps and names as text for people: four significant digits everywhere."""

from __future__ import annotations

import math

MISSING = "–"


def value(number: float | None) -> str:
    """Four significant digits."""
    return MISSING if number is None or not math.isfinite(number) else f"{number:.4g}"


def signed(number: float | None) -> str:
    """The same with its sign always written."""
    return MISSING if number is None or not math.isfinite(number) else f"{number:+.4g}"


def step(number: float | None) -> str:
    """A step or another whole number."""
    return MISSING if number is None or not math.isfinite(number) else f"{number:.0f}"


def percent(number: float | None) -> str:
    """One digit after the point."""
    return MISSING if number is None or not math.isfinite(number) else f"{number:.1f} %"


def duration(seconds: float | None) -> str:
    """A span of time in its two largest units."""
    if seconds is None or not math.isfinite(seconds):
        return MISSING
    whole = round(seconds)
    for unit, size, below, part in (("d", 86400, "h", 3600), ("h", 3600, "m", 60), ("m", 60, "s", 1)):
        if whole >= size:
            return f"{whole // size} {unit} {whole % size // part} {below}"
    return f"{seconds:.3g} s"


def text(name: object) -> str:
    """A name without what could command a terminal: such characters become U+FFFD."""
    words = MISSING if name is None else str(name)
    return words if words.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in words)


def plural(count: int, noun: str) -> str:
    """A count and its noun: "1 training", "2 trainings"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
