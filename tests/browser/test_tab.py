from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.logs import overfitting
from tests.writing import write_events

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.tab import Tab
    from tests.conftest import StartTensorBoard
    from tests.servers import Host
    from tests.servers import Server


@pytest.fixture(scope="module")
def growing(tmp_path_factory: pytest.TempPathFactory, boards: StartTensorBoard, host: Host) -> tuple[Path, Server]:
    logdir = tmp_path_factory.mktemp("growing")
    write_events(logdir / "live", overfitting(0, 9))
    return logdir, boards(f"--logdir={logdir}", "--reload_interval=1", host=host)


def test_the_tab_opens_by_a_click_on_its_name(server: Server, tab: Tab) -> None:
    tab.page.goto(server.url)
    tab.page.get_by_text("Loss Gap", exact=False).first.click()
    tab.wait_for("state", "ready")


def test_the_headline_counts_and_names_the_best(board: Tab) -> None:
    headline = board.frame.locator(".headline")
    expect(headline).to_contain_text("21 trainings")
    expect(headline.locator(".tally").filter(has_text="overfit")).to_contain_text("1")
    expect(headline).to_contain_text("best: long, 0.1000 at step 2345")


def test_a_verdict_of_the_headline_filters(board: Tab) -> None:
    board.frame.locator(".tally").filter(has_text="overfit").click()
    board.expect_setting("filter", "%5Eoverfit%24")
    expect(board.frame.locator(".ranking tbody th")).to_have_text(["overfits"])


def test_the_first_look_draws_the_ten_best(board: Tab) -> None:
    assert board.attribute("drawn") == "10"
    assert board.attribute("last-step") == "3999"
    assert board.page.frames[-1].evaluate("performance.getEntriesByName('lossgap:drawn').length") >= 1


def test_a_link_may_ask_for_all(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.select=all")
    board.wait_for("drawn", "21")


def test_the_tab_follows_the_dark_switch(board: Tab) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    light, curves = board.run(background), board.drawing()
    board.switch_dark(on=True)
    board.settle()
    assert board.run(background) != light
    assert board.drawing() != curves
    board.switch_dark(on=False)
    board.settle()
    assert (board.run(background), board.drawing()) == (light, curves)


def test_new_points_appear_while_zoom_and_selection_stay(growing: tuple[Path, Server], tab: Tab) -> None:
    logdir, server = growing
    tab.open(server, "&p.lossgap.select=all&p.lossgap.zoom=2..6&p.lossgap.patience=3")
    tab.wait_for("last-step", "9")
    tab.run(
        """(() => { window.states = []; const root = document.documentElement;
        new MutationObserver(() => states.push(root.dataset.lossgapState))
        .observe(root, {attributeFilter: ['data-lossgap-state']}) })()"""
    )
    write_events(logdir / "live", overfitting(10, 14), append=True)
    write_events(logdir / "second", overfitting(0, 30))
    tab.wait_for("drawn", "2")
    tab.wait_for("last-step", "30")
    assert set(tab.run("states")) <= {"ready"}
    assert tab.setting("zoom") == "2..6"
    assert tab.setting("select") == "all"
    tab.point_at(0.999)
    expect(tab.frame.locator(".tooltip tbody tr").first).to_contain_text("6")
