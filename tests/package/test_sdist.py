from __future__ import annotations

import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_an_sdist_carries_the_bundle_and_its_sources(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"tb_lossgap/static/index.js", "tb_lossgap/static/index.css", "frontend/package-lock.json"} <= names
    assert {"tests/conftest.py", "Makefile", "noxfile.py", "mkdocs.yml", "LICENSE", "CHANGELOG.md"} <= names
    assert not any("node_modules" in name for name in names)


def test_a_wheel_from_an_sdist_needs_no_node_and_carries_the_same_bundle(wheel_of_sdist: Path, wheel: Path) -> None:
    first, second = (zipfile.ZipFile(path).read("tb_lossgap/static/index.js") for path in (wheel_of_sdist, wheel))
    assert first == second
