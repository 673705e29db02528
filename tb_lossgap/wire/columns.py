"""Curves as the binary columns that http_api.md describes."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal
from typing import NamedTuple

import numpy as np

from tb_lossgap.analysis import gap_of
from tb_lossgap.wire.documents import dumps
from tb_lossgap.wire.reduce import reduced
from tb_lossgap.wire.smooth import smoothed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    import numpy.typing as npt

    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray
    from tb_lossgap.snapshot import Curves


DEFAULT_POINTS = 1000
# A page draws a hundredth of that; ten thousand full curves at once would fill the memory of the server.
MOST_BYTES = 1 << 28


class TooMuch(ValueError):
    """An answer would be longer than any page needs."""


class Chosen(NamedTuple):
    """The points of a curve that are sent.

    Attributes:
        where: Their indices, ascending; a slice where none between the first and the last is left out.
        points: How many they are.
        total: How many lie in the window.
    """

    where: IntArray | slice
    points: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which part of the curves is asked for, and how much of it.

    Attributes:
        gap: "absolute", "relative" or "ratio".
        points: Curves of more points are reduced to about this many; 0 sends all.
        first: Lowest step, None for open.
        last: Highest step, None for open.
        smooth: Weight of TensorBoard's moving average, 0 for none; taken over every point, whatever is sent of them.
    """

    gap: Literal["absolute", "relative", "ratio"] = "absolute"
    points: int = DEFAULT_POINTS
    first: float | None = None
    last: float | None = None
    smooth: float = 0.0

    def choose(self, steps: IntArray, values: FloatArray) -> Chosen:
        """Which points of a curve to send."""
        begin, end = 0, len(steps)
        if self.first is not None:
            begin = max(int(np.searchsorted(steps, self.first, side="left")) - 1, 0)
        if self.last is not None:
            end = min(int(np.searchsorted(steps, self.last, side="right")) + 1, end)
        end = max(begin, end)
        kept = reduced(values[begin:end], self.points)
        where = slice(begin, end) if len(kept) == end - begin else begin + kept
        return Chosen(where, len(kept), end - begin)


class Columns:
    """Float64 columns one after another, and where each begins."""

    def __init__(self) -> None:
        self._columns: list[npt.NDArray[np.float64]] = []
        self._length = 0
        # By address and ends, with the column itself: an address is used again when its owner is gone.
        self._known: dict[tuple[int, int, int], tuple[int, npt.NDArray[Any]]] = {}

    def add(self, column: npt.NDArray[Any], where: IntArray | slice = slice(0, None)) -> int:
        """Takes some points of a column and tells their offset in bytes; steps that curves share are taken once."""
        if not isinstance(where, slice):
            return self._append(column[where])
        name = (id(column), where.start, where.stop)
        if name not in self._known:
            self._known[name] = (self._append(column[where]), column)
        return self._known[name][0]

    def _append(self, column: npt.NDArray[Any]) -> int:
        begin, self._length = self._length, self._length + 8 * len(column)
        if self._length > MOST_BYTES:
            raise TooMuch(
                f"the answer would be longer than {MOST_BYTES} bytes; ask for fewer trainings, or fewer points"
            )
        self._columns.append(np.ascontiguousarray(column, "<f8"))
        return begin

    def packed(self, header: Mapping[str, Any]) -> bytes:
        """Header length, header, padding, columns."""
        head = dumps(header).encode()
        padding = bytes(-(4 + len(head)) % 8)
        return b"".join([struct.pack("<I", len(head)), head, padding, *(column.data for column in self._columns)])


def series_bytes(version: str, curves: Mapping[str, Curves], missing: Iterable[str], window: Window) -> bytes:
    """The answer of the `series` route."""
    columns = Columns()
    series = [{"id": known, **_described(columns, one, window)} for known, one in curves.items()]
    return columns.packed({"version": version, "series": series, "missing": list(missing)})


def _described(columns: Columns, curves: Curves, window: Window) -> dict[str, Any]:
    """Adds the columns of one attempt; says where they are."""
    train, val, alignment = curves.attempt.train, curves.attempt.val, curves.measured.alignment

    def curve(name: str, steps: IntArray, times: FloatArray, values: FloatArray, **more: FloatArray) -> dict[str, Any]:
        chosen = _chosen(curves, name, window, steps, values)
        each = {"step": steps, "wall_time": times, "value": values, **more}
        if window.smooth > 0:
            each["smooth"] = smoothed(values, window.smooth)
        places = {what: columns.add(column, chosen.where) for what, column in each.items()}
        return {"points": chosen.points, "total": chosen.total, **places}

    gap = gap_of(alignment, window.gap)
    return {
        "train": curve("train", train.steps, train.wall_times, train.values),
        "val": curve("val", val.steps, val.wall_times, val.values),
        "gap": curve(window.gap, val.steps, val.wall_times, gap, train=alignment.train),
    }


def _chosen(curves: Curves, name: str, window: Window, steps: IntArray, values: FloatArray) -> Chosen:
    """Chooses points of one curve; what is chosen of all its steps is remembered with it."""
    if window.first is not None or window.last is not None:
        return window.choose(steps, values)
    points, kept = curves.reduced.get(name, (-1, Chosen(slice(0), 0, 0)))
    if points != window.points:
        kept = window.choose(steps, values)
        curves.reduced[name] = (window.points, kept)
    chosen: Chosen = kept
    return chosen
