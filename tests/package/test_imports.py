from __future__ import annotations

import subprocess
import sys


def test_the_package_brings_in_neither_a_framework_nor_pandas() -> None:
    code = "import sys, tb_lossgap, tb_lossgap.cli, tb_lossgap.plugin, tb_lossgap.tab.routes\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"keras", "pandas", "tensorflow", "torch"} & set(run.stdout.split())
