from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.writing import write_events

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StartTensorBoard
    from tests.servers import Host
    from tests.servers import Server


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    points = [(step, 1_700_000_000.0 + step, 1 / (1 + step)) for step in range(20)]
    write_events(folder / "one", {"loss": points, "val_loss": points})
    return folder


@pytest.mark.parametrize("host", ["newest", "oldest"])
@pytest.mark.parametrize("loader", ["auto", "false"])
def test_the_tab_is_listed(logdir: Path, tensorboard_server: StartTensorBoard, host: Host, loader: str) -> None:
    server = tensorboard_server(f"--logdir={logdir}", f"--load_fast={loader}", host=host)
    listed = server.json("data/plugins_listing")["lossgap"]
    assert listed["tab_name"] == "Loss Gap"
