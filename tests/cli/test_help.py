from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from tb_lossgap.cli import COMMANDS
from tests.cli.console import command
from tests.cli.console import told

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_examples_and_tells_the_exit_status(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = told(capsys, name, "--help")
    assert (status, err) == (0, "")
    assert "examples:" in out
    assert "exit status:\n  0 " in out


def test_all_commands_are_listed_with_what_they_do() -> None:
    shown = command("--help").stdout
    for name, summary in COMMANDS.items():
        assert re.search(rf"^ +{name}\s+{re.escape(summary)}$", shown, re.MULTILINE)


def test_a_command_that_does_not_exist_is_refused_with_those_that_do(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = told(capsys, "repart", "runs")
    assert status == 2
    assert "report" in err


def test_the_page_of_commands_is_current() -> None:
    spec = importlib.util.spec_from_file_location("make_commands", DOCS / "make_commands.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.page() == (DOCS / "commands.md").read_text(encoding="utf-8"), "run python docs/make_commands.py"
