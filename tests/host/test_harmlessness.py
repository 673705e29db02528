from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.host.conftest import wait_for
from tests.servers import executable

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StartTensorBoard
    from tests.servers import Host
    from tests.servers import Server

FAIL = """
def fail(*arguments, **named):
    raise RuntimeError("planted")
"""
MISSING = "import sys; sys.modules['{}'] = None"

FAULTS = {
    "the plugin's module": MISSING.format("tb_lossgap.plugin"),
    "the routes' module": MISSING.format("tb_lossgap.tab.routes"),
    "the reader's module": MISSING.format("tb_lossgap.events"),
    "the static files' module": MISSING.format("tb_lossgap.tab.static_files"),
    "a library we need": MISSING.format("tsdownsample"),
    "load()": f"{FAIL}\nimport tb_lossgap.loader as at\nat.LossGapLoader.load = fail",
    "the constructor": f"{FAIL}\nimport tb_lossgap.plugin as at\nat.LossGapPlugin.__init__ = fail",
    "get_plugin_apps()": f"{FAIL}\nimport tb_lossgap.plugin as at\nat.LossGapPlugin.get_plugin_apps = fail",
    "the fingerprint": f"{FAIL}\nimport tb_lossgap.tab.static_files as at\nat.fingerprint = fail",
    "the library": f"{FAIL}\nimport tb_lossgap.tab.host as at\nat.open_library = fail",
    "every route": f"{FAIL}\nimport tb_lossgap.tab.routes as at\nat.Routes.answer = fail",
    "the background thread": f"{FAIL}\nimport tb_lossgap.library as at\nat.Library.refresh = fail",
    "another plugin's flag": (
        "import argparse\nadd = argparse._ArgumentGroup.add_argument\n"
        "def collide(group, *names, **named):\n"
        "    if '--lossgap_pair' in names:\n        raise argparse.ArgumentError(None, 'planted')\n"
        "    return add(group, *names, **named)\n"
        "argparse._ArgumentGroup.add_argument = collide"
    ),
}


def assert_other_tabs_work(server: Server) -> None:
    wait_for(server, "data/plugins_listing", lambda tabs: tabs["scalars"]["enabled"] and tabs["timeseries"]["enabled"])
    wait_for(
        server, "data/plugin/scalars/tags", lambda runs: set(runs) == {"keras/train", "keras/validation", "by-hand"}
    )
    assert server.json("data/plugin/scalars/scalars?run=by-hand&tag=loss")


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_failure_leaves_every_other_tab_working(
    fault: str, logdir: Path, tensorboard_server: StartTensorBoard
) -> None:
    server = tensorboard_server(f"--logdir={logdir}", "--load_fast=false", "--reload_interval=1", fault=fault)
    for path in ("trainings", "progress", "static/index.js"):
        server.fetch(f"data/plugin/lossgap/{path}")
    assert_other_tabs_work(server)


@pytest.mark.parametrize("fault", ["the plugin's module", "the fingerprint"])
def test_a_failure_leaves_every_other_tab_of_the_oldest_tensorboard_working(
    fault: str, logdir: Path, tensorboard_server: StartTensorBoard
) -> None:
    server = tensorboard_server(f"--logdir={logdir}", "--load_fast=false", host="oldest", fault=FAULTS[fault])
    assert_other_tabs_work(server)


@pytest.mark.parametrize("host", ["newest", "oldest"])
def test_the_entry_point_imports_nothing_that_tensorboard_has_not_imported(host: Host) -> None:
    code = (
        "import sys, tensorboard.default, tensorboard.program\nbefore = set(sys.modules)\n"
        "import tb_lossgap.loader\nprint(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run([executable("python", host), "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["tb_lossgap", "tb_lossgap.loader"]


@pytest.mark.parametrize("host", ["newest", "oldest"])
def test_a_started_tensorboard_has_not_loaded_the_reader(host: Host, logdir: Path) -> None:
    code = (
        "import sys\nfrom tensorboard import program\nserver = program.TensorBoard()\n"
        f"server.configure(logdir={str(logdir)!r}, load_fast='false', port=0)\nserver.launch()\n"
        "print(*sys.modules)"
    )
    run = subprocess.run([executable("python", host), "-c", code], capture_output=True, text=True, check=True)
    loaded = {name for name in run.stdout.split() if name.split(".")[0] in ("tb_lossgap", "tsdownsample")}
    assert loaded <= {"tb_lossgap", *(f"tb_lossgap.{name}" for name in ("loader", "plugin", "tab", "tab.static_files"))}
