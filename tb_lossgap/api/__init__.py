"""The Python API: a logdir as trainings with curves, gaps, markers and verdicts."""

from __future__ import annotations

from tb_lossgap.api.extras import MissingPackageError
from tb_lossgap.api.logs import Logs
from tb_lossgap.api.logs import open_logdir
from tb_lossgap.api.report import Report
from tb_lossgap.api.training import Training
from tb_lossgap.events import LogdirError
from tb_lossgap.fleet import FleetError

__all__ = ["FleetError", "LogdirError", "Logs", "MissingPackageError", "Report", "Training", "open_logdir"]
