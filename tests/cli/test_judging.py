from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tb_lossgap.analysis import Parameters
from tb_lossgap.cli import judging
from tb_lossgap.events import LogReader
from tb_lossgap.library import Library
from tests.cli.console import DEMO_RUNS

if TYPE_CHECKING:
    from tb_lossgap.snapshot import Snapshot


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return Library(LogReader({"": str(DEMO_RUNS)}), "logs", measured=False).refresh()


@pytest.fixture
def forking(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Three processes for ten trainings, on any machine."""
    monkeypatch.setattr(judging, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(judging, "_SHARE", 2)
    monkeypatch.setattr(judging, "_processors", lambda: 3)
    monkeypatch.setattr(judging, "_can_fork", lambda: hasattr(os, "fork"))
    return monkeypatch


@pytest.mark.usefixtures("forking")
def test_several_processes_judge_as_one_does(snapshot: Snapshot) -> None:
    for metric in ("", "accuracy"):
        rows = judging.all_rows(snapshot, Parameters(patience=3), metric=metric)
        assert list(rows.items()) == list(snapshot.rows(Parameters(patience=3), metric=metric).items())


def test_a_process_that_is_killed_costs_no_training(snapshot: Snapshot, forking: pytest.MonkeyPatch) -> None:
    forking.setattr(judging, "_begin", lambda _shares: os._exit(9))
    assert judging.all_rows(snapshot, Parameters(), metric="") == snapshot.rows(Parameters())
