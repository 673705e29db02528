from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.host.conftest import trainings
from tests.host.conftest import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StartTensorBoard
    from tests.servers import Host
    from tests.servers import Server


@pytest.fixture(
    scope="module",
    params=[("newest", "auto"), ("newest", "false"), ("oldest", "auto"), ("oldest", "false"), ("tensorflow", "auto")],
    ids=" ".join,
)
def server(request: pytest.FixtureRequest, logdir: Path, tensorboard_server: StartTensorBoard) -> Server:
    host, load_fast = request.param
    return tensorboard_server(f"--logdir={logdir}", f"--load_fast={load_fast}", host=host)


def test_the_tab_is_listed_and_active(server: Server) -> None:
    listed = server.json("data/plugins_listing")["lossgap"]
    assert (listed["tab_name"], listed["enabled"]) == ("Loss Gap", True)


def test_the_page_and_its_script_are_served(server: Server) -> None:
    module = server.json("data/plugins_listing")["lossgap"]["loading_mechanism"]["module_path"]
    script = server.fetch(module.removeprefix("/"))
    assert (script.status, script.headers.get_content_type()) == (200, "text/javascript")


def test_every_training_is_found_exactly(server: Server) -> None:
    answer = trainings(server)
    assert {row["name"]: row["val"]["points"] for row in answer["trainings"]} == {"keras": 20, "by-hand": 20}
    assert answer["exact"]


@pytest.mark.parametrize("host", ["newest", "oldest"])
@pytest.mark.parametrize("prefix", ["/a", "/a/b/"])
def test_a_path_prefix_changes_nothing(
    host: Host, prefix: str, logdir: Path, tensorboard_server: StartTensorBoard
) -> None:
    server = tensorboard_server(f"--logdir={logdir}", f"--path_prefix={prefix}", host=host)
    assert server.url.endswith(prefix.rstrip("/") + "/")
    assert len(trainings(server)["trainings"]) == 2


@pytest.mark.parametrize("host", ["newest", "oldest"])
def test_a_logdir_specification_names_runs_as_tensorboard_does(
    host: Host, logdir: Path, tensorboard_server: StartTensorBoard
) -> None:
    server = tensorboard_server(f"--logdir_spec=a:{logdir / 'keras'},b:{logdir / 'by-hand'}", host=host)
    names = wait_for(server, "data/runs", lambda runs: len(runs) == 3)
    assert {run for row in trainings(server)["trainings"] for run in row["runs"]} == set(names)


@pytest.mark.parametrize("host", ["newest", "oldest"])
def test_all_interfaces_serve_the_tab(host: Host, logdir: Path, tensorboard_server: StartTensorBoard) -> None:
    server = tensorboard_server(f"--logdir={logdir}", "--bind_all", host=host)
    assert server.json("data/plugins_listing")["lossgap"]["enabled"]
