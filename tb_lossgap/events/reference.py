"""The reference reader of event files: plain Python and NumPy, correct for everything."""

from __future__ import annotations

from array import array
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tb_lossgap.events.columns import Columns
from tb_lossgap.events.framing import HEADER
from tb_lossgap.events.framing import NOT_AN_EVENT
from tb_lossgap.events.framing import frame
from tb_lossgap.events.records import NotAnEventError
from tb_lossgap.events.records import RecordDecoder

if TYPE_CHECKING:
    from collections.abc import Callable


class _Points:
    """Columns under construction."""

    def __init__(self) -> None:
        self._steps = array("q")
        self._wall_times = array("d")
        self._values = array("d")
        # Looked up once, called for every point.
        self.appends = (self._steps.append, self._wall_times.append, self._values.append)

    def __len__(self) -> int:
        return len(self._steps)

    def columns(self) -> Columns:
        return Columns(
            np.frombuffer(self._steps, np.int64),
            np.frombuffer(self._wall_times, np.float64),
            np.frombuffer(self._values, np.float64),
        )


class Decoder:
    """Turns the bytes of one event file, given block by block, into columns by tag.

    Args:
        records: Decodes the records of this file.
        wanted: Tells the tags whose points are kept.

    Attributes:
        damage: What is wrong with the record at which the last block stopped; None when it is only not whole yet.
    """

    def __init__(self, records: RecordDecoder, wanted: Callable[[str], bool]) -> None:
        self.damage: str | None = None
        self._records = records
        self._wanted = wanted
        self._points: dict[str, _Points | None] = {}

    def feed(self, data: bytes) -> int:
        """Decodes the whole records at the beginning of `data`.

        Returns:
            The number of bytes that they take; the next block must begin there.
        """
        heads, self.damage = frame(data)
        for head, end in pairwise(heads):
            try:
                step, wall_time, scalars = self._records.decode(data[head + HEADER : end - 4])
            except NotAnEventError:
                self.damage = NOT_AN_EVENT
                return head
            for tag, value in scalars:
                try:
                    points = self._points[tag]
                except KeyError:
                    points = self._points[tag] = _Points() if self._wanted(tag) else None
                if points is not None:
                    append_step, append_wall_time, append_value = points.appends
                    append_step(step)
                    append_wall_time(wall_time)
                    append_value(value)
        return heads[-1]

    def take(self) -> dict[str, Columns]:
        """Hands over the points decoded since the last time, by tag in the order of first appearance."""
        taken = {tag: points.columns() for tag, points in self._points.items() if points}
        self._points.update((tag, _Points()) for tag in taken)
        return taken
