"""Follows one event file: reads what is new in it, and all of it again when it was replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from tb_lossgap.events.decoder import Decoder
from tb_lossgap.events.framing import HEADER
from tb_lossgap.events.framing import OVERHEAD
from tb_lossgap.events.framing import record_length

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from tb_lossgap.events.columns import Columns
    from tb_lossgap.events.storage import Handle
    from tb_lossgap.events.storage import Stamp
    from tb_lossgap.events.storage import Storage
    from tb_lossgap.model import HParam

# So much of a file is read at once: then the memory that its points take can be looked at.
_PORTION = 1 << 26
# What is beyond these is no log of a training: it would only fill the memory.
_MOST_TAGS = 100_000
_LONGEST_RECORD = 1 << 28

# So many bytes at the beginning, and before the place reached, are remembered to recognise a file by.
_FINGERPRINT = 64


class News(NamedTuple):
    """What one reading of a file brought.

    Attributes:
        again: Whether the file was read from its beginning: what was known of it no longer counts.
        columns: New points by tag.
        names: About how many bytes the names of all the file's tags, and its hyperparameters, take up.
    """

    again: bool
    columns: dict[str, Columns]
    names: int


class Follower:
    """Reads one event file from where it stopped the last time.

    A record that is not whole yet is waited for. A damaged record ends the reading; it is tried again when the file
    has changed, as TensorBoard's Python loader does.

    Args:
        wanted: Tells the tags whose points are kept.

    Attributes:
        offset: Where the first record begins that was not read.
        damage: What is wrong there, None when there is only nothing yet.
    """

    __slots__ = ("_decoder", "_finished", "_head", "_stamp", "_tail", "_wanted", "damage", "offset")

    offset: int
    damage: str | None
    _decoder: Decoder
    _head: bytes
    _tail: bytes

    def __init__(self, wanted: Callable[[str], bool]) -> None:
        self._wanted = wanted
        self._stamp: Stamp | None = None
        self._finished = False
        self._restart()

    @property
    def first_wall_time(self) -> float:
        """Wall time of the first record, infinite while there is none."""
        first = self._decoder.records.first_wall_time
        return float("inf") if first is None else first

    @property
    def hparams(self) -> dict[str, HParam]:
        """Hyperparameters that the file's hparams summaries name."""
        return self._decoder.records.hparams

    def is_current(self, stamp: Stamp) -> bool:
        """Tells whether a file in this state was read already."""
        return self._finished and stamp == self._stamp

    def read(
        self, storage: Storage, path: str, stamp: Stamp, *, stop: Event | None, on_bytes: Callable[[int], None]
    ) -> News:
        """Reads what is new, up to the size that `stamp` tells, or a portion of it.

        A file that cannot be read is damaged at the offset reached, and is tried again the next time; one that has
        vanished brings nothing.

        Args:
            storage: Opens the file.
            path: What it opens it by.
            stamp: The file's state as just found.
            stop: When set, the reading ends early; the next one goes on from there.
            on_bytes: Called with the offset after every block.
        """
        again = False
        self._finished = False
        self.damage = None
        try:
            handle = storage.open(path)
            try:
                again = self._is_replaced(handle, stamp)
                if again:
                    self._restart()
                self._stamp = stamp
                self._read_blocks(handle, stamp.size, storage.block, stop, on_bytes)
            finally:
                handle.close()
        except FileNotFoundError:
            pass
        except OSError as error:
            self.damage = f"file cannot be read: {error.strerror or error}"
        return News(again, self._decoder.take(), self._decoder.records.weight)

    def _read_blocks(
        self, handle: Handle, end: int, block_size: int, stop: Event | None, on_bytes: Callable[[int], None]
    ) -> None:
        size = block_size
        portion = self.offset + _PORTION
        while self.offset < end:
            if (stop and stop.is_set()) or self.offset >= portion:
                return
            if self._decoder.records.tags > _MOST_TAGS:
                self.damage = f"more than {_MOST_TAGS} tags; nothing is read from here on"
                break
            asked = min(size, end - self.offset)
            block = handle.read(self.offset, asked)
            taken = self._decoder.feed(block)
            self._head = self._head or block[: min(taken, _FINGERPRINT)]
            self._tail = block[max(0, taken - _FINGERPRINT) : taken] or self._tail
            self.offset += taken
            on_bytes(self.offset)
            self.damage = self._decoder.damage
            if self.damage or len(block) < asked:
                break
            if taken:
                size = block_size
            elif asked == end - self.offset:
                break
            else:
                size = OVERHEAD + record_length(block, 0) if asked >= HEADER else OVERHEAD
                if size > _LONGEST_RECORD:
                    self.damage = f"record of more than {_LONGEST_RECORD} bytes; nothing is read from here on"
                    break
        self._finished = True

    def _is_replaced(self, handle: Handle, stamp: Stamp) -> bool:
        """Tells whether this is no longer the file that was read, or no longer its beginning."""
        known = self._stamp
        if known is None or stamp == known:
            return False
        return (
            stamp.identity != known.identity
            or stamp.size == known.size
            or handle.read(0, len(self._head)) != self._head
            or handle.read(self.offset - len(self._tail), len(self._tail)) != self._tail
        )

    def _restart(self) -> None:
        self.offset = 0
        self.damage = None
        self._decoder = Decoder(self._wanted)
        self._head = self._tail = b""
