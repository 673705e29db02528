"""Where a stopping rule would have ended a training: Keras, Lightning, Hugging Face, and Prechelt's GL, PQ and UP."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

import numpy as np

from tb_lossgap.analysis.parameters import STRIP
from tb_lossgap.analysis.robust import same_sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from tb_lossgap.model import Direction
    from tb_lossgap.model import FloatArray


class Halt(NamedTuple):
    """Index of the validation point at which a rule stops, and of the one whose weights it would restore."""

    stopped: int
    best: int


def keras(
    values: FloatArray,
    *,
    patience: int = 0,
    min_delta: float = 0.0,
    baseline: float | None = None,
    start_from_epoch: int = 0,
    direction: Direction = "min",
) -> Halt | None:
    """Replay `keras.callbacks.EarlyStopping` (Keras 3) over the validation values, one an epoch.

    The first value watched always counts as an improvement, even NaN, which nothing then improves on. The wait
    grows before it is compared, so a patience of 0 behaves as 1; the very first epoch never stops a training.

    Args:
        values: Monitored values, shape (n,), compared in float64.
        patience: Epochs without improvement after which training stops.
        min_delta: An improvement must be larger than this; its sign is ignored, as in Keras.
        baseline: Only improvements on this too reset the wait; None for none.
        start_from_epoch: Values before this index are not watched.
        direction: "min" where lower is better (Keras' `mode`).

    Returns:
        Where it stops and which epoch `restore_best_weights=True` would restore, or None when it never stops.
    """
    with np.errstate(all="ignore"):
        loss = values[start_from_epoch:] if direction == "min" else -values[start_from_epoch:]
        if len(loss) == 0:
            return None
        delta = abs(min_delta)
        improved = _improvements(loss, delta, first=True)
        resets = improved
        if baseline is not None:
            limit = baseline if direction == "min" else -baseline
            resets = [i for i in improved if loss[i] + delta < limit]
        stopped = _exhausted(resets, improved, len(loss), max(patience, 1))
        return None if stopped is None else _halt(stopped, improved, start_from_epoch)


def lightning(
    values: FloatArray,
    *,
    patience: int = 3,
    min_delta: float = 0.0,
    check_finite: bool = True,
    stopping_threshold: float | None = None,
    divergence_threshold: float | None = None,
    direction: Direction = "min",
) -> Halt | None:
    """Replay `lightning.pytorch.callbacks.EarlyStopping` (Lightning 2) over the validation values.

    Args:
        values: Monitored values, shape (n,).
        patience: Checks without improvement after which training stops.
        min_delta: An improvement must be larger than this.
        check_finite: Stop at the first NaN or infinity.
        stopping_threshold: Stop at once at a value better than this; None for never.
        divergence_threshold: Stop at once at a value worse than this; None for never.
        direction: "min" where lower is better (Lightning's `mode`).

    Returns:
        Where it stops and the check with the best score until then (the stop itself where nothing improved),
        or None when it never stops.
    """
    with np.errstate(all="ignore"):
        sign = 1.0 if direction == "min" else -1.0
        loss = sign * values
        at_once = ~np.isfinite(loss) if check_finite else np.zeros(len(loss), dtype=bool)
        if stopping_threshold is not None:
            at_once |= loss < sign * stopping_threshold
        if divergence_threshold is not None:
            at_once |= loss > sign * divergence_threshold
        halted = int(np.argmax(at_once)) if at_once.any() else len(loss)
        improved = _improvements(loss[:halted], min_delta, first=False)
        stopped = _exhausted(improved, improved, halted, max(patience, 1))
        if stopped is None and halted < len(loss):
            stopped = halted
        return None if stopped is None else _halt(stopped, improved, 0)


def huggingface(
    values: FloatArray, *, patience: int = 1, threshold: float = 0.0, direction: Direction = "min"
) -> Halt | None:
    """Replay `transformers.EarlyStoppingCallback` with `load_best_model_at_end` (Transformers 5).

    The counter asks for an improvement by more than `threshold` on the best value so far; that best follows
    every improvement, however small. A patience of 0 stops at the first evaluation.

    Args:
        values: Monitored values, shape (n,).
        patience: Evaluations without improvement after which training stops.
        threshold: An improvement must be larger than this.
        direction: "min" where lower is better (`greater_is_better=False`).

    Returns:
        Where it stops and the best evaluation until then (the stop itself where nothing was finite), or None.
    """
    with np.errstate(all="ignore"):
        loss = values if direction == "min" else -values
        if len(loss) == 0:
            return None
        if patience <= 0:
            return Halt(0, 0)
        best = np.minimum.accumulate(np.where(np.isnan(loss), np.inf, loss))
        before = np.append(np.inf, best[:-1])
        improved = np.flatnonzero(loss < before).tolist()
        resets = np.flatnonzero((loss < before) & (np.abs(loss - before) > threshold)).tolist()
        if not resets or resets[0] != 0:
            resets = [0, *resets]
        stopped = _exhausted(resets, resets, len(loss), patience)
        return None if stopped is None else _halt(stopped, improved, 0)


def gl(values: FloatArray, *, alpha: float, direction: Direction = "min") -> Halt | None:
    """Stop at the first point whose generalization loss exceeds `alpha` percent (Prechelt 1998, GL_alpha)."""
    with np.errstate(all="ignore"):
        return _first(generalization_loss(values, direction=direction) > alpha, values, direction)


def pq(values: FloatArray, train: FloatArray, *, alpha: float, direction: Direction = "min") -> Halt | None:
    """Stop when generalization loss outweighs training progress (Prechelt 1998, PQ_alpha, strips of five).

    Args:
        values: Validation values, shape (n,).
        train: Training value at each of them, shape (n,); strips with a value missing are passed over.
        alpha: The quotient of generalization loss and training progress (per mille) above which to stop.
        direction: "min" where lower is better.
    """
    with np.errstate(all="ignore"):
        strips = len(values) // STRIP
        ends = np.arange(1, strips + 1) * STRIP - 1
        error = (train if direction == "min" else -train)[: strips * STRIP].reshape(strips, STRIP)
        progress = 1000.0 * (error.mean(axis=1) / error.min(axis=1) - 1.0) if strips else np.zeros(0)
        quotient = generalization_loss(values, direction=direction)[ends] / progress
        fires = np.zeros(len(values), dtype=bool)
        fires[ends] = quotient > alpha
        return _first(fires, values, direction)


def up(values: FloatArray, *, strips: int, direction: Direction = "min") -> Halt | None:
    """Stop when validation was worse at the end of `strips` strips of five, one after another (Prechelt, UP_s)."""
    with np.errstate(all="ignore"):
        loss = values if direction == "min" else -values
        ends = np.arange(STRIP - 1, len(loss), STRIP)
        worse = np.append(False, loss[ends][1:] > loss[ends][:-1])
        run = np.arange(len(ends)) - np.maximum.accumulate(np.where(worse, -1, np.arange(len(ends))))
        fires = np.zeros(len(loss), dtype=bool)
        fires[ends] = run >= max(strips, 1)
        return _first(fires, values, direction)


def generalization_loss(values: FloatArray, *, direction: Direction = "min") -> FloatArray:
    """Return GL(t) = 100 * (value / best so far - 1) in percent for every point (Prechelt 1998).

    Where the values change sign or come near zero, the same over the range of the values. NaN where a value is
    not finite.
    """
    finite = np.isfinite(values)
    if not finite.any():
        return np.full(len(values), np.nan)
    loss = np.where(finite, values if direction == "min" else -values, np.inf)
    best = np.minimum.accumulate(loss)
    rise = loss - best
    used = values[finite]
    scale = np.abs(best) if same_sign(used) else float(used.max() - used.min()) or 1.0
    return np.where(finite, 100.0 * rise / scale, np.nan)


def _improvements(loss: FloatArray, delta: float, *, first: bool) -> list[int]:
    """Return the indices at which `loss + delta` falls below the value at the improvement before.

    Args:
        loss: Values, lower is better.
        delta: What a value must be better by, >= 0.
        first: Whether the first value is an improvement whatever it is (Keras), or must be below infinity.
    """
    if len(loss) == 0:
        return []
    # An improvement is below every value before it, so only such values need a look.
    lowest = np.minimum.accumulate(loss)
    if np.isnan(lowest[-1]):
        lowest = np.minimum.accumulate(np.where(np.isnan(loss), np.inf, loss))
    records = (np.flatnonzero(lowest[1:] < lowest[:-1]) + 1).tolist()
    improved, best = ([0], float(loss[0])) if first or loss[0] < np.inf else ([], np.inf)
    if np.isnan(best):
        return improved
    if delta == 0:
        return improved + records
    for index, value in zip(records, loss[records].tolist(), strict=True):
        if value + delta < best:
            improved.append(index)
            best = value
    return improved


def _exhausted(resets: Sequence[int], improved: Sequence[int], n: int, patience: int) -> int | None:
    """Return the first of `n` indices at which the wait, set to 0 at each of `resets`, has reached `patience`.

    An index in `improved` never stops, even where it did not reset the wait.
    """
    previous = -1
    for reset in [*resets, n]:
        if reset - previous > patience:
            for stop in range(previous + patience, reset):
                if stop not in improved:
                    return stop
        previous = reset
    return None


def _halt(stopped: int, improved: Sequence[int], offset: int) -> Halt:
    until = [i for i in improved if i <= stopped]
    return Halt(stopped + offset, (until[-1] if until else stopped) + offset)


def _first(fires: npt.NDArray[np.bool_], values: FloatArray, direction: Direction) -> Halt | None:
    if not fires.any():
        return None
    stopped = int(np.argmax(fires))
    loss = values[: stopped + 1] if direction == "min" else -values[: stopped + 1]
    return Halt(stopped, int(np.argmin(np.where(np.isnan(loss), np.inf, loss))))
