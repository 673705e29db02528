from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from tb_lossgap import fleet
from tb_lossgap.fleet import Crew
from tb_lossgap.fleet import work
from tests.cli.console import DEMO_RUNS
from tests.cli.console import command
from tests.cli.console import told
from tests.fleet.logs import FILE
from tests.fleet.logs import write_trainings
from tests.fleet.tables import rows

if TYPE_CHECKING:
    from pathlib import Path


def test_a_fleet_is_judged_brought_up_to_date_and_failed_on(tmp_path: Path) -> None:
    logs, table = str(write_trainings(tmp_path / "logs", 6)), str(tmp_path / "table")
    first = command("report", logs, "--workers", "1", "--output", table, "--patience", "3")
    assert first.returncode == 0, first.stderr
    assert "6 rows of 12 event files" in first.stdout
    assert {row["patience"] for row in rows(table)} == {3, None}
    again = command("report", logs, "--resume", "--output", table, "--patience", "3", "--fail-on", "overfit,diverged")
    assert again.returncode == 1
    assert "6 of 6 groups of runs were left alone" in again.stdout
    assert "2 failed:\n  sweep/cnn-00001: overfit: validation rose" in again.stderr


def test_without_a_folder_workers_make_the_report_that_one_process_makes() -> None:
    alone = command("report", DEMO_RUNS, "--format", "json", "--fail-on", "overfit")
    by_workers = command("report", DEMO_RUNS, "--format", "json", "--fail-on", "overfit", "--workers", "2")
    assert by_workers.stdout == alone.stdout
    assert by_workers.stderr == alone.stderr
    assert by_workers.returncode == alone.returncode == 1


@pytest.fixture
def _threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads in place of processes, which take seconds to start."""
    monkeypatch.setattr(fleet, "processes", lambda workers: nullcontext(Crew(lambda: ThreadPoolExecutor(2), workers)))


@pytest.mark.usefixtures("_threads")
@pytest.mark.parametrize(
    "more",
    [
        ["--format", "jsonl", "--sort=-final_gap", "--patience", "3"],
        ["--format", "csv", "--baseline", "cnn-baseline"],
        ["--format", "markdown", "--filter", "^cnn", "--top", "3"],
        ["--format", "latex", "--metric", "accuracy"],
        ["--group-by", "^[a-z]+"],
    ],
)
def test_every_option_of_a_report_goes_with_workers(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    alone = told(capsys, "report", DEMO_RUNS, *more)
    assert alone[1]
    assert told(capsys, "report", DEMO_RUNS, *more, "--workers", "2") == alone


@pytest.mark.usefixtures("_threads")
def test_the_table_of_workers_has_no_curves(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    _, out, _ = told(capsys, "report", DEMO_RUNS, "--workers", "2")
    headings = out.splitlines()[0]
    assert "verdict" in headings
    assert "why" in headings
    assert "curve" not in headings


@pytest.mark.usefixtures("_threads")
def test_a_file_takes_the_report_of_workers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "report.csv"
    assert told(capsys, "report", DEMO_RUNS, "--workers", "2", "--format", "csv", "--output", file)[1] == ""
    assert file.read_text() == told(capsys, "report", DEMO_RUNS, "--format", "csv")[1]


@pytest.mark.usefixtures("_threads")
def test_workers_tell_what_is_damaged_as_one_process_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs = write_trainings(tmp_path, 3)
    for number in (2, 1):
        with (logs / f"sweep/cnn-{number:05d}/train/{FILE}").open("ab") as file:
            file.write(b"\0" * 64)
    alone = told(capsys, "report", logs, "--format", "json")
    assert len(json.loads(alone[1])["warnings"]) == 2
    assert told(capsys, "report", logs, "--format", "json", "--workers", "2") == alone


@pytest.mark.usefixtures("_threads")
def test_a_shard_that_cannot_be_judged_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbling(runs: list[str], *_: object) -> frozenset[str]:
        if "cnn-00001" in runs[0]:
            raise ZeroDivisionError("by zero")
        return frozenset()

    monkeypatch.setattr(work, "surprises", stumbling)
    _, out, err = told(capsys, "report", write_trainings(tmp_path, 3), "--format", "json", "--workers", "2")
    assert [one["name"] for one in json.loads(out)["trainings"]] == ["sweep/cnn-00000", "sweep/cnn-00002"]
    assert "tb-lossgap: sweep/cnn-00001/train: ZeroDivisionError: by zero" in err


@pytest.mark.usefixtures("_threads")
def test_a_folder_without_trainings_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    status, out, err = told(capsys, "report", logs, "--workers", "2", "--format", "json")
    assert (status, json.loads(out)["trainings"]) == (0, [])
    assert "no trainings below" in err
    status, out, _ = told(capsys, "report", logs, "--workers", "2", "--output", tmp_path / "table")
    assert (status, out) == (0, f"{tmp_path / 'table'}: 0 rows of 0 event files\n")


@pytest.mark.usefixtures("_threads")
def test_a_metric_that_no_training_has_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = told(capsys, "report", DEMO_RUNS, "--metric", "bleu", "--workers", "2")
    assert status == 2
    assert "no training has a pair of 'bleu'" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--workers", "2", "--format", "parquet"], "name it with --output"),
        (["--workers", "2", "--format", "html"], "stay on the workers; leave --workers and --dask out"),
        (["--workers", "2", "--dask", "tcp://127.0.0.1:1"], "two ways to the same"),
        (["--resume"], "name it with --output"),
        (["--resume", "--output", "t", "--format", "json"], "--format json does not go with --resume"),
        (["--workers", "2", "--dask", "tcp://127.0.0.1:1", "--output", "t"], "two ways to the same"),
        (["--workers", "2", "--output", "t", "--top", "3"], "--top does not go with Parquet files by workers"),
        (["--workers", "2", "--output", "t", "--group-by", "x"], "--group-by does not go with Parquet"),
        (["--workers", "2", "--output", "t", "--pair", "nonsense"], "pairing rule 'nonsense'"),
        (["--workers", "x", "--output", "t"], "must be a whole number"),
    ],
)
def test_what_does_not_go_together_is_told(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = told(capsys, "report", tmp_path, *arguments)
    assert status == 2
    assert message in err


def test_a_logdir_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = command("report", str(tmp_path / "nothing"), "--workers", "1", "--output", str(tmp_path / "table"))
    assert done.returncode == 2
    assert "no such folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_rules_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    logs = write_trainings(tmp_path / "logs", 1)
    (logs / "lossgap.toml").write_text("[[pair]]\ntrain = 'a'\n")
    done = command("report", str(logs), "--workers", "1", "--output", str(tmp_path / "table"))
    assert done.returncode == 2
    assert "lossgap.toml" in done.stderr
