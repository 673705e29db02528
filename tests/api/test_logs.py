from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from typing import Any
from typing import get_args

import fsspec
import numpy as np
import pytest

import tb_lossgap
from tb_lossgap.analysis import Parameters
from tb_lossgap.api import inventory
from tb_lossgap.events import LogReader
from tb_lossgap.library import Library
from tb_lossgap.model import Verdict
from tb_lossgap.pairing import RuleError
from tests.events.records import append
from tests.events.records import scalars
from tests.events.records import version
from tests.events.records import write
from tests.fleet.logs import FILE
from tests.fleet.logs import write_trainings
from tests.fleet.tables import rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_importing_costs_next_to_nothing() -> None:
    loaded = "import sys, tb_lossgap; print({'numpy', 'tensorboard', 'fsspec', 'rich'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", loaded], text=True) == "set()\n"


def test_the_package_names_what_it_has() -> None:
    assert set(tb_lossgap.__all__) <= set(dir(tb_lossgap))
    assert all(getattr(tb_lossgap, name).__doc__ for name in tb_lossgap.__all__)
    with pytest.raises(AttributeError, match="no attribute 'close'"):
        _ = tb_lossgap.close  # type: ignore[attr-defined]


def test_every_figure_is_that_of_the_report(demo_runs: Path) -> None:
    snapshot = Library(LogReader({"": str(demo_runs)}), str(demo_runs)).refresh()
    expected = snapshot.rows(Parameters(patience=4))
    found = tb_lossgap.open(demo_runs, patience=4).report().rows
    assert sorted(map(repr, found)) == sorted(map(repr, expected.values()))


def test_opening_and_naming_read_no_points_twice(demo_runs: Path, opened: list[str]) -> None:
    logs = tb_lossgap.open(demo_runs)
    assert opened == []
    assert len(logs) == 10
    once = len(opened)
    assert [training.name for training in logs] == sorted(logs.names)
    assert all(training.pairs[0].primary for training in logs)
    assert "cnn-wide" in logs
    assert "cnn" not in logs
    assert len(opened) == once


def test_a_training_is_read_when_it_is_touched(demo_runs: Path, opened: list[str]) -> None:
    logs = tb_lossgap.open(demo_runs)
    training = logs["cnn-wide"]
    opened.clear()
    assert training.verdict == "overfit"
    assert {path.split("/")[-3] for path in opened} == {"cnn-wide"}
    opened.clear()
    assert len(training.gap) == len(training.val)
    assert opened == []


def test_an_iteration_reads_block_by_block(tmp_path: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "_TRAININGS_A_BLOCK", 2)
    logs = tb_lossgap.open(write_trainings(tmp_path, 6))
    trainings = iter(logs)
    first, second = next(trainings), next(trainings)
    opened.clear()
    assert first.verdict in get_args(Verdict)
    assert len(opened) == 4
    assert second.verdict in get_args(Verdict)
    assert len(opened) == 4
    assert next(trainings).verdict in get_args(Verdict)
    assert len(opened) == 8


def test_names_are_learnt_some_megabytes_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logdir = write_trainings(tmp_path, 6)
    expected = list(map(repr, tb_lossgap.open(logdir).report().rows))
    monkeypatch.setattr(inventory, "_BYTES_AT_ONCE", 1)
    assert list(map(repr, tb_lossgap.open(logdir).report().rows)) == expected


def test_curves_are_numpy_arrays_on_the_validation_steps(demo_runs: Path) -> None:
    training = tb_lossgap.open(demo_runs)["cnn-wide"]
    assert training.val.steps.dtype == np.int64
    assert training.train.values.dtype == training.gap.dtype == np.float64
    np.testing.assert_array_equal(training.gap, training.val.values - training.train_at_val)
    np.testing.assert_array_equal(training.gap_as("ratio"), training.val.values / training.train_at_val)


def test_markers_are_those_of_the_judgement(demo_runs: Path) -> None:
    training = tb_lossgap.open(demo_runs)["cnn-wide"]
    assert training.best is not None
    assert training.best.value == training.val.values.min()
    assert training.final == training.judgement.final
    assert training.onset is not None
    assert training.stop is not None
    assert training.stop.patience == 10
    assert training.severity in {"mild", "strong"}
    assert training.reason == training.judgement.reason


def test_a_training_is_judged_again_under_other_parameters(demo_runs: Path) -> None:
    training = tb_lossgap.open(demo_runs)["cnn-wide"]
    stop = training.judge(patience=3).stop
    assert stop is not None
    assert stop.step == stop.best_step + 3
    assert training.judge(tolerance=1000).verdict != "overfit"
    assert training.judge(criterion="gl").stop != stop
    assert training.judge() == training.judgement


def test_the_own_parameters_of_a_framework_are_those_of_its_rule(demo_runs: Path) -> None:
    training = tb_lossgap.open(demo_runs, patience=5, start_from_epoch=20)["cnn-wide"]
    steps = [
        stop.step
        for stop in (
            training.stop,
            training.judge(start_from_epoch=0).stop,
            training.judge(start_from_epoch=0, baseline=0.3).stop,
            training.judge(criterion="lightning", stopping_threshold=0.4).stop,
            training.judge(criterion="lightning", divergence_threshold=0.5).stop,
        )
        if stop
    ]
    assert steps == [25, 13, 9, 7, 0]


@pytest.mark.parametrize(
    ("wrong", "said"), [({"criterion": "kera"}, "one of keras"), ({"patiense": 1}, "unexpected keyword")]
)
def test_a_parameter_that_does_not_exist_is_refused(wrong: dict[str, Any], said: str, demo_runs: Path) -> None:
    with pytest.raises((TypeError, ValueError), match=said):
        tb_lossgap.open(demo_runs, **wrong)


