"""Events out of bytes that anybody may have written; long ones are parsed a value at a time.

As one message, two bytes of a record may take up more than a hundred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary

from tb_lossgap.events.errors import NotAnEventError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

# What bytes that are no message raise; protobuf in pure Python, as 3.20 is on Python 3.11, has no error of its own for
# text that is no UTF-8 and for depth.
UNPARSABLE = (DecodeError, UnicodeDecodeError, RecursionError)

# Longer ones are taken apart; whatever a writer says of scalars is a good deal shorter.
_LONG = 1 << 20
# No writer logs so many values at once.
_MOST_FIELDS = 100_000

# What a field begins with: its number and how its content is told (event.proto, summary.proto).
_VALUE = 1 << 3 | 2
_SUMMARY = 5 << 3 | 2
_TENSOR = 8 << 3 | 2
# A summary, and what there may be in place of one: the last counts.
_WHAT = frozenset(number << 3 | 2 for number in range(3, 10))


def event_of(record: bytes) -> tuple[Event, Iterable[Summary.Value]]:
    """Parses a serialized Event; gives it, of a long one all but the summary, and the values of its summary.

    A tensor in a long value holds more than a single number: it is given empty.

    Raises:
        NotAnEventError: The bytes are no serialized Event, or hold more values than any writer logs.
    """
    try:
        if len(record) > _LONG:
            return _long_event_of(record)
        event = Event.FromString(record)
    except UNPARSABLE:
        raise NotAnEventError from None
    return event, event.summary.value


def _long_event_of(record: bytes) -> tuple[Event, Iterable[Summary.Value]]:
    rest, summary = _split(record)
    event = Event.FromString(rest)
    for _ in _values(summary):
        # Nothing of a record counts where anything in it is wrong.
        pass
    return event, _values(summary)


def _split(record: bytes) -> tuple[bytes, bytes]:
    """Takes the summary out of an event; several are one, as protocol buffers have it."""
    rest, summary = bytearray(), bytearray()
    for key, start, content, end in _fields(record):
        if key == _SUMMARY:
            summary += record[content:end]
        else:
            if key in _WHAT:
                summary.clear()
            rest += record[start:end]
    return bytes(rest), bytes(summary)


def _values(summary: bytes) -> Iterator[Summary.Value]:
    for key, _, content, end in _fields(summary):
        if key == _VALUE:
            value = summary[content:end]
            yield Summary.Value.FromString(value if len(value) <= _LONG else _without_tensors(value))


def _without_tensors(value: bytes) -> bytes:
    pieces = []
    for key, start, _, end in _fields(value):
        pieces.append(bytes((key, 0)) if key == _TENSOR else value[start:end])
    return b"".join(pieces)


def _fields(message: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Gives what each field of a message begins with, and where it, its content, and what follows begin."""
    end = count = 0
    while end < len(message):
        start, count = end, count + 1
        key, content = _varint(message, start)
        match key & 7:
            case 0:
                _, end = _varint(message, content)
            case 1:
                end = content + 8
            case 2:
                size, content = _varint(message, content)
                end = content + size
            case 5:
                end = content + 4
            case _:
                raise NotAnEventError
        if end > len(message) or count > _MOST_FIELDS:
            raise NotAnEventError
        yield key, start, content, end


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """Reads a number, and where it ends."""
    number = 0
    for shift, byte in zip(range(0, 70, 7), message[at : at + 10], strict=False):
        number |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return number, at + shift // 7 + 1
    raise NotAnEventError
