"""Writes small event files without a framework."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from pathlib import Path

NAME = "events.out.tfevents.1700000000.host.1.0"


def write_events(
    run: Path, series: Mapping[str, Iterable[tuple[int, float, float]]], *, name: str = NAME, append: bool = False
) -> Path:
    """Writes scalars as torch's SummaryWriter does: one value an event, in the order of their wall times.

    Args:
        run: Directory of the event file; made where it is missing.
        series: For each tag its points: step, wall time in seconds, value (kept as float32).
        name: Name of the event file.
        append: Whether the points go behind those of an existing file.

    Returns:
        The event file.
    """
    points = [(tag, *point) for tag, points in series.items() for point in points]
    run.mkdir(parents=True, exist_ok=True)
    file = run / name
    with file.open("ab" if append else "wb") as stream:
        records = RecordWriter(stream)
        if not append:
            records.write(Event(wall_time=1_700_000_000, file_version="brain.Event:2").SerializeToString())
        for tag, step, wall_time, value in sorted(points, key=itemgetter(2)):
            summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
            records.write(Event(wall_time=wall_time, step=step, summary=summary).SerializeToString())
        records.flush()
    return file
