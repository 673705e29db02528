"""What the guide for a new convention says, done in a copy of the package."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.servers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

GUIDE = ROOT / "docs" / "maintainers" / "conventions.md"
CASES = ROOT / "tests" / "pairing"
MARK = "# What looks like a side of a pair and is none."


@pytest.fixture
def toml() -> tuple[str, str]:
    """The guide's case and its entry."""
    case, entry = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return case, entry


@pytest.fixture
def copy(tmp_path: Path, toml: tuple[str, str]) -> Path:
    """The package and the tests of conventions, with the guide's case added and not yet its entry."""
    for package in ("tb_lossgap", "tests/pairing"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("demo_runs", "static"))
    with (tmp_path / "tests/pairing/conventions/tags.toml").open("a", encoding="utf-8") as cases:
        cases.write(f"\n{toml[0]}")
    return tmp_path


def outcome(copy: Path) -> str:
    """What pytest says of the guide's case, in its last line."""
    command = [
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--import-mode=importlib",
        "-k",
        "Ember",
        "tests/pairing",
    ]
    environment = {"PYTHONPATH": str(copy), "PATH": ""}
    run = subprocess.run(
        [sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    return run.stdout.splitlines()[-1]


def test_the_guides_case_fails_until_its_entry_is_added(copy: Path, toml: tuple[str, str]) -> None:
    assert outcome(copy).startswith("3 failed")
    table = copy / "tb_lossgap/pairing/conventions.toml"
    text = table.read_text(encoding="utf-8")
    assert MARK in text
    assert f"before `{MARK}`" in GUIDE.read_text(encoding="utf-8")
    table.write_text(text.replace(MARK, f"{toml[1]}\n{MARK}"), encoding="utf-8")
    assert re.match(r"4 passed", outcome(copy))
