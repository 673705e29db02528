"""A page that looks at the tab as a person does, and remembers every complaint of the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.logs import write_trainings
from tests.browser.tab import ACTION_SECONDS
from tests.browser.tab import VIEWPORT
from tests.browser.tab import Tab
from tests.servers import TensorBoards

if TYPE_CHECKING:
    from collections.abc import Generator
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from playwright.sync_api import Page

    from tests.conftest import StartTensorBoard
    from tests.servers import Host
    from tests.servers import Server


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tells the tab that its test failed, so that it leaves a picture."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session", params=["newest", "oldest"])
def host(request: pytest.FixtureRequest) -> Host:
    chosen: Host = request.param
    return chosen


@pytest.fixture(scope="session")
def boards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartTensorBoard]:
    boards = TensorBoards(tmp_path_factory.mktemp("boards"))
    yield boards.start
    boards.stop()


@pytest.fixture(scope="session")
def trainings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_trainings(tmp_path_factory.mktemp("trainings"))


@pytest.fixture(scope="session")
def servers() -> dict[Host, Server]:
    return {}


@pytest.fixture
def server(trainings: Path, boards: StartTensorBoard, host: Host, servers: dict[Host, Server]) -> Server:
    """TensorBoard on one training for each thing that the page can show; nothing there changes."""
    # Once a host, though processes that share the tests of all files go from one host to the other and back.
    if host not in servers:
        servers[host] = boards(f"--logdir={trainings}", "--reload_interval=0", host=host)
    return servers[host]


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport=VIEWPORT, permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.set_default_timeout(ACTION_SECONDS * 1000)
        yield page


@pytest.fixture
def tab(window: Page, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tab]:
    """The tab, not opened yet. The page is shared by all tests; what it complains of, ends the test."""
    tab = Tab(window)
    window.on("console", tab.heard)
    window.on("pageerror", tab.failed)
    try:
        yield tab
        assert tab.complaints == []
    finally:
        if request.node.stash.get(FAILED, False):
            tab.picture(tmp_path / "failed.png")
        window.remove_listener("console", tab.heard)
        window.remove_listener("pageerror", tab.failed)
        tab.restore()


@pytest.fixture
def board(tab: Tab, server: Server) -> Tab:
    """The tab with its usual settings, on one training for each thing that the page can show."""
    tab.show(server)
    return tab
