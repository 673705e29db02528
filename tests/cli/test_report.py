from __future__ import annotations

import csv
import io
import os
import subprocess
from pathlib import Path

import pyarrow.parquet
import pytest

from tests.cli.console import DEMO_RUNS
from tests.cli.console import SCRIPT
from tests.cli.console import command
from tests.cli.console import strict_json
from tests.cli.console import told
from tests.cli.console import unmeasured
from tests.cli.logs import FORMULA
from tests.cli.logs import write_training
from tests.cli.logs import write_traps
from tests.writing import write_events

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = "LOSSGAP_UPDATE_SNAPSHOTS"


@pytest.fixture(scope="module")
def traps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_traps(tmp_path_factory.mktemp("traps"))


def names(finished: subprocess.CompletedProcess[str]) -> list[str]:
    return [row["name"] for row in csv.DictReader(io.StringIO(finished.stdout))]


def report(*arguments: str) -> list[str]:
    """The names in a report on the demo's trainings, in its order."""
    finished = command("report", DEMO_RUNS, "--format", "csv", *arguments)
    assert finished.returncode == 0, finished.stderr
    return names(finished)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("table.txt", ["report"]),
        ("trainings.csv", ["report", "--format", "csv"]),
        ("trainings.md", ["report", "--format", "markdown"]),
        ("trainings.tex", ["report", "--format", "latex", "--baseline", "cnn-wide"]),
        ("groups.txt", ["report", "--group-by", "^([a-z]+)-"]),
        ("groups.csv", ["report", "--group-by", "^([a-z]+)-", "--format", "csv"]),
        ("pairs.txt", ["pairs"]),
    ],
)
def test_what_is_printed_is_what_it_was(name: str, arguments: list[str]) -> None:
    printed = command(arguments[0], DEMO_RUNS, *arguments[1:], env={"COLUMNS": "180"})
    assert (printed.returncode, printed.stderr) == (0, "")
    known = SNAPSHOTS / name
    if os.environ.get(UPDATE):
        known.parent.mkdir(exist_ok=True)
        known.write_text(printed.stdout, encoding="utf-8")
    assert printed.stdout == known.read_text(encoding="utf-8")


def test_a_line_of_json_lines_is_a_training_of_the_document() -> None:
    document = strict_json(command("report", DEMO_RUNS, "--format", "json").stdout)
    lines = command("report", DEMO_RUNS, "--format", "jsonl").stdout.splitlines()
    assert [strict_json(line) for line in lines] == document["trainings"]


def test_a_parquet_file_has_the_columns_of_csv(tmp_path: Path) -> None:
    assert command("report", DEMO_RUNS, "--format", "parquet", "--output", tmp_path / "r.parquet").returncode == 0
    table = pyarrow.parquet.read_table(tmp_path / "r.parquet")
    known = list(csv.DictReader(io.StringIO((SNAPSHOTS / "trainings.csv").read_text())))
    assert table.column_names == list(known[0])
    assert table["best"].to_pylist() == [float(row["best"]) for row in known]


def test_the_types_of_a_parquet_file_do_not_depend_on_what_is_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("report", DEMO_RUNS, "--format", "parquet", "--output")
    told(capsys, *arguments, tmp_path / "all.parquet")
    told(capsys, *arguments, tmp_path / "tiny.parquet", "--filter", "tiny")
    whole, tiny = (pyarrow.parquet.read_schema(tmp_path / f"{name}.parquet") for name in ("all", "tiny"))
    assert whole.equals(tiny)


def test_filter_chooses_trainings_by_name() -> None:
    assert report("--filter", "^cnn-dropout") == ["cnn-dropout-0.3", "cnn-dropout-0.6"]


def test_sort_and_top_give_the_first_by_a_column() -> None:
    assert report("--sort=-final_gap", "--top", "2") == ["cnn-lr-ramp", "cnn-baseline"]


def test_what_has_no_value_comes_last_whichever_way_is_sorted() -> None:
    assert report("--sort", "onset")[-1] == report("--sort=-onset")[-1] == "mlp-tiny"


def test_metric_judges_another_quantity() -> None:
    printed = strict_json(
        command("report", DEMO_RUNS, "--format", "json", "--metric", "accuracy", "--filter", "wide").stdout
    )
    (row,) = printed["trainings"]
    assert (row["metric"], row["val"]["tag"]) == ("accuracy", "epoch_accuracy")


def test_differences_are_from_the_baseline() -> None:
    finished = command("report", DEMO_RUNS, "--format", "json", "--baseline", "cnn-wide")
    rows = {row["name"]: row for row in strict_json(finished.stdout)["trainings"]}
    difference = rows["mlp-tiny"]["difference"]["best"]
    assert difference == rows["mlp-tiny"]["best"]["value"] - rows["cnn-wide"]["best"]["value"]


def test_groups_are_in_the_document_with_mean_and_spread() -> None:
    finished = command("report", DEMO_RUNS, "--format", "json", "--group-by", "^cnn", "--filter", "dropout")
    (group,) = strict_json(finished.stdout)["groups"]
    assert group["trainings"] == ["cnn-dropout-0.3", "cnn-dropout-0.6"]
    assert group["verdicts"] == {"good-fit": 1, "val-below-train": 1}
    assert group["best"]["mean"] == pytest.approx(0.42776, abs=1e-5)


