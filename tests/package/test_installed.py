"""Installs without the network: a checkout's wheel, an sdist's, and an editable checkout."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.package.conftest import Environment
from tests.servers import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAYS = ("wheel", "wheel_of_sdist", "editable")
PLUGINS = """
from importlib.metadata import distribution
(entry,) = distribution("tb-lossgap").entry_points.select(group="tensorboard_plugins")
print(entry.load().__name__, entry.load().__module__, __import__("tb_lossgap").__file__)
"""


@pytest.fixture(scope="module", params=WAYS)
def installed(
    request: pytest.FixtureRequest, bare_path: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Environment]:
    """An environment with the package, which is uninstalled in the end and then is as it was."""
    environment = Environment.make(tmp_path_factory.mktemp(request.param))
    before = environment.files()
    if request.param == "editable":
        request.getfixturevalue("wheel")  # has made the bundle
        checkout = request.getfixturevalue("checkout")
        environment.pip("install", "--no-deps", "--no-build-isolation", "--editable", str(checkout), PATH=bare_path)
    else:
        environment.pip("install", "--no-deps", str(request.getfixturevalue(request.param)))
    yield environment
    environment.pip("uninstall", "--yes", "tb-lossgap")
    assert environment.files() == before, "uninstalling left something behind"


def test_the_command_judges_trainings(installed: Environment) -> None:
    report = json.loads(installed.run("tb-lossgap", "report", str(ROOT / "tb_lossgap/demo_runs"), "--format", "json"))
    assert {"overfit", "good-fit"} <= {training["verdict"] for training in report["trainings"]}


def test_tensorboard_finds_the_plugin_of_this_very_install(
    installed: Environment, checkout: Path, request: pytest.FixtureRequest
) -> None:
    name, module, file = installed.run("python", "-c", PLUGINS).split()
    assert (name, module) == ("LossGapLoader", "tb_lossgap.loader")
    home = checkout if request.node.callspec.params["installed"] == "editable" else installed.folder
    assert file.startswith(str(home))
