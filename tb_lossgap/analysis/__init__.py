"""Judgements from numbers: pure functions on series, without files, HTTP or TensorBoard."""

from __future__ import annotations

from tb_lossgap.analysis.align import Alignment
from tb_lossgap.analysis.align import align
from tb_lossgap.analysis.align import gap_of
from tb_lossgap.analysis.attempts import attempt_starts
from tb_lossgap.analysis.attempts import attempts
from tb_lossgap.analysis.caveats import still_improving_metrics
from tb_lossgap.analysis.cleaning import Attempt
from tb_lossgap.analysis.compare import ranks
from tb_lossgap.analysis.judge import judge
from tb_lossgap.analysis.measure import Measured
from tb_lossgap.analysis.measure import measure
from tb_lossgap.analysis.parameters import Parameters

__all__ = [
    "Alignment",
    "Attempt",
    "Measured",
    "Parameters",
    "align",
    "attempt_starts",
    "attempts",
    "gap_of",
    "judge",
    "measure",
    "ranks",
    "still_improving_metrics",
]
