"""Event files to columns: finds them, verifies their records, keeps their scalars and follows their growth."""

from __future__ import annotations

from tb_lossgap.events.errors import LogdirError
from tb_lossgap.events.reader import LogReader

__all__ = ["LogReader", "LogdirError"]
