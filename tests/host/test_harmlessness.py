from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

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
    listed = server.json("data/plugins_listing")
    assert listed["scalars"]["enabled"]
    assert listed["timeseries"]["enabled"]
    assert set(server.json("data/plugin/scalars/tags")) == {"keras/train", "keras/validation", "by-hand"}
    assert server.json("data/plugin/scalars/scalars?run=by-hand&tag=loss")


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
@pytest.mark.parametrize("host", ["newest", "oldest"])
def test_a_failure_leaves_every_other_tab_working(
    host: Host, fault: str, logdir: Path, tensorboard_server: StartTensorBoard
) -> None:
    server = tensorboard_server(
        f"--logdir={logdir}", "--load_fast=false", "--reload_interval=1", host=host, fault=fault
    )
    for path in ("trainings", "progress", "static/index.js"):
        server.fetch(f"data/plugin/lossgap/{path}")
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
        "print(*(name for name in sys.modules if name.startswith(('tb_lossgap', 'tsdownsample', 'fsspec'))))"
    )
    run = subprocess.run([executable("python", host), "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "tb_lossgap.plugin" in loaded
    assert not {name for name in loaded if name.startswith(("tb_lossgap.events", "tb_lossgap.analysis", "tsd", "fss"))}
