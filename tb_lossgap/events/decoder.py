"""The decoder of event files: the native one where it was compiled, else the reference."""

from __future__ import annotations

import logging

try:
    from tb_lossgap.events._decode import Decoder
except ImportError as error:
    from tb_lossgap.events.reference import Decoder  # type: ignore[assignment]

    logging.getLogger(__name__).warning("Event files are read by the slower reference reader: %s", error)

__all__ = ["Decoder"]