@pytest.mark.parametrize(
    ("arguments", "step"),
    [
        (["--stop", "keras", "--patience", "5"], 13),
        (["--patience", "5", "--stop-baseline", "0.3"], 9),
        (["--patience", "5", "--start-from-epoch", "20"], 25),
        (["--stop", "lightning", "--patience", "5", "--min-delta", "0.5"], 6),
        (["--stop", "lightning", "--patience", "50", "--stopping-threshold", "0.4"], 7),
        (["--stop", "lightning", "--patience", "50", "--divergence-threshold", "2.5"], 58),
        (["--stop", "huggingface", "--patience", "5"], 13),
        (["--stop", "gl", "--tolerance", "10"], 10),
        (["--stop", "pq", "--alpha", "0.5"], 54),
        (["--stop", "up", "--patience", "5"], 14),
    ],
)
def test_stops_are_replayed_by_the_rule_that_is_asked_for(arguments: list[str], step: int) -> None:
    finished = command("report", DEMO_RUNS, "--format", "json", "--filter", "wide", *arguments)
    (row,) = strict_json(finished.stdout)["trainings"]
    assert row["stop"]["step"] == step


def test_lightnings_rule_stops_at_what_is_not_finite_unless_it_is_told_not_to(tmp_path: Path) -> None:
    values = [1.0, 0.5, float("nan"), *[0.4] * 4]
    write_training(tmp_path / "model", values, values)
    arguments = ("report", tmp_path, "--format", "csv", "--stop", "lightning", "--patience", "3")
    stops = [
        next(csv.DictReader(io.StringIO(command(*arguments, *more).stdout)))["stop"]
        for more in ([], ["--no-check-finite"])
    ]
    assert stops == ["2", "6"]


def test_an_overfit_training_fails_and_is_named() -> None:
    finished = command("report", DEMO_RUNS, "--fail-on", "overfit,diverged")
    assert finished.returncode == 1
    for name in ("cnn-wide", "cnn-baseline (2 of 2)", "cnn-lr-ramp"):
        assert f"  {name}: " in finished.stderr
    assert "mlp-tiny" not in finished.stderr
    assert "mlp-tiny" in finished.stdout


def test_good_trainings_pass() -> None:
    finished = command("report", DEMO_RUNS, "--fail-on", "overfit,diverged", "--filter", "dropout|memorising")
    assert (finished.returncode, finished.stderr) == (0, "")


def test_what_top_leaves_out_fails_all_the_same() -> None:
    assert command("report", DEMO_RUNS, "--fail-on", "diverged", "--top", "1").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--filter", "("], "no regular expression"),
        (["--metric", "lozz"], "'accuracy', 'loss'"),
        (["--sort", "beauty"], "final_gap"),
        (["--fail-on", "overfitted"], "still-improving"),
        (["--baseline", "cnn-wid"], "'cnn-wide'"),
        (["--stop", "magic"], "huggingface"),
        (["--stop-baseline", "nan"], "must be a number"),
        (["--stop-baseline", "0.3", "--stop", "up"], "--stop-baseline goes with --stop keras"),
        (["--no-check-finite"], "--no-check-finite goes with --stop lightning"),
        (["--group-by", "cnn", "--sort", "best"], "--group-by"),
        (["--output", "/nowhere/report.txt"], "/nowhere/report.txt"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_bad_input_is_refused_with_what_would_be_good(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = told(capsys, "report", DEMO_RUNS, *arguments)
    assert (status, out) == (2, "")
    assert said in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--filter", "nobody"], "--filter 'nobody' is found in no name"),
        (["--group-by", "nobody"], "--group-by 'nobody' is found in no name"),
    ],
)
def test_an_expression_that_finds_nothing_is_said(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = told(capsys, "report", DEMO_RUNS, *arguments)
    assert (status, err) == (0, f"tb-lossgap: {said}\n")


def test_logs_without_a_pair_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_events(tmp_path / "run", {"speed": [(0, 0.0, 1.0)]})
    status, _, err = told(capsys, "report", tmp_path)
    assert (status, err) == (0, f"tb-lossgap: no trainings below {tmp_path}; tb-lossgap doctor says why\n")


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("the one before")
    assert command("report", DEMO_RUNS, "--format", "json", "--output", target).stdout == ""
    assert len(strict_json(target.read_text())["trainings"]) == 11
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_is_said_and_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("the one before")
    limited = f'ulimit -f 1; exec "{SCRIPT}" report "{DEMO_RUNS}" --format json --output "{target}"'
    finished = subprocess.run(
        ["bash", "-c", limited], capture_output=True, text=True, check=False, timeout=120, env=unmeasured()
    )
    assert finished.returncode == 2
    assert f"{target}: cannot be written" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"report.json": "the one before"}


def test_a_full_standard_output_is_said() -> None:
    with Path("/dev/full").open("w") as full:
        finished = subprocess.run(
            [SCRIPT, "report", DEMO_RUNS], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=120
        )
    assert finished.returncode == 2
    assert finished.stderr == "tb-lossgap: standard output: cannot be written (No space left on device)\n"


def test_a_formula_in_a_name_is_harmless_in_csv(traps: Path) -> None:
    assert names(command("report", traps, "--format", "csv"))[0] == f"'{FORMULA}"


def test_a_name_cannot_command_the_terminal(traps: Path) -> None:
    finished = command("report", traps, "--fail-on", "good-fit,still-improving")
    assert "\ufffd[31mred" in finished.stdout
    assert "\x1b" not in finished.stdout + finished.stderr


def test_the_curves_are_in_the_table_with_their_best_marked() -> None:
    (line,) = (line for line in command("report", DEMO_RUNS).stdout.splitlines() if "mlp-stopped-early" in line)
    assert "▁●" in line.replace("▂●", "▁●")
    assert "█" in line
