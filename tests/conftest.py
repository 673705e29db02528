"""What all tests share: deterministic properties, real servers, a real browser, and no skipping."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import settings

from tests.servers import Host
from tests.servers import Server
from tests.servers import TensorBoards
from tests.servers import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from _pytest.terminal import TerminalReporter

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

# Commands and TensorBoards are those of the environment that is tested, whether or not it is the active one.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

# Their tests start processes, the last ones the most.
SLOW_ROOMS = ("hostile", "fleet", "docs", "api", "cli", "host", "package", "browser")


class StartTensorBoard(Protocol):
    """Starts TensorBoard on a free port, with flags such as `--logdir=…`."""

    def __call__(
        self, *flags: str, host: Host = "newest", env: Mapping[str, str] | None = None, fault: str = ""
    ) -> Server: ...


@pytest.fixture(scope="module")
def tensorboard_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartTensorBoard]:
    boards = TensorBoards(tmp_path_factory.mktemp("tensorboard"))
    yield boards.start
    boards.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | {"executable_path": chromium(), "args": ["--no-sandbox"]}


@pytest.fixture(autouse=True)
def _empty_memory() -> Iterator[None]:
    """Leaves nothing in the store of fsspec that is shared by all of a process."""
    yield
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Runs what is fast first; last in processes side by side, so that none of them waits long for the others' end."""
    items.sort(
        key=lambda item: next((1 + i for i, room in enumerate(SLOW_ROOMS) if room in item.path.parts), 0),
        reverse=hasattr(config, "workerinput"),
    )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Lets a session with a skipped test fail: what was not run is not known to work."""
    terminal: TerminalReporter | None = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal and terminal.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
