"""How a command that runs on and on is told to end."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def when_told_to_end(act: Callable[[], None]) -> threading.Event:
    """From now on Ctrl+C and SIGTERM set the event that this returns, and then call `act`."""
    ended = threading.Event()

    def end(*_: object) -> None:
        ended.set()
        act()

    # Set for both, since a shell's background jobs are born deaf to the first.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, end)
    return ended
