from __future__ import annotations

import json
import os
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tb_lossgap.analysis import Parameters
from tb_lossgap.events import LogdirError
from tb_lossgap.events import LogReader
from tb_lossgap.events.local import LocalStorage
from tb_lossgap.fleet import Crew
from tb_lossgap.fleet import FleetError
from tb_lossgap.fleet import Job
from tb_lossgap.fleet import Summary
from tb_lossgap.fleet import fleet
from tb_lossgap.fleet import judge
from tb_lossgap.fleet import judge_fleet
from tb_lossgap.fleet import latest_with
from tb_lossgap.fleet import processes
from tb_lossgap.fleet import work
from tb_lossgap.fleet.records import COLUMNS
from tb_lossgap.fleet.records import record_of
from tb_lossgap.library import Library
from tb_lossgap.pairing import parse_rule
from tests.events.records import scalars
from tests.events.records import version
from tests.events.records import write
from tests.fleet.logs import FILE
from tests.fleet.logs import write_trainings
from tests.fleet.tables import by_training
from tests.fleet.tables import rows
from tests.reads import count_opens

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture
def crew() -> Iterator[Crew]:
    """Threads of this process: what goes wrong shows where it goes wrong."""
    one = Crew(lambda: ThreadPoolExecutor(2), 2)
    yield one
    one.close()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The event files that were opened."""
    return count_opens(monkeypatch)


def report(logdir: Path, **parameters: Any) -> list[dict[str, Any]]:
    """The same logdir, judged whole."""
    snapshot = Library(LogReader({"": str(logdir)}), str(logdir)).refresh()
    return [record_of(row) for row in snapshot.rows(Parameters(**parameters)).values()]


def judged(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record.get(name) for name in COLUMNS}


def test_a_fleet_says_of_every_framework_what_the_report_says(tmp_path: Path, crew: Crew) -> None:
    logs = tmp_path / "logs"
    shutil.copytree(FIXTURES, logs, ignore=shutil.ignore_patterns("*.json", "*.toml", "record"))
    summary = judge_fleet(Job(str(logs), Parameters(patience=3)), str(tmp_path / "table"), crew)
    found = [judged(row) for row in rows(tmp_path / "table") if row["verdict"] != "unjudged"]
    expected = [judged(row) for row in report(logs, patience=3)]
    assert found == sorted(expected, key=lambda row: (row["training"], row["attempt"]))
    assert summary.verdicts.total() == len(rows(tmp_path / "table"))


def test_a_row_names_its_files_as_they_were(tmp_path: Path, crew: Crew) -> None:
    logs = write_trainings(tmp_path / "logs", 2)
    write(logs / "sweep/cnn-00000" / FILE, version())
    judge_fleet(Job(str(logs)), str(tmp_path / "table"), crew)
    row = by_training(tmp_path / "table")["sweep/cnn-00000"]
    paths = [f"sweep/cnn-00000/{FILE}", f"sweep/cnn-00000/train/{FILE}", f"sweep/cnn-00000/validation/{FILE}"]
    assert [file["path"] for file in row["files"]] == paths
    assert [file["size"] for file in row["files"]] == [(logs / path).stat().st_size for path in paths]


def test_what_is_in_no_pair_has_a_row_that_says_why(tmp_path: Path, crew: Crew) -> None:
    write(tmp_path / "logs/alone" / FILE, version(), scalars("train_loss", range(9)))
    write(tmp_path / "logs/empty" / FILE, version())
    judge_fleet(Job(str(tmp_path / "logs")), str(tmp_path / "table"), crew)
    found = by_training(tmp_path / "table")
    assert found["alone"]["verdict"] == found["empty"]["verdict"] == "unjudged"
    assert "no pair: " in found["alone"]["reason"]
    assert "no scalars" in found["empty"]["reason"]


def test_hyperparameters_are_json(tmp_path: Path, crew: Crew) -> None:
    shutil.copytree(FIXTURES / "torch/logs", tmp_path / "logs")
    judge_fleet(Job(str(tmp_path / "logs")), str(tmp_path / "table"), crew)
    assert any(json.loads(row["hparams"]) for row in rows(tmp_path / "table") if row["hparams"])


def test_resuming_reads_no_file_that_did_not_change(tmp_path: Path, crew: Crew, opened: list[str]) -> None:
    logs, table = write_trainings(tmp_path / "logs", 150), tmp_path / "table"
    judge_fleet(Job(str(logs)), str(table), crew)
    before = rows(table)
    assert len(opened) == 300
    opened.clear()
    summary = judge_fleet(Job(str(logs)), str(table), crew, resume=True)
    assert opened == []
    assert (summary.shards, summary.unchanged) == (150, 150)
    assert rows(table) == before


def test_resuming_judges_what_changed_came_or_went(tmp_path: Path, crew: Crew, opened: list[str]) -> None:
    logs, table = write_trainings(tmp_path / "logs", 10), tmp_path / "table"
    judge_fleet(Job(str(logs)), str(table), crew)
    opened.clear()
    with (logs / f"sweep/cnn-00003/validation/{FILE}").open("ab") as grown:
        grown.write(scalars("epoch_loss", [9.0], first_step=24))
    shutil.rmtree(logs / "sweep/cnn-00004")
    write(logs / "sweep/cnn-00005" / FILE, version())
    shutil.copytree(logs / "sweep/cnn-00000", logs / "sweep/new")
    judge_fleet(Job(str(logs)), str(table), crew, resume=True)
    found = by_training(table)
    assert {path.split("/")[-3] for path in opened} == {"cnn-00003", "cnn-00005", "new", "sweep"}
    assert found["sweep/cnn-00003"]["val_points"] == 25
    assert "sweep/cnn-00004" not in found
    assert len(found["sweep/cnn-00005"]["files"]) == 3
    assert found["sweep/new"]["best"] == found["sweep/cnn-00000"]["best"]
    assert len(rows(table)) == 10


def test_resuming_goes_on_where_a_job_was_cut_off(
    tmp_path: Path, crew: Crew, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs, table = write_trainings(tmp_path / "logs", 40), tmp_path / "table"
    monkeypatch.setattr(fleet, "_SHARDS_A_TASK", 4)

    def stop(step: str, done: int, _: int | None) -> None:
        if step == "judging" and done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge_fleet(Job(str(logs)), str(table), crew, on_progress=stop)
    opened.clear()
    summary = judge_fleet(Job(str(logs)), str(table), crew, resume=True)
    assert 10 <= summary.unchanged <= 24
    assert len(opened) == 2 * (40 - summary.unchanged)
    assert [row["training"] for row in rows(table)] == [f"sweep/cnn-{number:05d}" for number in range(40)]


def test_other_settings_judge_all_anew(tmp_path: Path, crew: Crew) -> None:
    logs, table = write_trainings(tmp_path / "logs", 3), tmp_path / "table"
    judge_fleet(Job(str(logs)), str(table), crew)
    summary = judge_fleet(Job(str(logs), Parameters(patience=2)), str(table), crew, resume=True)
    assert "other settings" in summary.anew
    assert summary.unchanged == 0
    assert {row["patience"] for row in rows(table)} <= {2, None}


def test_a_table_is_not_written_over(tmp_path: Path, crew: Crew) -> None:
    logs = write_trainings(tmp_path / "logs", 1)
    judge_fleet(Job(str(logs)), str(tmp_path / "table"), crew)
    with pytest.raises(FleetError, match="holds a table already"):
        judge_fleet(Job(str(logs)), str(tmp_path / "table"), crew)


def test_what_tags_tie_together_is_judged_together(tmp_path: Path, crew: Crew) -> None:
    logs, table = tmp_path / "logs", tmp_path / "table"
    for split in ("train", "val"):
        write(logs / f"exp/cnn_{split}" / FILE, version(), scalars("cnn", range(9)))
    write(logs / "exp" / FILE, version(), scalars("loss/train", range(9)), scalars("loss/val", range(9)))
    judge_fleet(Job(str(logs)), str(table), crew)
    assert [judged(row) for row in rows(table)] == [judged(row) for row in report(logs)]
    summary = judge_fleet(Job(str(logs)), str(table), crew, resume=True)
    assert (summary.shards, summary.unchanged) == (1, 1)


def test_rules_of_ones_own_pair_across_folders(tmp_path: Path, crew: Crew) -> None:
    for name in ("a", "b"):
        write(tmp_path / f"logs/fit/{name}" / FILE, version(), scalars("cost", range(9)))
        write(tmp_path / f"logs/check/{name}" / FILE, version(), scalars("cost", range(9)))
    rule = parse_rule("train=fit/(?P<x>.+)/cost,val=check/(?P<x>.+)/cost")
    judge_fleet(Job(str(tmp_path / "logs"), rules=(rule,)), str(tmp_path / "table"), crew)
    assert [(row["train_run"], row["val_run"]) for row in rows(tmp_path / "table")] == [
        ("fit/a", "check/a"),
        ("fit/b", "check/b"),
    ]


def test_a_metric_is_judged_where_it_is(tmp_path: Path, crew: Crew) -> None:
    logs = write_trainings(tmp_path / "logs", 1)
    tags = [scalars("train_acc", range(9)), scalars("val_acc", range(9)), scalars("val_loss", range(9))]
    write(logs / "other" / FILE, version(), scalars("train_loss", range(9)), *tags)
    judge_fleet(Job(str(logs), metric="acc"), str(tmp_path / "table"), crew)
    found = by_training(tmp_path / "table")
    assert found["other"]["direction"] == "max"
    assert found["sweep/cnn-00000"]["reason"] == "no pair of acc"


def test_a_damaged_file_is_judged_as_far_as_it_goes(tmp_path: Path, crew: Crew, opened: list[str]) -> None:
    logs, table = write_trainings(tmp_path / "logs", 2), tmp_path / "table"
    with (logs / f"sweep/cnn-00001/train/{FILE}").open("ab") as file:
        file.write(b"\0" * 64)
    summary = judge_fleet(Job(str(logs)), str(table), crew)
    found = by_training(table)
    assert summary.errors == 1
    assert found["sweep/cnn-00001"]["verdict"] != "unjudged"
    assert "sweep/cnn-00001/train" in found["sweep/cnn-00001"]["error"]
    assert found["sweep/cnn-00000"]["error"] is None
    opened.clear()
    judge_fleet(Job(str(logs)), str(table), crew, resume=True)
    assert opened == []


def test_a_file_that_cannot_be_read_costs_its_training_and_is_tried_again(
    tmp_path: Path, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs, table = write_trainings(tmp_path / "logs", 3), tmp_path / "table"
    open_file = LocalStorage.open

    def broken(self: LocalStorage, path: str) -> Any:
        if "cnn-00001/train" in path:
            raise OSError(5, "Input/output error")
        return open_file(self, path)

    with monkeypatch.context() as patch:
        patch.setattr(LocalStorage, "open", broken)
        judge_fleet(Job(str(logs)), str(table), crew)
    row = next(row for row in rows(table) if row["error"])
    assert "Input/output error" in row["error"]
    assert row["training"].startswith("sweep/cnn-00001")
    judge_fleet(Job(str(logs)), str(table), crew, resume=True)
    assert [row["error"] for row in rows(table)] == [None, None, None]


def test_a_training_that_makes_the_judge_stumble_costs_its_own_row(
    tmp_path: Path, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = write_trainings(tmp_path / "logs", 3)
    original = work._judged

    def stumbling(job: Job, shard: work.Shard, *more: Any) -> work.Outcome:
        if "cnn-00001" in shard[0].name:
            raise ZeroDivisionError("by zero")
        return original(job, shard, *more)

    monkeypatch.setattr(work, "_judged", stumbling)
    summary = judge_fleet(Job(str(logs)), str(tmp_path / "table"), crew)
    assert summary.errors == 1
    assert [row["error"] for row in rows(tmp_path / "table")] == [None, "ZeroDivisionError: by zero", None]


def deadly(original: Callable[..., Any], job: Job, batch: list[work.Shard]) -> Any:
    if any("cnn-00007" in shard[0].name for shard in batch):
        os.kill(os.getpid(), signal.SIGKILL)
    return original(job, batch)


def test_a_training_that_kills_its_worker_costs_its_own_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from functools import partial

    logs = write_trainings(tmp_path / "logs", 12)
    monkeypatch.setattr(fleet, "_SHARDS_A_TASK", 4)
    monkeypatch.setattr(judge, "judge_shards", partial(deadly, work.judge_shards))
    with processes(2) as crew:
        summary: Summary = judge_fleet(Job(str(logs)), str(tmp_path / "table"), crew)
    found = rows(tmp_path / "table")
    assert summary.errors == 1
    assert [row["training"] for row in found if row["error"]] == ["sweep/cnn-00007/train"]
    assert "BrokenProcessPool" in found[7]["error"]
    assert len(found) == 12


def test_a_logdir_that_is_not_there_is_told(tmp_path: Path, crew: Crew) -> None:
    with pytest.raises(LogdirError, match="no such folder"):
        judge_fleet(Job(str(tmp_path / "nothing")), str(tmp_path / "table"), crew)


def test_a_table_that_cannot_be_written_is_told(tmp_path: Path, crew: Crew) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FleetError, match="cannot be written to"):
        judge_fleet(Job(str(tmp_path)), str(tmp_path / "file/table"), crew)


def test_the_trainings_of_a_verdict_can_be_named(tmp_path: Path, crew: Crew) -> None:
    logs = write_trainings(tmp_path / "logs", 6)
    judge_fleet(Job(str(logs)), str(tmp_path / "table"), crew)
    named = list(latest_with(str(tmp_path / "table"), ["overfit", "diverged"]))
    assert [(name, verdict) for name, verdict, _ in named] == [
        ("sweep/cnn-00001", "overfit"),
        ("sweep/cnn-00004", "diverged"),
    ]
