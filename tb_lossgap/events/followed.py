"""The files that a reader follows, and the count of what was read of them."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from tb_lossgap.events.follower import Follower
from tb_lossgap.model import Progress
from tb_lossgap.model import ReadWarning

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection

    from tb_lossgap.events.storage import FileKey
    from tb_lossgap.events.storage import Found
    from tb_lossgap.events.storage import Storage


# Sooner, and after less of all, nobody can tell how long the rest takes.
_SECONDS_TO_TELL = 0.5
_SHARE_TO_TELL = 0.02


class FollowedFile:
    """An event file that is followed.

    Attributes:
        key: What tells it from all others.
        storage: Where it lies.
        found: Its state when it was last found.
        follower: Reads it.
        bytes: How many bytes of it are done with.
        is_left_out: Whether it was not read, or not to its end, so that memory lasts.
    """

    __slots__ = ("bytes", "follower", "found", "is_left_out", "key", "storage")

    def __init__(self, key: FileKey, storage: Storage, found: Found, wanted: Callable[[str], bool]) -> None:
        self.key = key
        self.storage = storage
        self.found = found
        self.follower = Follower(wanted)
        self.bytes = 0
        self.is_left_out = False

    @property
    def stale(self) -> bool:
        """Whether there may be something new in it."""
        return self.found.readable and not self.follower.is_current(self.found.stamp)

    @property
    def warning(self) -> ReadWarning | None:
        """What is wrong with it."""
        damage = self.follower.damage
        return ReadWarning(self.found.name, self.follower.offset, damage) if damage else None


class Tally:
    """Counts what is read of some files, in any thread."""

    def __init__(self, files: Collection[FollowedFile] = ()) -> None:
        self._lock = threading.Lock()
        self._files = self._bytes = self._bytes_total = 0
        self._files_total = len(files)
        for file in files:
            size = file.found.stamp.size
            if not file.stale:
                file.bytes = size
                self._files += 1
            file.bytes = min(file.bytes, size)
            self._bytes += file.bytes
            self._bytes_total += size
        self._began = time.monotonic()
        self._bytes_before = self._bytes

    def expect(self, files: int) -> None:
        """Counts on at least so many files."""
        self._files_total = max(self._files_total, files)

    def advance(self, file: FollowedFile, done: int) -> None:
        """Counts a file as read up to some byte."""
        with self._lock:
            self._bytes += done - file.bytes
            file.bytes = done

    def finish(self, file: FollowedFile) -> None:
        """Counts a file as read, whatever was wrong with it."""
        self.advance(file, file.found.stamp.size)
        with self._lock:
            self._files += 1

    def progress(self) -> Progress:
        """Gives the count."""
        return Progress(self._files, self._files_total, self._bytes, self._bytes_total, self._seconds_left())

    def _seconds_left(self) -> float | None:
        """Says how long the rest takes at the pace so far; None while that is a guess."""
        done, left = self._bytes - self._bytes_before, self._bytes_total - self._bytes
        spent = time.monotonic() - self._began
        if spent < _SECONDS_TO_TELL or done < _SHARE_TO_TELL * (done + left) or not left:
            return None
        return left * spent / done
