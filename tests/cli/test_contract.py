from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest

from tests.cli.console import DEMO_RUNS
from tests.cli.console import command
from tests.cli.console import strict_json

if TYPE_CHECKING:
    from pathlib import Path

VERDICTS = {
    "diverged",
    "underfit",
    "still-improving",
    "good-fit",
    "overfit",
    "plateau",
    "val-below-train",
    "noisy",
    "too-short",
}


@pytest.fixture(scope="module")
def keras_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two trainings by the real Keras 3: one plain, one whose loss becomes NaN."""
    import keras
    import numpy as np

    logdir = tmp_path_factory.mktemp("keras")
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(64, 4)).astype("float32"), rng.normal(size=(64, 1)).astype("float32")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Keras itself warns of is not ours to mend
        for name, rate in (("plain", 0.01), ("exploding", 1e30)):
            model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(8), keras.layers.Dense(1)])
            model.compile(keras.optimizers.SGD(rate), "mse", metrics=["mae"])
            board = keras.callbacks.TensorBoard(str(logdir / name), write_graph=False)
            model.fit(x, y, validation_split=0.5, epochs=8, verbose=0, callbacks=[board])
    return logdir


@pytest.fixture(scope="module")
def torch_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three ways in which people write losses with torch's SummaryWriter."""
    from torch.utils.tensorboard import SummaryWriter

    logdir = tmp_path_factory.mktemp("torch")
    with SummaryWriter(logdir / "slashes") as writer:
        for step in range(10):
            writer.add_scalar("Loss/train", 1 / (step + 1), step)
            writer.add_scalar("Loss/validation", 1 / (step + 1) + 0.1, step)
    with SummaryWriter(logdir / "prefixes") as writer:
        for step in range(10):
            writer.add_scalar("train_loss", 1 / (step + 1), step)
            writer.add_scalar("val_loss", 1 / (step + 1) + 0.1, step)
    with SummaryWriter(logdir / "together") as writer:
        for step in range(10):
            writer.add_scalars("loss", {"training": 1 / (step + 1), "validation": 1 / (step + 1) + 0.1}, step)
    return logdir


def test_pairs_of_keras_logs(keras_logs: Path) -> None:
    printed = strict_json(command("pairs", keras_logs, "--format", "json").stdout)
    assert printed["logdir"] == str(keras_logs)
    plain = next(one for one in printed["trainings"] if one["name"] == "plain")
    assert (plain["attempt"], plain["attempts"]) == (1, 1)
    (primary,) = [pair for pair in plain["pairs"] if pair["primary"]]
    assert primary == {
        "metric": "loss",
        "kind": "loss",
        "primary": True,
        "train": {"run": "plain/train", "tag": "epoch_loss"},
        "val": {"run": "plain/validation", "tag": "epoch_loss"},
    }
    assert all(set(one) == {"run", "tag", "reason"} for one in printed["unpaired"])


def test_pairs_of_torch_logs(torch_logs: Path) -> None:
    printed = strict_json(command("pairs", torch_logs, "--format", "json").stdout)
    sides = {
        one["name"]: (pair["train"]["run"], pair["train"]["tag"], pair["val"]["run"], pair["val"]["tag"])
        for one in printed["trainings"]
        for pair in one["pairs"]
    }
    assert sides == {
        "slashes": ("slashes", "Loss/train", "slashes", "Loss/validation"),
        "prefixes": ("prefixes", "train_loss", "prefixes", "val_loss"),
        "together": ("together/loss_training", "loss", "together/loss_validation", "loss"),
    }


