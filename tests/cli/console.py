"""Runs the installed console script, as people do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from tb_lossgap.cli import main

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

DEMO_RUNS = Path(__file__).parents[2] / "tb_lossgap" / "demo_runs"
SCRIPT = Path(sys.executable).parent / "tb-lossgap"
SECONDS = 120


def command(
    *arguments: str | os.PathLike[str], env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end, without a terminal."""
    return subprocess.run(
        [SCRIPT, *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=SECONDS,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
    )


def told(capsys: pytest.CaptureFixture[str], *arguments: str | os.PathLike[str]) -> tuple[int, str, str]:
    """Runs the command in this process, where many are to be run: its status, standard output and standard error."""
    try:
        status = main([os.fspath(argument) for argument in arguments])
    except SystemExit as ended:  # argparse's way out
        status = int(ended.code or 0)
    out, err = capsys.readouterr()
    return status, out, err


def strict_json(text: str) -> Any:
    """Reads JSON that may have no NaN and no Infinity."""

    def refuse(literal: str) -> Any:
        message = f"{literal} is not JSON"
        raise AssertionError(message)

    return json.loads(text, parse_constant=refuse)


def without(module: str, folder: Path) -> dict[str, str]:
    """An environment in which a module cannot be imported."""
    (folder / f"{module}.py").write_text("raise ImportError('it is not installed')\n")
    return {"PYTHONPATH": str(folder)}


def unmeasured() -> dict[str, str]:
    """The environment of a process on a full disk, where coverage could not write what it measured."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
