"""Counts which event files are opened."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from tb_lossgap.events.local import LocalStorage

if TYPE_CHECKING:
    import pytest


def count_opens(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that every event file of this machine is added to whenever this process opens it."""
    paths: list[str] = []
    open_file = LocalStorage.open

    def counting(self: LocalStorage, path: str) -> Any:
        paths.append(path)
        return open_file(self, path)

    monkeypatch.setattr(LocalStorage, "open", counting)
    return paths
