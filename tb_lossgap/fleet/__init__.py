"""Every training of a very large logdir judged on many workers: a report, or a table that can be brought up to date."""

from __future__ import annotations

from tb_lossgap.fleet.crew import Crew
from tb_lossgap.fleet.crew import FleetError
from tb_lossgap.fleet.crew import dask_cluster
from tb_lossgap.fleet.crew import processes
from tb_lossgap.fleet.fleet import OnProgress
from tb_lossgap.fleet.fleet import Step
from tb_lossgap.fleet.judge import Summary
from tb_lossgap.fleet.judge import judge_fleet
from tb_lossgap.fleet.report import report_fleet
from tb_lossgap.fleet.table import latest_with
from tb_lossgap.fleet.work import Job

__all__ = [
    "Crew",
    "FleetError",
    "Job",
    "OnProgress",
    "Step",
    "Summary",
    "dask_cluster",
    "judge_fleet",
    "latest_with",
    "processes",
    "report_fleet",
]
