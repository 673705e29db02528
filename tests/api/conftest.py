"""What the tests of the Python API share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import tb_lossgap
from tb_lossgap.events.local import LocalStorage

DEMO_RUNS = Path(tb_lossgap.__file__).parent / "demo_runs"


@pytest.fixture
def demo_runs() -> Path:
    return DEMO_RUNS


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The event files that were opened."""
    paths: list[str] = []
    open_file = LocalStorage.open

    def counting(self: LocalStorage, path: str) -> Any:
        paths.append(path)
        return open_file(self, path)

    monkeypatch.setattr(LocalStorage, "open", counting)
    return paths
