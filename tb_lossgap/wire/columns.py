"""Curves as the binary columns that http_api.md describes."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal

import numpy as np

from tb_lossgap.analysis import gap_of
from tb_lossgap.wire.documents import dumps
from tb_lossgap.wire.reduce import reduced

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    import numpy.typing as npt

    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray
    from tb_lossgap.snapshot import Curves


DEFAULT_POINTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which part of the curves is asked for, and how much of it.

    Attributes:
        gap: "absolute", "relative" or "ratio".
        points: Curves of more points are reduced to about this many; 0 sends all.
        first: Lowest step, None for open.
        last: Highest step, None for open.
    """

    gap: Literal["absolute", "relative", "ratio"] = "absolute"
    points: int = DEFAULT_POINTS
    first: float | None = None
    last: float | None = None

    def choose(self, steps: IntArray, values: FloatArray) -> tuple[IntArray, int]:
        """Which points of a curve to send.

        Returns:
            Ascending indices, and how many points lie in the window before reduction.
        """
        begin, end = 0, len(steps)
        if self.first is not None:
            begin = max(int(np.searchsorted(steps, self.first, side="left")) - 1, 0)
        if self.last is not None:
            end = min(int(np.searchsorted(steps, self.last, side="right")) + 1, end)
        end = max(begin, end)
        return begin + reduced(values[begin:end], self.points), end - begin


def series_bytes(version: str, curves: Mapping[str, Curves], missing: Iterable[str], window: Window) -> bytes:
    """The answer of the `series` route: header length, header, padding, columns."""
    columns: list[FloatArray] = []
    offset = 0

    def add(column: npt.NDArray[Any]) -> int:
        nonlocal offset
        columns.append(column.astype("<f8", copy=False))
        begin, offset = offset, offset + columns[-1].nbytes
        return begin

    def curve(steps: IntArray, times: FloatArray, values: FloatArray, **more: FloatArray) -> dict[str, Any]:
        chosen, total = window.choose(steps, values)
        described: dict[str, Any] = {"points": len(chosen), "total": total}
        for name, column in {"step": steps, "wall_time": times, "value": values, **more}.items():
            described[name] = add(column[chosen])
        return described

    series = []
    for known, one in curves.items():
        train, val, alignment = one.attempt.train, one.attempt.val, one.measured.alignment
        series.append(
            {
                "id": known,
                "train": curve(train.steps, train.wall_times, train.values),
                "val": curve(val.steps, val.wall_times, val.values),
                "gap": curve(val.steps, val.wall_times, gap_of(alignment, window.gap), train=alignment.train),
            }
        )
    header = dumps({"version": version, "series": series, "missing": list(missing)}).encode()
    padding = bytes(-(4 + len(header)) % 8)
    return b"".join([struct.pack("<I", len(header)), header, padding, *(column.tobytes() for column in columns)])
