from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tb_lossgap.cli import main
from tests.fleet.logs import write_trainings
from tests.fleet.tables import rows

if TYPE_CHECKING:
    from pathlib import Path


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["tb-lossgap", "report", *arguments], capture_output=True, text=True, check=False)


def test_a_fleet_is_judged_brought_up_to_date_and_failed_on(tmp_path: Path) -> None:
    logs, table = str(write_trainings(tmp_path / "logs", 6)), str(tmp_path / "table")
    first = command(logs, "--workers", "1", "--output", table, "--patience", "3")
    assert first.returncode == 0, first.stderr
    assert "6 rows of 12 event files" in first.stdout
    assert {row["patience"] for row in rows(table)} == {3, None}
    again = command(logs, "--resume", "--output", table, "--patience", "3", "--fail-on", "overfit,diverged")
    assert again.returncode == 1
    assert "6 of 6 groups of runs were left alone" in again.stdout
    assert "2 failed:\n  sweep/cnn-00001: overfit: validation rose" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--workers", "2"], "name a folder with --output"),
        (["--resume"], "name a folder with --output"),
        (["--workers", "2", "--dask", "tcp://127.0.0.1:1", "--output", "t"], "two ways to the same"),
        (["--workers", "2", "--output", "t", "--format", "json"], "--format json goes with neither"),
        (["--workers", "2", "--output", "t", "--top", "3"], "--top goes with neither"),
        (["--workers", "2", "--output", "t", "--group-by", "x"], "--group-by goes with neither"),
        (["--workers", "2", "--output", "t", "--pair", "nonsense"], "pairing rule 'nonsense'"),
        (["--workers", "x", "--output", "t"], "must be a whole number"),
    ],
)
def test_what_does_not_go_together_is_told(
    arguments: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(["report", str(tmp_path), *arguments])
    except SystemExit as error:
        status = int(str(error.code))
    assert status == 2
    assert told in capsys.readouterr().err


def test_a_logdir_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = command(str(tmp_path / "nothing"), "--workers", "1", "--output", str(tmp_path / "table"))
    assert done.returncode == 2
    assert "no such folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_rules_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    logs = write_trainings(tmp_path / "logs", 1)
    (logs / "lossgap.toml").write_text("[[pair]]\ntrain = 'a'\n")
    done = command(str(logs), "--workers", "1", "--output", str(tmp_path / "table"))
    assert done.returncode == 2
    assert "lossgap.toml" in done.stderr
