"""What a fuzzer's bytes mean, and what must hold of any: both readers tell the same of them.

An input is a head byte and the rest. The rest is a whole file as it is, or records to be framed with the checksums that
they need, without which no mutation would ever get past one: two bytes of length, then so many of content. The head
chooses between them, and the size of the blocks that a file is read by, and what else `Head` tells.
"""

from __future__ import annotations

from enum import IntFlag
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from tb_lossgap.events import _decode
from tb_lossgap.events.framing import HEADER
from tb_lossgap.events.framing import frame
from tests.events.records import checksum
from tests.events.records import framed
from tests.events.records import version
from tests.events.test_decoders import assert_same
from tests.events.test_decoders import seeds as forms
from tests.fuzz.rarities import LENGTHS
from tests.fuzz.rarities import rarities

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

_BLOCKS = (1 << 20, 20, 64, 200)
_FIXTURES = Path(__file__).parent.parent / "fixtures"
# The beginning of a file has a record of every form that its writer knows.
_SEED_BYTES = 2048
# What there is of a record that was announced.
_FOLLOWS = 32
_PLAIN = framed(forms()[0]) * 100
# The reference takes a while for each block.
_MOST_BLOCKS = 32


class Head(IntFlag):
    """What the bits of a head say; the lowest two are the index of a block size."""

    AS_IT_IS = 4
    # The rest begins with eight bytes of length, which a last record announces; little of it follows.
    ANNOUNCES = 8
    # Checksums by tables, as on a processor without an instruction for them.
    BY_TABLES = 16
    # Behind so many plain records that the native reader has let go of the GIL.
    LATE = 32


def check(data: bytes) -> None:
    """Raises AssertionError where the native reader and the reference tell different things."""
    head = Head(data[0] & 0x3F if data else 0)
    content = data[1:] if head & Head.AS_IT_IS else _file(head, data[1:])
    _decode.use_crc_instruction(use=not head & Head.BY_TABLES)
    try:
        assert_same(content, max(_BLOCKS[head & 3], len(content) // _MOST_BLOCKS))
    finally:
        _decode.use_crc_instruction(use=True)


def _file(head: Head, rest: bytes) -> bytes:
    last = b""
    if head & Head.ANNOUNCES:
        length, rest = rest[:8].ljust(8, b"\0"), rest[8:]
        last = length + checksum(length) + rest[:_FOLLOWS]
    first = version(1.0) + (_PLAIN if head & Head.LATE else b"")
    return first + b"".join(map(framed, _records(rest))) + last


def _records(data: bytes) -> Iterator[bytes]:
    while data:
        size = int.from_bytes(data[:2], "little")
        yield data[2 : 2 + size]
        data = data[2 + size :]


def _unframed(records: Iterable[bytes]) -> bytes:
    return b"".join(len(record).to_bytes(2, "little") + record for record in records if len(record) < 1 << 16)


def seeds() -> Iterator[bytes]:
    """Inputs to begin with: each form of event alone, endless records, the beginning of what each framework wrote."""
    for form in (*forms(), *rarities()):
        yield b"\0" + _unframed([form])
    for head in (Head.BY_TABLES, Head.LATE):
        yield bytes([head]) + _unframed(forms())
    yield bytes([Head.AS_IT_IS]) + framed(b"\x1a\x02\xc3\xa9") + _PLAIN
    for length in LENGTHS:
        yield bytes([Head.ANNOUNCES]) + length.to_bytes(8, "little") + _unframed(forms()[:1])
    for path in sorted(_FIXTURES.glob("*/logs/**/*tfevents*")):
        content = path.read_bytes()[:_SEED_BYTES]
        yield bytes([Head.AS_IT_IS]) + content
        yield b"\0" + _unframed(content[head + HEADER : end - 4] for head, end in pairwise(frame(content).heads))
