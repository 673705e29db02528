"""The reference reader of event files: plain Python and NumPy, correct for everything."""

from __future__ import annotations

from array import array
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tb_lossgap.events.columns import Columns
from tb_lossgap.events.errors import NotAnEventError
from tb_lossgap.events.framing import HEADER
from tb_lossgap.events.framing import NOT_AN_EVENT
from tb_lossgap.events.framing import frame
from tb_lossgap.events.records import RecordDecoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tb_lossgap.events.records import Appends


class _Points:
    """Columns under construction."""

    def __init__(self) -> None:
        self._steps = array("q")
        self._wall_times = array("d")
        self._values = array("d")

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def appends(self) -> Appends:
        """What appends to each column."""
        return self._steps.append, self._wall_times.append, self._values.append

    def take(self) -> Columns:
        """Hands over the columns; what appended to them appends to new ones from now on."""
        columns = Columns(
            np.array(self._steps, np.int64), np.array(self._wall_times, np.float64), np.array(self._values, np.float64)
        )
        for column in (self._steps, self._wall_times, self._values):
            del column[:]
        return columns.frozen()


class Decoder:
    """Turns the bytes of one event file, given block by block, into columns by tag.

    Args:
        wanted: Tells the tags whose points are kept.

    Attributes:
        records: Decodes the records of this file.
        damage: What is wrong with the record at which the last block stopped; None when it is only not whole yet.
    """

    def __init__(self, wanted: Callable[[str], bool]) -> None:
        self.records = RecordDecoder()
        self.damage: str | None = None
        self._wanted = wanted
        self._points: dict[str, _Points] = {}

    def feed(self, data: bytes) -> int:
        """Decodes the whole records at the beginning of `data`.

        Returns:
            The number of bytes that they take; the next block must begin there.
        """
        heads, self.damage = frame(data)
        decode, columns_of = self.records.decode, self._columns_of
        for head, end in pairwise(heads):
            try:
                decode(data[head + HEADER : end - 4], columns_of)
            except NotAnEventError:
                self.damage = NOT_AN_EVENT
                return head
        return heads[-1]

    def take(self) -> dict[str, Columns]:
        """Hands over the points decoded since the last time, by tag in the order of first appearance."""
        return {tag: points.take() for tag, points in self._points.items() if points}

    def _columns_of(self, tag: str) -> Appends:
        if not self._wanted(tag):
            return ()
        points = self._points[tag] = _Points()
        return points.appends
