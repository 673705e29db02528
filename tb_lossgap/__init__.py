"""Loss Gap: how far validation is from training, and what that means.

`tb_lossgap.open(logdir)` gives the trainings of a logdir; see docs/python.md. Importing this package costs next to
nothing, for TensorBoard does it at every start: what is asked of it is loaded when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tb_lossgap.api import Logs
    from tb_lossgap.api import MissingPackageError
    from tb_lossgap.api import Report
    from tb_lossgap.api import Training
    from tb_lossgap.api import open_logdir as open  # noqa: A004  as tb_lossgap.open, it says what it does
    from tb_lossgap.events import LogdirError
    from tb_lossgap.fleet import FleetError

__version__ = "0.1.0"

__all__ = ["FleetError", "LogdirError", "Logs", "MissingPackageError", "Report", "Training", "open"]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Loads what is asked for."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from tb_lossgap import api

        return getattr(api, "open_logdir" if name == "open" else name)

    def __dir__() -> list[str]:
        return [*globals(), *__all__]
