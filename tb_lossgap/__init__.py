"""Loss Gap: how far validation is from training, and what that means."""

from __future__ import annotations

__version__ = "0.1.0"