def test_a_name_that_was_used_twice_has_earlier_attempts(demo_runs: Path) -> None:
    training = tb_lossgap.open(demo_runs)["cnn-baseline"]
    (first,) = training.earlier
    assert (first.attempt, training.attempt, training.attempts) == (1, 2, 2)
    assert first.val.wall_times[-1] < training.val.wall_times[0]
    assert first.earlier == ()


def test_another_metric_is_judged_where_it_is(demo_runs: Path) -> None:
    training = tb_lossgap.open(demo_runs, metric="accuracy")["cnn-wide"]
    assert training.metric == "accuracy"
    assert training.best is not None
    assert training.best.value == training.val.values.max()


def test_a_metric_that_is_not_there_is_told_and_left_out_of_the_report(demo_runs: Path) -> None:
    logs = tb_lossgap.open(demo_runs, metric="bleu")
    with pytest.raises(LookupError, match="no pair of that metric; it has loss"):
        _ = logs["cnn-wide"].verdict
    assert len(logs.report()) == 0


def test_a_name_that_is_not_there_is_a_key_error(demo_runs: Path) -> None:
    with pytest.raises(KeyError, match="cnn-wild"):
        _ = tb_lossgap.open(demo_runs)["cnn-wild"]


def test_rules_of_ones_own_pair(tmp_path: Path) -> None:
    write(tmp_path / "a" / FILE, version(), scalars("fitted", range(9)), scalars("held", range(9)))
    assert len(tb_lossgap.open(tmp_path)) == 0
    assert [one.key.tag for one in tb_lossgap.open(tmp_path).unpaired] == ["fitted", "held"]
    assert tb_lossgap.open(tmp_path, rules=["train=fitted,val=held"]).names == ("a",)
    (tmp_path / "lossgap.toml").write_text("[[pair]]\ntrain = 'fitted'\nval = 'held'\n")
    assert tb_lossgap.open(tmp_path).names == ("a",)
    with pytest.raises(RuleError):
        tb_lossgap.open(tmp_path, rules=["fitted"])


def test_what_grows_is_seen_after_a_refresh(tmp_path: Path) -> None:
    logs = tb_lossgap.open(write_trainings(tmp_path, 1))
    before = len(logs["sweep/cnn-00000"].val)
    append(tmp_path / f"sweep/cnn-00000/validation/{FILE}", scalars("epoch_loss", [1.0], first_step=24))
    assert len(logs["sweep/cnn-00000"].val) == before
    logs.refresh()
    assert len(logs["sweep/cnn-00000"].val) == before + 1


def test_a_training_that_has_gone_is_told(tmp_path: Path) -> None:
    logs = tb_lossgap.open(write_trainings(tmp_path, 2))
    assert len(logs) == 2
    shutil.rmtree(tmp_path / "sweep/cnn-00001")
    with pytest.raises(tb_lossgap.LogdirError, match=r"no longer there; call refresh\(\)"):
        _ = logs["sweep/cnn-00001"].verdict


def test_a_logdir_that_is_not_there_is_told_at_the_first_question(tmp_path: Path) -> None:
    logs = tb_lossgap.open(tmp_path / "nothing")
    assert "not read yet" in repr(logs)
    with pytest.raises(tb_lossgap.LogdirError, match="no such folder"):
        len(logs)


def test_a_damaged_file_is_a_warning(tmp_path: Path) -> None:
    logdir = write_trainings(tmp_path, 1)
    append(logdir / f"sweep/cnn-00000/train/{FILE}", b"\0" * 64)
    logs = tb_lossgap.open(logdir)
    assert logs["sweep/cnn-00000"].verdict in get_args(Verdict)
    assert [warning.file for warning in logs.warnings] == [f"sweep/cnn-00000/train/{FILE}"]


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[str]:
    write_trainings(tmp_path, 3)
    filesystem = fsspec.filesystem("memory")
    filesystem.put(f"{tmp_path}/", "/logs", recursive=True)
    yield "memory://logs"
    filesystem.store.clear()


def test_an_object_store_is_read_as_a_folder_is(remote: str, tmp_path: Path) -> None:
    found = [training.row for training in tb_lossgap.open(remote)]
    assert list(map(repr, found)) == [repr(training.row) for training in tb_lossgap.open(tmp_path)]


def test_a_fleet_is_judged_by_an_executor_of_ones_own(tmp_path: Path) -> None:
    logs = tb_lossgap.open(write_trainings(tmp_path / "logs", 6))
    with ThreadPoolExecutor(2) as executor:
        summary = logs.to_parquet(tmp_path / "table", executor=executor, workers=2)
        assert summary.shards == 6
        assert logs.to_parquet(tmp_path / "table", executor=executor, resume=True).unchanged == 6
        assert executor.submit(int).result() == 0
    found = {row["training"]: row["verdict"] for row in rows(tmp_path / "table")}
    assert found == {training.name: training.verdict for training in logs}


def test_a_report_by_workers_is_the_report(demo_runs: Path, opened: list[str]) -> None:
    logs = tb_lossgap.open(demo_runs, patience=4)
    own, read = logs.report(), len(opened)
    with ThreadPoolExecutor(1) as executor:
        theirs = logs.report(executor=executor)
    assert (theirs.rows, theirs.ranks) == (own.rows, own.ranks)
    assert len(opened) > read  # by a thread of this process
    assert logs.report(workers=2).rows == own.rows


def test_a_fleet_is_judged_by_processes_otherwise(tmp_path: Path) -> None:
    logs = tb_lossgap.open(write_trainings(tmp_path / "logs", 2))
    assert logs.to_parquet(tmp_path / "table", workers=1).shards == 2
