"""Copies of this checkout, and builds of them, on a machine that seems to have no Node and no compiler."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.servers import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TOOLS = ("git", "sh", "env")


@pytest.fixture(scope="session")
def bare_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH on which only a few tools can be found."""
    folder = tmp_path_factory.mktemp("bin")
    for tool in TOOLS:
        found = shutil.which(tool)
        if found:
            (folder / tool).symlink_to(found)
    return str(folder)


def copy_checkout(folder: Path) -> Path:
    """Copies what is, or could be, under version control to a new repository."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    author = ["-c", "user.name=Test", "-c", "user.email=test@localhost"]
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    subprocess.run(["git", "add", "--all"], cwd=folder, check=True)
    subprocess.run(["git", *author, "commit", "--quiet", "--message=copy"], cwd=folder, check=True)
    return folder


def run_python(*arguments: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs this Python in a folder; standard error goes to standard output."""
    environment: Mapping[str, str] = {**os.environ, **env}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def status(folder: Path) -> str:
    """Returns what `git status` finds changed or new."""
    command = ["git", "status", "--porcelain"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
