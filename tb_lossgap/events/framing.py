"""TensorFlow's record framing: where the records of a stretch of bytes lie, and whether they are whole."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING
from typing import NamedTuple

import numpy as np

from tb_lossgap.events.checksum import masked_crc32c

if TYPE_CHECKING:
    import numpy.typing as npt

# A record is its length (uint64), the length's checksum (uint32), the content, and its checksum (uint32).
HEADER = 12
OVERHEAD = 16
# Protocol buffers, and with them the events that any writer can write, end here.
LONGEST = 2**31 - 1

BAD_LENGTH = "checksum of a record's length does not match"
BAD_RECORD = "record checksum does not match"
TOO_LONG = "record is longer than an event can be"
NOT_AN_EVENT = "record is not an event"

_length_at = struct.Struct("<Q").unpack_from


class Frames(NamedTuple):
    """The whole and undamaged records at the beginning of some bytes.

    Attributes:
        heads: Where each record begins, and at last where the first begins that is not among them.
        damage: What is wrong with that one; None when it is only not whole yet.
    """

    heads: list[int]
    damage: str | None


def frame(data: bytes) -> Frames:
    """Finds the records at the beginning of `data`, up to the first that is damaged or not whole."""
    heads: list[int] = []
    head, append, length_at = 0, heads.append, _length_at
    last, size = len(data) - HEADER, len(data)
    while head <= last:
        append(head)
        head += length_at(data, head)[0] + OVERHEAD
    headers = len(heads)
    if head <= size:
        append(head)
    good, damage = _verify(data, np.array(heads, np.int64), headers)
    if damage is None and good < headers and record_length(data, heads[good]) > LONGEST:
        damage = TOO_LONG
    return Frames(heads[: good + 1], damage)


def record_length(data: bytes, head: int) -> int:
    """Gives the length of the content of the record that begins at `head`, as its header announces it."""
    length: int = _length_at(data, head)[0]
    return length


def _verify(data: bytes, heads: npt.NDArray[np.int64], headers: int) -> tuple[int, str | None]:
    """Counts the records before the first that is damaged or not whole, and says what is wrong with that one."""
    octets = np.frombuffer(data, np.uint8)
    starts = heads[:headers]
    sound = _count_true(masked_crc32c(octets, starts, np.full(headers, 8)) == _words(octets, starts + 8))
    # What follows a wrong length is no record, and its checksum none.
    whole = min(sound, len(heads) - 1)
    bodies = heads[:whole] + HEADER
    ends = heads[1 : whole + 1] - 4
    good = _count_true(masked_crc32c(octets, bodies, ends - bodies) == _words(octets, ends))
    if good < whole:
        return good, BAD_RECORD
    return good, BAD_LENGTH if sound < headers else None


def _words(octets: npt.NDArray[np.uint8], at: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """Reads the little-endian words that begin at the given indices."""
    words: npt.NDArray[np.uint32] = octets[at[:, None] + np.arange(4)].view("<u4")[:, 0]
    return words


def _count_true(flags: npt.NDArray[np.bool_]) -> int:
    """Counts the flags before the first False."""
    return len(flags) if flags.all() else int(flags.argmin())
