from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import tb_lossgap

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
tb_lossgap.open("runs", patients=3)
tb_lossgap.shut()
"""


def test_a_users_script_passes_strict_type_checking_and_mistakes_do_not(tmp_path: Path) -> None:
    scripts = {"script.py": SCRIPT, "wrong.py": WRONG}
    for name, text in scripts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    # As `make check` calls it: what that has found out of the package is not found out again.
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *(tmp_path / name for name in scripts)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": str(ROOT)},
    )
    told = {name: [line for line in checked.stdout.splitlines() if f"{name}:" in line] for name in scripts}
    assert told["script.py"] == [], checked.stderr
    for mistake in (
        'expression has type "str", variable has type "int"',
        "Non-overlapping equality check",
        'has no attribute "shut"',
        'Unexpected keyword argument "patients"',
    ):
        assert any(mistake in line for line in told["wrong.py"]), checked.stdout


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(tb_lossgap.__file__).parent / "py.typed").exists()
