"""Columns of points: what one tag holds in one event file, growing at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

import numpy as np

if TYPE_CHECKING:
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray


class Columns(NamedTuple):
    """Points in the order in which they were logged; every column of shape (n,).

    Attributes:
        steps: Steps, int64.
        wall_times: Seconds since the epoch, float64.
        values: Values, float64.
    """

    steps: IntArray
    wall_times: FloatArray
    values: FloatArray

    def part(self, start: int, end: int) -> Columns:
        """Gives a view of some of the points."""
        return Columns(self.steps[start:end], self.wall_times[start:end], self.values[start:end])

    def frozen(self) -> Columns:
        """Forbids to write into the columns."""
        for column in self:
            column.flags.writeable = False
        return self


class Track:
    """Columns that grow at the end, most of the time without moving what they hold.

    What `columns` gave stays as it was: new points go behind it, or into larger arrays.
    """

    __slots__ = ("_room", "columns")

    def __init__(self, columns: Columns) -> None:
        self.columns = self._room = columns

    def extend(self, more: Columns) -> None:
        """Appends points."""
        size = len(self.columns.steps)
        end = size + len(more.steps)
        if end > len(self._room.steps):
            # A quarter more than needed makes the cost of moving a constant per point.
            self._room = _empty(end + end // 4)
            _copy(self.columns, self._room.part(0, size))
        _copy(more, self._room.part(size, end))
        self.columns = self._room.part(0, end).frozen()

    def move_to(self, columns: Columns) -> None:
        """Holds its points in other arrays, equal to its own, from now on."""
        self.columns = self._room = columns


def joined(parts: list[Columns]) -> Columns:
    """Puts columns one behind the other."""
    whole = _empty(sum(len(part.steps) for part in parts))
    start = 0
    for part in parts:
        end = start + len(part.steps)
        _copy(part, whole.part(start, end))
        start = end
    return whole.frozen()


def _empty(size: int) -> Columns:
    return Columns(np.empty(size, np.int64), np.empty(size, np.float64), np.empty(size, np.float64))


def _copy(source: Columns, target: Columns) -> None:
    for column, room in zip(source, target, strict=True):
        room[:] = column
