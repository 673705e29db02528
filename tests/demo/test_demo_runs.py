from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tb_lossgap.cli import main

DEMO_RUNS = Path(__file__).parents[2] / "tb_lossgap" / "demo_runs"

# What demo/train.py says that each training shows.
INTENDED = {
    ("cnn-wide", 1): ("overfit", "strong"),
    ("cnn-baseline", 1): ("overfit", "strong"),
    ("cnn-baseline", 2): ("overfit", "mild"),
    ("cnn-dropout-0.3", 1): ("good-fit", None),
    ("cnn-dropout-0.6", 1): ("val-below-train", None),
    ("cnn-lr-ramp", 1): ("diverged", None),
    ("cnn-smoke-test", 1): ("too-short", None),
    ("mlp-jumpy", 1): ("noisy", None),
    ("mlp-memorising", 1): ("plateau", None),
    ("mlp-stopped-early", 1): ("still-improving", None),
    ("mlp-tiny", 1): ("underfit", None),
}


@pytest.fixture
def trainings(capsys: pytest.CaptureFixture[str]) -> dict[tuple[str, int], dict[str, Any]]:
    assert main(["report", str(DEMO_RUNS), "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["warnings"] == []
    return {(training["name"], training["attempt"]): training for training in report["trainings"]}


def test_every_recorded_training_gets_the_verdict_that_it_was_made_for(
    trainings: dict[tuple[str, int], dict[str, Any]],
) -> None:
    found = {key: (training["verdict"], training["severity"]) for key, training in trainings.items()}
    assert found == INTENDED


def test_the_regularised_training_is_the_best(trainings: dict[tuple[str, int], dict[str, Any]]) -> None:
    assert min(trainings.values(), key=lambda training: training["best"]["value"])["name"] == "cnn-dropout-0.3"


def test_the_recordings_are_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in DEMO_RUNS.rglob("*") if path.is_file()) < 500_000


def test_file_names_tell_no_host_and_no_process() -> None:
    names = [path.name for path in DEMO_RUNS.rglob("*") if path.is_file()]
    assert names
    assert [name for name in names if not re.fullmatch(r"events\.out\.tfevents\.\d+\.demo\.v2", name)] == []
