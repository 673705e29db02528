"""What reads records by protocol buffers, under one roof: it is imported once a record needs it."""

from __future__ import annotations

from tb_lossgap.events.hparams import session_hparams
from tb_lossgap.events.messages import event_of
from tb_lossgap.events.tensors import scalar_of

__all__ = ["event_of", "scalar_of", "session_hparams"]
