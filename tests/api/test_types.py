from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import tb_lossgap

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

import tb_lossgap

if TYPE_CHECKING:
    import numpy.typing as npt


def overfit(logdir: str) -> dict[str, float]:
    found: dict[str, float] = {}
    logs = tb_lossgap.open(logdir, patience=5, criterion="lightning")
    for training in logs:
        gap: npt.NDArray[np.float64] = training.gap
        if training.verdict == "overfit" and training.best is not None and training.onset is not None:
            found[training.name] = float(gap[-1]) - training.best.value + training.onset
        if training.pairs[0].direction == "max":
            print(training.judge(patience=3).reason, training.hparams.get("lr"))
    return found


def table(logs: tb_lossgap.Logs) -> Counter[str]:
    try:
        return logs.to_parquet("table", resume=True).verdicts
    except (tb_lossgap.FleetError, tb_lossgap.LogdirError):
        return Counter(row.judgement.verdict for row in logs.report())
"""
WRONG = """
import tb_lossgap

training = tb_lossgap.open("runs")["a"]
name: int = training.name
if training.verdict == "overfitted":
    pass
tb_lossgap.shut()
"""


def test_a_users_script_passes_strict_type_checking_and_mistakes_do_not(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    # As of an installed package, only what the scripts see of it counts. The first run takes its time, later ones not.
    cache = pytestconfig.cache.mkdir("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent"]
    files = [str(tmp_path / "script.py"), str(tmp_path / "wrong.py")]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    checked = subprocess.run(
        [*command, f"--cache-dir={cache}", *files], capture_output=True, text=True, check=False, env=environment
    )
    told = [line for line in checked.stdout.splitlines() if "error:" in line]
    assert [line for line in told if "script.py" in line] == [], checked.stderr
    assert 'expression has type "str", variable has type "int"' in told[0]
    assert "Non-overlapping equality check" in told[1]
    assert 'has no attribute "shut"' in told[2]


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(tb_lossgap.__file__).parent / "py.typed").exists()
