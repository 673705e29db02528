from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.host.conftest import trainings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StartTensorBoard
    from tests.servers import Host
    from tests.servers import Server


@pytest.fixture(scope="module", params=["newest", "oldest"])
def host(request: pytest.FixtureRequest) -> Host:
    name: Host = request.param
    return name


@pytest.fixture(scope="module", params=["auto", "false"])
def server(request: pytest.FixtureRequest, host: Host, logdir: Path, tensorboard_server: StartTensorBoard) -> Server:
    return tensorboard_server(f"--logdir={logdir}", f"--load_fast={request.param}", host=host)


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


@pytest.mark.parametrize("prefix", ["/a", "/a/b/"])
def test_a_path_prefix_changes_nothing(
    host: Host, prefix: str, logdir: Path, tensorboard_server: StartTensorBoard
) -> None:
    server = tensorboard_server(f"--logdir={logdir}", f"--path_prefix={prefix}", host=host)
    assert server.url.endswith(prefix.rstrip("/") + "/")
    assert len(trainings(server)["trainings"]) == 2


def test_a_logdir_specification_names_runs_as_tensorboard_does(
    host: Host, logdir: Path, tensorboard_server: StartTensorBoard
) -> None:
    server = tensorboard_server(f"--logdir_spec=a:{logdir / 'keras'},b:{logdir / 'by-hand'}", host=host)
    answer = trainings(server)
    runs = {run for row in answer["trainings"] for run in row["runs"]}
    assert runs == {"a/train", "a/validation", "b"}
    assert runs == set(server.json("data/runs"))


def test_bind_all_serves_the_tab(host: Host, logdir: Path, tensorboard_server: StartTensorBoard) -> None:
    server = tensorboard_server(f"--logdir={logdir}", "--bind_all", host=host)
    assert server.json("data/plugins_listing")["lossgap"]["enabled"]
