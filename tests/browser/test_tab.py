from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.writing import write_events

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import Tab
    from tests.conftest import StartTensorBoard
    from tests.servers import Host
    from tests.servers import Server

BEGIN = 1_700_000_000.0


def overfitting(first: int, last: int) -> dict[str, list[tuple[int, float, float]]]:
    """Training that falls and validation that turns at step 20, as points of steps `first` to `last`."""
    steps = range(first, last + 1)
    return {
        "loss": [(step, BEGIN + step, math.exp(-step / 15)) for step in steps],
        "val_loss": [(step, BEGIN + step, 0.4 + ((step - 20) / 40) ** 2) for step in steps],
    }


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    write_events(folder / "overfits", overfitting(0, 59))
    write_events(folder / "short", overfitting(0, 19))
    return folder


@pytest.fixture(scope="module", params=["newest", "oldest"])
def server(request: pytest.FixtureRequest, logdir: Path, tensorboard_server: StartTensorBoard) -> Server:
    host: Host = request.param
    return tensorboard_server(f"--logdir={logdir}", "--reload_interval=1", host=host)


def test_the_tab_lists_and_draws_every_training(server: Server, tab: Tab) -> None:
    tab.open(server, "&p.lossgap.select=all")
    tab.wait_for("drawn", "2")
    assert tab.attribute("last-step") == "59"
    expect(tab.frame.get_by_text("overfits").first).to_be_visible()
    expect(tab.frame.get_by_text("short").first).to_be_visible()
    assert tab.page.frames[-1].evaluate("performance.getEntriesByName('lossgap:drawn').length") >= 1


def test_the_table_says_which_overfit_and_where_it_was_best(server: Server, tab: Tab) -> None:
    tab.open(server)
    row = tab.frame.get_by_role("row").filter(has_text="overfits").first
    expect(row).to_contain_text("overfit")
    expect(row).to_contain_text("20")


def test_the_tab_opens_by_a_click_on_its_name(server: Server, tab: Tab) -> None:
    tab.page.goto(server.url)
    tab.page.get_by_text("Loss Gap", exact=False).first.click()
    tab.wait_for("state", "ready")


def test_the_tab_follows_the_dark_switch(server: Server, tab: Tab) -> None:
    tab.open(server)
    background = "getComputedStyle(document.body).backgroundColor"
    light = tab.frame.locator("body").evaluate(background)
    tab.page.evaluate("document.body.classList.toggle('dark-mode')")
    tab.page.wait_for_function(
        f"light => document.querySelector('iframe[src*=lossgap]').contentWindow.eval({background!r}) !== light",
        arg=light,
    )


def test_new_points_appear_and_the_page_stays_ready(
    tmp_path: Path, tensorboard_server: StartTensorBoard, tab: Tab
) -> None:
    write_events(tmp_path / "live", overfitting(0, 9))
    server = tensorboard_server(f"--logdir={tmp_path}", "--reload_interval=1")
    tab.open(server, "&p.lossgap.select=all")
    tab.wait_for("last-step", "9")
    write_events(tmp_path / "live", overfitting(10, 14), append=True)
    tab.wait_for("last-step", "14")
    write_events(tmp_path / "second", overfitting(0, 30))
    tab.wait_for("drawn", "2")


def test_an_empty_logdir_says_what_to_do(tmp_path: Path, tensorboard_server: StartTensorBoard, tab: Tab) -> None:
    tab.open(tensorboard_server(f"--logdir={tmp_path}"), state="empty")
    expect(tab.frame.locator("body")).to_contain_text("--logdir")
