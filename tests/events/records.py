"""Event files written byte by byte, for what no real writer does on demand."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary

from tb_lossgap.events import LogReader
from tb_lossgap.events.checksum import masked_crc32c
from tb_lossgap.model import SeriesKey

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


FILE = "events.out.tfevents.1.host"


def framed(content: bytes) -> bytes:
    length = struct.pack("<Q", len(content))
    return length + checksum(length) + content + checksum(content)


def checksum(data: bytes) -> bytes:
    octets = np.frombuffer(data, np.uint8)
    (checksum,) = masked_crc32c(octets, np.array([0]), np.array([len(data)]))
    return struct.pack("<I", int(checksum))


def version(wall_time: float = 0.0) -> bytes:
    return framed(Event(wall_time=wall_time, file_version="brain.Event:2").SerializeToString())


def scalar(tag: str, step: int, value: float, wall_time: float | None = None) -> bytes:
    summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
    return framed(
        Event(wall_time=step if wall_time is None else wall_time, step=step, summary=summary).SerializeToString()
    )


def valued(*values: Summary.Value, step: int = 0, wall_time: float = 0.0) -> bytes:
    return framed(Event(wall_time=wall_time, step=step, summary=Summary(value=values)).SerializeToString())


def scalars(tag: str, values: Iterable[float], *, first_step: int = 0, wall_time: float = 0.0) -> bytes:
    return b"".join(scalar(tag, first_step + index, value, wall_time + index) for index, value in enumerate(values))


def field(number: int, content: bytes) -> bytes:
    """A field of a message that begins with its length."""
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    octets = bytearray()
    while number > 127:
        octets.append(number & 127 | 128)
        number >>= 7
    return bytes([*octets, number])


def write(path: Path, *records: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(records))
    return path


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def read(logdir: Path) -> LogReader:
    reader = LogReader({"": str(logdir)})
    reader.refresh()
    return reader


def values(reader: LogReader, run: str, tag: str) -> list[float]:
    return [float(value) for value in reader.series()[SeriesKey(run, tag)].values]
