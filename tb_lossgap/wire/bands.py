"""Groups of trainings as mean curves with their interval, in the binary columns that http_api.md describes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import Literal
from typing import TypeAlias
from typing import get_args

import numpy as np

from tb_lossgap.analysis import band
from tb_lossgap.analysis import gap_of
from tb_lossgap.wire.columns import Columns
from tb_lossgap.wire.smooth import smoothed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from tb_lossgap.analysis import Band
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray
    from tb_lossgap.model import Series
    from tb_lossgap.snapshot import Curves
    from tb_lossgap.wire.columns import Window

Axis: TypeAlias = Literal["step", "relative", "wall", "fraction"]
AXES: tuple[str, ...] = get_args(Axis)


def groups_bytes(
    version: str, groups: Mapping[str, Sequence[Curves]], missing: Iterable[str], window: Window, axis: Axis
) -> bytes:
    """The answer of the `groups` route.

    Args:
        version: Of the snapshot.
        groups: The curves of each group's trainings.
        missing: Ids that could not be found.
        window: Which gap, how many places and how smooth; its interval is not looked at, for a mean is short.
        axis: What the curves are averaged over.
    """
    columns = Columns()

    def described(found: Band) -> dict[str, int]:
        parts = {"x": found.places, "mean": found.mean, "low": found.low, "high": found.high, "count": found.count}
        return {"points": len(found.places), **{name: columns.add(column) for name, column in parts.items()}}

    answer: list[dict[str, Any]] = []
    for name, members in groups.items():
        sides: dict[str, list[tuple[IntArray | FloatArray, FloatArray]]] = {"train": [], "val": [], "gap": []}
        for one in members:
            train, val = one.attempt.train, one.attempt.val
            for side, series, values in (
                ("train", train, train.values),
                ("val", val, val.values),
                ("gap", val, gap_of(one.measured.alignment, window.gap)),
            ):
                sides[side].append((_places(series, train, val, axis), smoothed(values, window.smooth)))
        bands = {side: described(band(curves, most=window.points)) for side, curves in sides.items()}
        answer.append({"name": name, "trainings": len(members), **bands})
    return columns.packed({"version": version, "groups": answer, "missing": list(missing)})


def _places(series: Series, train: Series, val: Series, axis: Axis) -> IntArray | FloatArray:
    """Where the points of one side of a training lie on the axis, ascending."""
    if axis == "step":
        return series.steps
    if axis == "fraction":
        # As float64: steps may lie further apart than int64 can tell.
        ends = [float(end) for one in (train, val) if len(one) for end in (one.steps[0], one.steps[-1])]
        first, last = (min(ends), max(ends)) if ends else (0.0, 1.0)
        return (series.steps.astype(np.float64) - first) / max(1.0, last - first)
    # Clocks go back now and then; a mean over time needs time that does not.
    times = np.maximum.accumulate(series.wall_times)
    if axis == "wall":
        return times
    starts = [float(one.wall_times[0]) for one in (train, val) if len(one)]
    return times - min(starts, default=0.0)
