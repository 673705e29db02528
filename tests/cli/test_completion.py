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


LINES = pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("tb-lossgap rep", "report"),
        ("tb-lossgap report . --fail", "--fail-on"),
        ("tb-lossgap report . --stop li", "lightning"),
        ("tb-lossgap report . --sort gap_", "gap_at_best"),
        ("tb-lossgap report . --fail-on ov", "overfit"),
    ],
)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
@LINES
def test_commands_options_and_values_are_offered(shell: str, line: str, wanted: str, tmp_path: Path) -> None:
    # What the scripts for these shells ask: both were tried by hand in zsh 5.9 and fish 3.6.
    asked = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_SHELL": shell,
        "_ARGCOMPLETE_DFS": "\t",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(tmp_path / "offered"),
        "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
    }
    assert command(env=asked).returncode == 0
    (offered,) = (tmp_path / "offered").read_text().splitlines()
    assert offered.startswith(f"{wanted}\t")


@LINES
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
