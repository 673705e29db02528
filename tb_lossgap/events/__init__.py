"""Event files to columns: finds them, verifies their records, keeps their scalars and follows their growth."""

from __future__ import annotations

from tb_lossgap.events.errors import LogdirError
from tb_lossgap.events.listed import ListedFiles
from tb_lossgap.events.memory import default_memory
from tb_lossgap.events.reader import LogReader
from tb_lossgap.events.reader import storage_at
from tb_lossgap.events.storage import Found
from tb_lossgap.events.storage import Stamp

__all__ = ["Found", "ListedFiles", "LogReader", "LogdirError", "Stamp", "default_memory", "storage_at"]
