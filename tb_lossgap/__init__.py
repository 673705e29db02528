"""Loss Gap: how far validation is from training, and what that means."""

__version__ = "0.1.0"
