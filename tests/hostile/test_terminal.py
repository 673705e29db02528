from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest

from tb_lossgap.cli import main
from tests.events.records import FILE
from tests.events.records import scalars
from tests.events.records import version
from tests.events.records import write

if TYPE_CHECKING:
    from pathlib import Path

NAME = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\x08\u202egood\u2066"


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    losses = [scalars(tag, [3.0, 2.0, 1.0, 1.0, 1.0, 1.0]) for tag in ("loss", "val_loss", f"{NAME} loss")]
    write(folder / NAME / FILE, version(), *losses)
    write(folder / NAME / f"{FILE}.{NAME}", b"no record at all, and long enough to see that")
    return folder


@pytest.mark.parametrize("command", ["report", "pairs"])
def test_names_cannot_steer_a_terminal(
    command: str, logdir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # So wide that no name is broken.
    monkeypatch.setenv("COLUMNS", "300")
    assert main([command, str(logdir)]) == 0
    shown = capsys.readouterr()
    for text in (shown.out, shown.err):
        assert "good" in text
        assert not [mark for mark in text if unicodedata.category(mark) in ("Cc", "Cf") and mark != "\n"]