@pytest.mark.parametrize("logs", ["keras_logs", "torch_logs", "demo"])
def test_every_row_of_a_report_has_the_promised_form(logs: str, request: pytest.FixtureRequest) -> None:
    logdir = DEMO_RUNS if logs == "demo" else request.getfixturevalue(logs)
    finished = command("report", logdir, "--format", "json", "--patience", "3", "--min-delta", "0.001")
    assert finished.returncode == 0, finished.stderr
    printed = strict_json(finished.stdout)
    assert set(printed) == {"logdir", "trainings", "warnings"}
    assert printed["trainings"]
    for row in printed["trainings"]:
        assert set(row) == {
            *("name", "attempt", "attempts", "metric", "train", "val", "verdict", "severity", "reason", "best"),
            *("final", "gap_at_best", "final_gap", "onset", "stop", "exact"),
        }
        assert row["verdict"] in VERDICTS
        assert row["severity"] in {"mild", "strong", None}
        assert row["exact"] is True
        assert set(row["train"]) == set(row["val"]) == {"run", "tag", "points"}
        assert row["best"] is None or set(row["best"]) == {"step", "value"}
        if row["stop"]:
            assert set(row["stop"]) == {"patience", "min_delta", "step", "best_step"}
            assert (row["stop"]["patience"], row["stop"]["min_delta"]) == (3, 0.001)


def test_a_loss_that_ended_in_nan_is_null_and_diverged(keras_logs: Path) -> None:
    printed = strict_json(command("report", keras_logs, "--format", "json").stdout)
    exploding = next(one for one in printed["trainings"] if one["name"] == "exploding")
    assert exploding["verdict"] == "diverged"
    assert exploding["final"] == {"step": 7, "value": None}


def test_numbers_read_back_as_the_same_float(torch_logs: Path) -> None:
    import numpy as np

    printed = strict_json(command("report", torch_logs, "--format", "json").stdout)
    row = next(one for one in printed["trainings"] if one["name"] == "slashes")
    assert row["final"]["value"] == float(np.float32(1 / 10 + 0.1))


@pytest.mark.parametrize("name", ["pairs", "report"])
def test_an_empty_folder_is_read_and_has_nothing(name: str, tmp_path: Path) -> None:
    finished = command(name, tmp_path, "--format", "json")
    assert finished.returncode == 0
    assert strict_json(finished.stdout)["trainings"] == []
    assert "no event files" in finished.stderr


@pytest.mark.parametrize("name", ["pairs", "report"])
@pytest.mark.parametrize("kind", ["missing", "file"])
def test_what_is_no_folder_is_refused_by_name(name: str, kind: str, tmp_path: Path) -> None:
    logdir = tmp_path / "logs"
    if kind == "file":
        logdir.write_text("not a folder")
    finished = command(name, logdir, "--format", "json")
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert str(logdir) in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize(
    ("option", "value"), [("--patience", "-1"), ("--patience", "1.5"), ("--min-delta", "nan"), ("--pair", "train=(")]
)
def test_a_bad_option_is_refused_by_name(option: str, value: str, tmp_path: Path) -> None:
    finished = command("report", tmp_path, option, value)
    assert finished.returncode == 2
    assert value in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize("name", ["pairs", "report"])
def test_logs_that_do_not_fit_into_memory_are_no_half_answer(name: str, torch_logs: Path) -> None:
    finished = command(name, torch_logs, "--format", "json", "--memory", "0")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert "raise --memory" in finished.stderr


def test_nothing_is_written_into_the_logdir(torch_logs: Path) -> None:
    before = sorted(torch_logs.rglob("*"))
    command("report", torch_logs)
    command("pairs", torch_logs)
    assert sorted(torch_logs.rglob("*")) == before


def test_a_damaged_file_is_a_warning_and_the_rest_counts(torch_logs: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(torch_logs, tmp_path / "logs")
    (event_file,) = (tmp_path / "logs" / "slashes").glob("*tfevents*")
    content = bytearray(event_file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    event_file.write_bytes(content)
    finished = command("report", tmp_path / "logs", "--format", "json")
    assert finished.returncode == 0
    printed = strict_json(finished.stdout)
    (warning,) = printed["warnings"]
    assert warning["file"] == f"slashes/{event_file.name}"
    assert 0 < warning["byte"] < len(content)
    assert len(printed["trainings"]) == 3


@pytest.mark.parametrize("name", ["pairs", "report"])
def test_the_table_is_for_people(name: str, torch_logs: Path) -> None:
    finished = command(name, torch_logs)
    assert finished.returncode == 0
    assert "slashes" in finished.stdout
