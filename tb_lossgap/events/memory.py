"""How much memory the points of a logdir may take, and what they are counted as."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

# Bytes of a point with all that is measured of it, of a series in a file, of a tag in a file whether or not its points
# are kept, of each character of that or of a file's path, and of a file.
POINT = 100
SERIES = 6_000
TAG = 500
CHARACTER = 4
FILE = 4_000

# What a container may use, where there is one.
_CONTAINER = Path("/sys/fs/cgroup/memory.max")
_UNKNOWN = 8 << 30


def default_memory() -> int:
    """Half the memory of this machine, or of this container, in bytes."""
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        # Windows does not say.
        machine = _UNKNOWN
    with suppress(OSError, ValueError):
        machine = min(machine, int(_CONTAINER.read_text(encoding="ascii")))
    return machine // 2
