from __future__ import annotations

import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.console import unmeasured
from tests.events.records import FILE
from tests.events.records import scalars
from tests.events.records import version
from tests.events.records import write

if TYPE_CHECKING:
    from pathlib import Path

ROOM = 10_000
COMMANDS = [
    ("export", "--format", "csv"),
    ("export", "--format", "jsonl"),
    ("export", "--format", "parquet"),
    ("report", "--format", "html"),
    ("plot",),
]


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    # Values without a pattern, so that no format packs them into little.
    curves = [scalars(tag, [((7 + turn) ** number) % 1.1 for number in range(300)]) for turn, tag in enumerate(TAGS)]
    for name in range(8):
        write(folder / str(name) / FILE, version(), *curves)
    return folder


TAGS = ("loss", "val_loss")


def allow_little() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_disk_that_fills_up_is_said_and_leaves_no_half_file(
    command: tuple[str, ...], logdir: Path, tmp_path: Path
) -> None:
    name, *options = command
    target = tmp_path / f"out.{'png' if name == 'plot' else 'txt'}"
    place = [str(target)] if name == "plot" else ["--output", str(target)]
    run = subprocess.run(
        [sys.executable, "-m", "tb_lossgap.cli", name, str(logdir), *options, *place],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=allow_little,
        env=unmeasured(),
    )
    assert run.returncode == 2, run.stderr
    assert "Traceback" not in run.stderr
    assert "File too large" in run.stderr
    assert list(tmp_path.iterdir()) == []
