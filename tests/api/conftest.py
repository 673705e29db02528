"""What the tests of the Python API share."""

from __future__ import annotations

from pathlib import Path

import pytest

import tb_lossgap
from tests.reads import count_opens

DEMO_RUNS = Path(tb_lossgap.__file__).parent / "demo_runs"


@pytest.fixture
def demo_runs() -> Path:
    return DEMO_RUNS


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The event files that were opened."""
    return count_opens(monkeypatch)
