"""From measurements to a judgement under a reader's parameters: the verdict and the markers."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from tb_lossgap.analysis import parameters as table
from tb_lossgap.analysis import stops
from tb_lossgap.analysis.parameters import Parameters
from tb_lossgap.analysis.verdicts import ADVICE
from tb_lossgap.analysis.verdicts import verdict_of
from tb_lossgap.model import Judgement
from tb_lossgap.model import Stop

if TYPE_CHECKING:
    from tb_lossgap.analysis.measure import Measured
    from tb_lossgap.analysis.trend import Trend

_DEFAULTS = Parameters()


def judge(measured: Measured, parameters: Parameters = _DEFAULTS) -> Judgement:
    """Judge a measured attempt under the given parameters."""
    return judge_with(stop(measured, parameters), measured, parameters)


def judge_with(stopped: Stop | None, measured: Measured, parameters: Parameters) -> Judgement:
    """Judge a measured attempt whose stop under the given parameters is known already."""
    with np.errstate(all="ignore"):
        said = verdict_of(measured, parameters.tolerance)
        return Judgement(
            verdict=said.verdict,
            severity=said.severity,
            reason=said.reason,
            advice=ADVICE[said.verdict],
            caveats=measured.caveats,
            best=measured.best,
            final=measured.final,
            gap_at_best=measured.gap_at_best,
            final_gap=measured.final_gap,
            gl_final=measured.gl_final,
            onset=onset(measured, parameters.tolerance),
            stop=stopped,
            divergence=divergence(measured) if said.verdict == "diverged" else measured.not_finite,
            alignment=measured.alignment.method,
            with_gap=measured.alignment.with_gap,
            duration=measured.duration,
        )


def onset(measured: Measured, tolerance: float) -> int | None:
    """Return the step from which validation stays above its robust best by more than `tolerance` percent to the end.

    None where the end came back, where noise alone may have made the rise, or where training did not fall further.
    The tail is judged by its median, as in the verdict; before it, the running median counts.
    """
    val, figures = measured.val, measured.figures
    if val is None or figures is None or not (figures.rise.counts and figures.train_since.percent > 0):
        return None
    if figures.rise.percent <= tolerance:
        return None
    limit = val.low + tolerance / 100 * val.whole(val.low)
    below = np.flatnonzero(val.smooth[val.best : len(val.loss) - val.tail_points] <= limit)
    return _step(measured, val, val.best + int(below[-1]) + 1)


def divergence(measured: Measured) -> int | None:
    """Return the step at which a diverged training went wrong.

    That is the first value that is not finite or, where all are, the start of the final stretch in which the running
    median of validation is far above its start, or most of the way back to it.
    """
    val = measured.val
    if measured.not_finite is not None or val is None:
        return measured.not_finite
    far = val.start + table.FAR_ABOVE / 100 * val.whole(val.start)
    back = val.low + table.WAY_BACK / 100 * (val.start - val.low)
    below = np.flatnonzero(val.smooth < (far if val.tail >= far else back))
    return _step(measured, val, min(int(below[-1]) + 1 if len(below) else 0, len(val.loss) - 1))


def stop(measured: Measured, parameters: Parameters) -> Stop | None:
    """Return where the chosen rule would have stopped, and what that would have cost and saved."""
    series, best = measured.val_series, measured.best
    halt = _halt(measured, parameters)
    if halt is None:
        return None
    saved = float(series.wall_times[-1]) - float(series.wall_times[halt.stopped])
    regret = np.nan if best is None else abs(float(series.values[halt.best]) - best.value)
    return Stop(
        criterion=parameters.criterion,
        patience=parameters.patience,
        min_delta=parameters.min_delta,
        step=int(series.steps[halt.stopped]),
        best_step=int(series.steps[halt.best]),
        regret=regret,
        steps_saved=int(series.steps[-1]) - int(series.steps[halt.stopped]),
        seconds_saved=max(saved, 0.0) if isfinite(saved) else 0.0,
    )


def _halt(measured: Measured, parameters: Parameters) -> stops.Halt | None:
    values, direction = measured.val_series.values, measured.direction
    patience, min_delta = parameters.patience, parameters.min_delta
    if parameters.criterion == "lightning":
        return stops.lightning(
            values,
            patience=patience,
            min_delta=min_delta,
            check_finite=parameters.check_finite,
            stopping_threshold=parameters.stopping_threshold,
            divergence_threshold=parameters.divergence_threshold,
            direction=direction,
        )
    if parameters.criterion == "huggingface":
        return stops.huggingface(values, patience=patience, threshold=min_delta, direction=direction)
    if parameters.criterion == "gl":
        return stops.gl(values, alpha=parameters.tolerance, direction=direction)
    if parameters.criterion == "pq":
        return stops.pq(values, measured.alignment.train, alpha=parameters.alpha, direction=direction)
    if parameters.criterion == "up":
        return stops.up(values, strips=parameters.strips, direction=direction)
    return stops.keras(
        values,
        patience=patience,
        min_delta=min_delta,
        baseline=parameters.baseline,
        start_from_epoch=parameters.start_from_epoch,
        direction=direction,
    )


def _step(measured: Measured, val: Trend, index: int) -> int:
    return int(measured.val_series.steps[val.point(index)])
