"""Judgements from numbers: pure functions on series, without files, HTTP or TensorBoard."""

from __future__ import annotations

from tb_lossgap.analysis.align import Alignment
from tb_lossgap.analysis.align import align
from tb_lossgap.analysis.align import gap_of
from tb_lossgap.analysis.attempts import Parted
from tb_lossgap.analysis.attempts import attempt_starts
from tb_lossgap.analysis.attempts import attempts
from tb_lossgap.analysis.attempts import part
from tb_lossgap.analysis.caveats import still_improving_metrics
from tb_lossgap.analysis.cleaning import Attempt
from tb_lossgap.analysis.compare import PATIENCES
from tb_lossgap.analysis.compare import PatienceRow
from tb_lossgap.analysis.compare import board_of
from tb_lossgap.analysis.compare import patience_table
from tb_lossgap.analysis.compare import ranks
from tb_lossgap.analysis.groups import Band
from tb_lossgap.analysis.groups import band
from tb_lossgap.analysis.judge import judge
from tb_lossgap.analysis.judge import judge_with
from tb_lossgap.analysis.judge import stop
from tb_lossgap.analysis.measure import Measured
from tb_lossgap.analysis.measure import measure
from tb_lossgap.analysis.parameters import Criterion
from tb_lossgap.analysis.parameters import Parameters

__all__ = [
    "PATIENCES",
    "Alignment",
    "Attempt",
    "Band",
    "Criterion",
    "Measured",
    "Parameters",
    "Parted",
    "PatienceRow",
    "align",
    "attempt_starts",
    "attempts",
    "band",
    "board_of",
    "gap_of",
    "judge",
    "judge_with",
    "measure",
    "part",
    "patience_table",
    "ranks",
    "still_improving_metrics",
    "stop",
]
