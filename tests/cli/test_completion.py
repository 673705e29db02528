from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.console import SCRIPT
from tests.cli.console import command
from tests.cli.console import told

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_of_its_own(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = told(capsys, "completion", shell)
    assert (status, err) == (0, "")
    assert {"bash": "complete -o", "zsh": "#compdef tb-lossgap", "fish": "complete --command tb-lossgap"}[shell] in out


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("tb-lossgap rep", "report"),
        ("tb-lossgap report . --fail", "--fail-on"),
        ("tb-lossgap report . --stop li", "lightning"),
    ],
)
def test_bash_completes_commands_options_and_choices(line: str, wanted: str, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash
    (tmp_path / "complete").write_text(command("completion", "bash").stdout)
    words = line.split(" ")
    script = f"""
    PATH={SCRIPT.parent}:$PATH
    source {tmp_path / "complete"}
    COMP_LINE={line!r} COMP_POINT={len(line)} COMP_WORDS=({line}) COMP_CWORD={len(words) - 1} COMP_TYPE=9
    _python_argcomplete tb-lossgap
    printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    finished = subprocess.run([bash, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert finished.stdout.split() == [wanted], finished.stderr
