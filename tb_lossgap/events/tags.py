"""Which tags' points are kept, decided once for each."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Longer tags are left out: no page could show them.
LONGEST = 4_096
# Thousands of files have the same few tags; of more than these, what was decided first is forgotten.
_MOST = 1 << 16


class TagFilter:
    """Tells the tags whose points are kept, in any thread.

    Args:
        wanted: Tells the same of tags of usual length; it may change its mind.
    """

    def __init__(self, wanted: Callable[[str], bool]) -> None:
        self._wanted = wanted
        self._known = lru_cache(_MOST)(self._decide)
        self._refused: set[str] = set()
        self._endless: set[int] = set()

    @property
    def endless(self) -> int:
        """How many tags were too long."""
        return len(self._endless)

    def keeps(self, tag: str) -> bool:
        """Tells whether the points of a tag are kept."""
        if len(tag) > LONGEST:
            self._endless.add(hash(tag))
            return False
        return self._known(tag)

    def reconsider(self) -> bool:
        """Tells whether a tag is wanted now that was refused before; then nothing is decided any more."""
        if not any(map(self._wanted, self._refused)):
            return False
        self._known.cache_clear()
        self._refused.clear()
        return True

    def _decide(self, tag: str) -> bool:
        kept = self._wanted(tag)
        if not kept and len(self._refused) < _MOST:
            self._refused.add(tag)
        return kept
