"""From measurements to a judgement: the verdict with its reason, and the markers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tb_lossgap.analysis import parameters as table
from tb_lossgap.analysis import stops
from tb_lossgap.analysis.parameters import Parameters
from tb_lossgap.analysis.verdicts import verdict_of
from tb_lossgap.model import Judgement
from tb_lossgap.model import Stop

if TYPE_CHECKING:
    from tb_lossgap.analysis.measure import Measured

DEFAULTS = Parameters()


def judge(measured: Measured, parameters: Parameters = DEFAULTS) -> Judgement:
    """Judge a measured attempt under the given parameters."""
    with np.errstate(all="ignore"):
        verdict, severity, reason, advice, caveats = verdict_of(measured, parameters)
        gl_final = None
        if measured.val is not None and measured.final is not None and np.isfinite(measured.final.value):
            gl_final = 100 * measured.val.share(
                float(measured.val.loss[-1] - measured.val.loss.min()), float(measured.val.loss.min())
            )
        return Judgement(
            verdict=verdict,
            severity=severity,
            reason=reason,
            advice=advice,
            caveats=caveats,
            best=measured.best,
            final=measured.final,
            gap_at_best=measured.gap_at_best,
            final_gap=measured.final_gap,
            gl_final=gl_final,
            onset=onset(measured, parameters),
            stop=stop(measured, parameters),
            divergence=divergence(measured),
            alignment=measured.alignment.method,
            with_gap=measured.alignment.with_gap,
            duration=measured.duration,
        )


def onset(measured: Measured, parameters: Parameters = DEFAULTS) -> int | None:
    """Return the first step after the robust best from which validation stays above it by more than the tolerance.

    None where the end came back, or where training did not fall further.
    """
    val, train = measured.val, measured.train
    if val is None or train is None:
        return None
    limit = val.low + parameters.tolerance / 100 * (abs(val.low) if val.scale is None else val.scale)
    below = np.flatnonzero(val.smooth[val.best :] <= limit)
    begin = val.best + int(below[-1]) + 1
    if begin >= len(val.smooth):
        return None
    at_best = train.smooth[min(int(np.searchsorted(train.index, val.index[val.best])), len(train.smooth) - 1)]
    return int(measured.series.steps[val.index[begin]]) if train.tail < at_best else None


def divergence(measured: Measured) -> int | None:
    """Return the step of the first value that is not finite, or None."""
    steps = [
        int(series.steps[np.argmin(finite)])
        for series in (measured.series, measured.train_series)
        if len(series) and not (finite := np.isfinite(series.values)).all()
    ]
    return min(steps) if steps else None


def stop(measured: Measured, parameters: Parameters = DEFAULTS) -> Stop | None:
    """Return where the chosen rule would have stopped, and what that would have cost and saved."""
    values, direction = measured.series.values, measured.direction
    patience, min_delta = parameters.patience, parameters.min_delta
    if parameters.criterion == "keras":
        halt = stops.keras(values, patience=patience, min_delta=min_delta, direction=direction)
    elif parameters.criterion == "lightning":
        halt = stops.lightning(values, patience=patience, min_delta=min_delta, direction=direction)
    elif parameters.criterion == "huggingface":
        halt = stops.huggingface(values, patience=patience, threshold=min_delta, direction=direction)
    elif parameters.criterion == "gl":
        halt = stops.gl(values, alpha=parameters.tolerance, direction=direction)
    elif parameters.criterion == "pq":
        halt = stops.pq(values, measured.alignment.train, alpha=table.PQ_ALPHA, direction=direction)
    else:
        halt = stops.up(values, strips=-(-patience // table.STRIP), direction=direction)
    if halt is None:
        return None
    series = measured.series
    stopped, last = int(series.steps[halt.stopped]), int(series.steps[-1])
    saved = float(series.wall_times[-1] - series.wall_times[halt.stopped])
    return Stop(
        criterion=parameters.criterion,
        patience=patience,
        min_delta=min_delta,
        step=stopped,
        best_step=int(series.steps[halt.best]),
        regret=abs(float(series.values[halt.best]) - measured.best.value) if measured.best else float("nan"),
        steps_saved=last - stopped,
        seconds_saved=max(saved, 0.0) if np.isfinite(saved) else 0.0,
    )
