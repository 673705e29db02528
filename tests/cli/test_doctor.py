from __future__ import annotations

import os
import re
import shutil
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.console import DEMO_RUNS
from tests.cli.console import command
from tests.cli.console import without
from tests.writing import write_events

if TYPE_CHECKING:
    import subprocess

HERE = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))


def doctor(*arguments: str | os.PathLike[str], env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    finished = command("doctor", *arguments, env={"PATH": HERE, **(env or {})})
    assert "Traceback" not in finished.stdout + finished.stderr
    return finished


def test_a_healthy_environment_and_logdir_are_well() -> None:
    finished = doctor(DEMO_RUNS)
    assert (finished.returncode, finished.stderr) == (0, "")
    for said in ("Python ", "tensorboard ", "protobuf ", "numpy ", "native", "will show it", "10 with a training"):
        assert said in finished.stdout
    assert "!!" not in finished.stdout


def test_a_tensorboard_of_another_environment_without_the_plugin_is_found_out(tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False)
    script = tmp_path / "env" / "bin" / "tensorboard"
    script.write_text(f"#!{tmp_path / 'env' / 'bin' / 'python'}\n")
    script.chmod(0o755)
    finished = doctor(env={"PATH": os.pathsep.join((str(script.parent), HERE))})
    assert finished.returncode == 1
    assert f"!! tensorboard   {script} is of another environment, in which no plugin tb-lossgap" in finished.stdout
    assert "tb-lossgap serve" in finished.stdout


def test_an_environment_with_the_package_but_without_its_entry_point_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.metadata as metadata\nmetadata.entry_points = lambda **_: metadata.EntryPoints(())\n"
    )
    finished = doctor(env={"PYTHONPATH": str(tmp_path)})
    assert finished.returncode == 1
    assert "!! tab           no plugin tb-lossgap is installed in this environment" in finished.stdout
    assert "-m pip install tb-lossgap" in finished.stdout


def test_no_tensorboard_on_the_path_is_said() -> None:
    finished = doctor(env={"PATH": str(Path(shutil.which("env") or "").parent)})
    assert "-m tensorboard.main" in finished.stdout


def test_the_reference_reader_is_named_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['tb_lossgap.events._decode'] = None\n")
    finished = doctor(env={"PYTHONPATH": str(tmp_path)})
    assert "!! reader        the reference in Python" in finished.stdout


def test_no_event_files_are_explained(tmp_path: Path) -> None:
    finished = doctor(tmp_path)
    assert finished.returncode == 1
    assert "!! event files   none" in finished.stdout


def test_no_scalars_are_explained(tmp_path: Path) -> None:
    write_events(tmp_path / "run", {})
    finished = doctor(tmp_path)
    assert finished.returncode == 1
    assert "!! scalars       none" in finished.stdout


def test_no_pairs_are_explained_by_the_reason_of_each_scalar(tmp_path: Path) -> None:
    write_events(tmp_path / "run", {"speed": [(step, step, 1.0) for step in range(9)]})
    finished = doctor(tmp_path)
    assert finished.returncode == 1
    assert "!! trainings     none" in finished.stdout
    assert "speed in run" in finished.stdout
    assert "--pair" in finished.stdout


def test_what_cannot_be_read_of_a_logdir_is_listed_with_what_counts_all_the_same(tmp_path: Path) -> None:
    good = write_events(tmp_path / "good", {"loss": [(step, step, 1.0) for step in range(9)]})
    good.write_bytes(good.read_bytes()[:-5] + bytes(5))
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "events.out.tfevents.1").write_bytes(bytes(range(200)))
    said = doctor(tmp_path).stdout
    assert re.search(r"!! not read      bad\S+: .*\n +-> nothing in it counts until that is mended", said)
    assert re.search(r"!! not read      good\S+: byte \d+: .*\n +-> what stands before that byte counts", said)


def test_a_folder_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    finished = doctor(tmp_path / "loop")
    assert finished.returncode == 1
    assert f"!! logdir        {tmp_path / 'loop'}: cannot be read" in finished.stdout
    assert "-> check its permissions" in finished.stdout


@pytest.mark.parametrize(
    ("url", "module", "extra"), [("s3://bucket/logs", "s3fs", "s3"), ("gs://b/logs", "gcsfs", "gcs")]
)
def test_a_store_whose_package_is_missing_is_explained(url: str, module: str, extra: str, tmp_path: Path) -> None:
    finished = doctor(url, env=without(module, tmp_path))
    assert finished.returncode == 1
    assert f"pip install 'tb-lossgap[{extra}]'" in finished.stdout
