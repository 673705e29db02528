from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.package.conftest import copy_checkout
from tests.package.conftest import run_python
from tests.package.conftest import status

if TYPE_CHECKING:
    from pathlib import Path


def test_a_checkout_builds_its_front_end_without_node_and_without_a_compiler(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {"tb_lossgap/static/index.js", "tb_lossgap/static/index.css"} <= set(names)
    assert not [name for name in names if name.endswith((".so", ".pyd"))]


def test_a_wheel_carries_all_that_is_read_at_run_time(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"tb_lossgap/py.typed", "tb_lossgap/http_api.md", "tb_lossgap/pairing/conventions.toml"} <= names
    assert any(name.startswith("tb_lossgap/demo_runs/") and "tfevents" in name for name in names)


def test_a_wheel_names_the_licences_of_all_that_is_bundled(wheel: Path) -> None:
    licences = zipfile.ZipFile(wheel).read("tb_lossgap/static/licenses.txt").decode()
    assert all(f"{name} " in licences for name in ("htm", "preact", "uplot"))


def test_a_wheel_holds_nothing_but_the_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"tb_lossgap"}


def test_a_wheel_is_fit_to_be_published(wheel: Path, sdist: Path) -> None:
    twine = run_python("-W", "ignore", "-m", "twine", "check", "--strict", str(wheel), str(sdist), folder=wheel.parent)
    assert twine.returncode == 0, twine.stdout
    contents = run_python("-m", "check_wheel_contents", str(wheel), folder=wheel.parent)
    assert contents.returncode == 0, contents.stdout


@pytest.mark.usefixtures("sdist")
def test_building_leaves_the_checkout_clean(checkout: Path) -> None:
    assert status(checkout) == ""


def test_without_its_packages_npm_fails_with_a_clear_message(tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path)
    built = run_python("setup.py", "build_frontend", folder=checkout, npm_config_offline="true")
    assert built.returncode != 0
    assert "error: the front end could not be built: 'npm ci" in built.stdout
