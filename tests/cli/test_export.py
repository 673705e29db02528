from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet
import pytest

from tests.cli.console import DEMO_RUNS
from tests.cli.console import command
from tests.cli.console import strict_json
from tests.cli.console import told
from tests.cli.logs import FORMULA
from tests.cli.logs import write_training

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training with a value that is not finite, under a name that a spreadsheet would run."""
    logdir = tmp_path_factory.mktemp("logs")
    write_training(logdir / FORMULA, [1.0, 0.5, float("nan")], [1.5, 1.0, float("inf")])
    write_training(logdir / "other", [1.0], [1.0])
    return logdir


def test_csv_has_a_row_a_point_with_the_gap_beside_both_sides(logs: Path) -> None:
    finished = command("export", logs, "--filter", "HYPER")
    rows = list(csv.DictReader(io.StringIO(finished.stdout)))
    assert {row["name"] for row in rows} == {f"'{FORMULA}"}
    values = {side: [row["value"] for row in rows if row["series"] == side] for side in ("train", "val", "gap")}
    assert values == {"train": ["1.0", "0.5", "nan"], "val": ["1.5", "1.0", "inf"], "gap": ["0.5", "0.5", "nan"]}


def test_a_line_of_json_is_a_series_without_what_is_no_json(logs: Path) -> None:
    lines = [strict_json(line) for line in command("export", logs, "--format", "jsonl").stdout.splitlines()]
    assert [(line["name"], line["series"]) for line in lines] == [
        (name, side) for name in (FORMULA, "other") for side in ("train", "val", "gap")
    ]
    assert lines[1]["value"] == [1.5, 1.0, None]
    assert (lines[1]["run"], lines[1]["tag"], lines[1]["step"]) == (FORMULA, "val/loss", [0, 1, 2])


def test_parquet_has_every_point_of_csv(tmp_path: Path) -> None:
    path = tmp_path / "curves.parquet"
    assert command("export", DEMO_RUNS, "--format", "parquet", "--output", path).returncode == 0
    table = pyarrow.parquet.read_table(path)
    rows = list(csv.DictReader(io.StringIO(command("export", DEMO_RUNS).stdout)))
    assert table.column_names == list(rows[0])
    assert table["name"].to_pylist() == [row["name"] for row in rows]
    np.testing.assert_array_equal(table["value"].to_numpy(), [float(row["value"]) for row in rows])


def test_one_metric_is_exported_where_it_is_asked_for() -> None:
    rows = csv.DictReader(io.StringIO(command("export", DEMO_RUNS, "--metric", "accuracy").stdout))
    assert {row["metric"] for row in rows} == {"accuracy"}


def test_a_metric_that_nobody_has_is_refused_with_those_that_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = told(capsys, "export", DEMO_RUNS, "--metric", "lozz")
    assert (status, out) == (2, "")
    assert "accuracy, loss" in err
