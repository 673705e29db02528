"""The stopping rules, checked against the callbacks that they replay."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING
from typing import Any

import keras
import numpy as np
import pytest
import torch
import transformers
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from keras.src.callbacks import monitor_callback
from lightning.pytorch.callbacks import EarlyStopping as LightningEarlyStopping

from tb_lossgap.analysis import Parameters
from tb_lossgap.analysis import stops

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tb_lossgap.model import Direction

NUMBERS = st.sampled_from([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1.0, 1e308, 5e-324, 0.0, -0.0, -0.3]) | st.floats(-2, 2)
HISTORIES = st.lists(NUMBERS | st.sampled_from([np.nan, np.inf, -np.inf]), min_size=1, max_size=40)
PATIENCES = st.integers(0, 12)
DELTAS = st.sampled_from([0.0, 0.0, 0.1, 0.25, 1e-3, 2.0])
MODES: st.SearchStrategy[Direction] = st.sampled_from(["min", "max"])
LIMITS = st.none() | st.sampled_from([-0.3, 0.0, 0.2, 0.5, 1.5])

MANY = settings(max_examples=2000, deadline=None)


def run_keras(history: Sequence[float], mode: str, **options: Any) -> stops.Halt | None:
    """Return where the real callback stops and which epoch's weights it puts back."""
    callback = keras.callbacks.EarlyStopping("val_loss", mode=mode, restore_best_weights=True, **options)
    restored: list[int] = []
    epoch = 0
    model = SimpleNamespace(stop_training=False, get_weights=lambda: epoch, set_weights=restored.append)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(history):
        callback.on_epoch_end(epoch, {"val_loss": value})
        if model.stop_training:
            callback.on_train_end()
            return stops.Halt(epoch, restored[0])
    return None


@pytest.fixture
def keras_in_float64(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the callback compare by NumPy: its backends would round Python floats to float32 first."""
    monkeypatch.setattr(monitor_callback, "ops", np)


@pytest.mark.usefixtures("keras_in_float64")
@MANY
@given(HISTORIES, PATIENCES, DELTAS, LIMITS, st.sampled_from([0, 0, 1, 3, 50]), MODES)
def test_keras_stops_where_the_real_callback_stops(
    history: list[float], patience: int, min_delta: float, baseline: float | None, start: int, mode: Direction
) -> None:
    options: dict[str, Any] = {
        "patience": patience,
        "min_delta": min_delta,
        "baseline": baseline,
        "start_from_epoch": start,
    }
    expected = run_keras(history, mode, **options)
    assert stops.keras(np.array(history), direction=mode, **options) == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-4, 4, width=32, allow_subnormal=False), min_size=1, max_size=12), PATIENCES, MODES)
def test_keras_agrees_with_the_backend_of_keras_on_the_float32_values_it_logs(
    history: list[float], patience: int, mode: Direction
) -> None:
    expected = run_keras(history, mode, patience=patience)
    assert stops.keras(np.array(history), patience=patience, direction=mode) == expected


@MANY
@given(HISTORIES, PATIENCES, DELTAS, st.booleans(), LIMITS, LIMITS, MODES)
def test_lightning_stops_where_the_real_callback_stops(
    history: list[float],
    patience: int,
    min_delta: float,
    check_finite: bool,  # noqa: FBT001
    stopping_threshold: float | None,
    divergence_threshold: float | None,
    mode: Direction,
) -> None:
    options: dict[str, Any] = {
        "patience": patience,
        "min_delta": min_delta,
        "check_finite": check_finite,
        "stopping_threshold": stopping_threshold,
        "divergence_threshold": divergence_threshold,
    }
    callback = LightningEarlyStopping("val_loss", mode=mode, **options)
    best: int | None = None
    expected = None
    for index, value in enumerate(history):
        stopped, _ = callback._evaluate_stopping_criteria(torch.tensor(value, dtype=torch.float64))
        best = index if callback.wait_count == 0 and not stopped else best
        if stopped:
            expected = stops.Halt(index, index if best is None else best)
            break
    assert stops.lightning(np.array(history), direction=mode, **options) == expected


@MANY
@given(HISTORIES, PATIENCES, DELTAS, MODES)
def test_huggingface_stops_where_the_real_callback_stops(
    history: list[float], patience: int, threshold: float, mode: Direction
) -> None:
    callback: Any = transformers.EarlyStoppingCallback(patience, threshold)
    args: Any = SimpleNamespace(greater_is_better=mode == "max", metric_for_best_model="loss", save_strategy="steps")
    state, control = transformers.TrainerState(), transformers.TrainerControl()
    trainer: Any = SimpleNamespace(args=args, state=state)
    expected = None
    for index, value in enumerate(history):
        state.global_step = index
        metrics = {"eval_loss": value}
        callback.on_evaluate(args, state, control, metrics)
        transformers.Trainer._determine_best_metric(trainer, metrics, None)
        if control.should_training_stop:
            expected = stops.Halt(index, index if state.best_global_step is None else state.best_global_step)
            break
    assert stops.huggingface(np.array(history), patience=patience, threshold=threshold, direction=mode) == expected


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        (Parameters(), "p=10"),
        (Parameters(min_delta=0.1, baseline=0.3, start_from_epoch=5), "p=10, Δ=0.1, baseline 0.3, from 5"),
        (
            Parameters(
                criterion="lightning", check_finite=False, stopping_threshold=0.2, divergence_threshold=3, baseline=1
            ),
            "Lightning, p=10, stop at 0.2, diverged at 3, NaN goes on",
        ),
        (Parameters(criterion="huggingface", patience=3), "HF, p=3"),
    ],
)
def test_a_rule_says_what_it_was_set_to_and_nothing_else(parameters: Parameters, said: str) -> None:
    assert parameters.stop_rule == said


def test_generalization_loss_stops_at_the_first_rise_beyond_alpha() -> None:
    values = np.array([1.0, 0.8, 0.82, 0.79, 0.85, 0.7])
    assert stops.gl(values, alpha=5) == stops.Halt(4, 3)
    assert stops.gl(values, alpha=10) is None


def test_up_stops_after_enough_strips_that_end_worse_than_the_one_before() -> None:
    ends = [1.0, 0.9, 0.95, 0.96, 0.97]
    values = np.repeat(ends, 5)
    assert stops.up(values, strips=2) == stops.Halt(19, 5)
    assert stops.up(values, strips=4) is None


def test_pq_stops_when_validation_loses_more_than_training_gains() -> None:
    train = np.concatenate([np.linspace(2, 1, 5), np.linspace(1, 0.999, 5)])
    values = np.concatenate([np.linspace(2, 1, 5), np.linspace(1, 1.1, 5)])
    assert stops.pq(values, train, alpha=2) == stops.Halt(9, 4)
    assert stops.pq(values, np.linspace(2, 0.1, 10), alpha=2) is None


def test_prechelts_rules_read_metrics_where_higher_is_better() -> None:
    values = np.array([0.5, 0.8, 0.7])
    assert stops.gl(values, alpha=5, direction="max") == stops.Halt(2, 1)
