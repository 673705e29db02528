from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.tab import Tab
    from tests.servers import Server

# Every setting that a link can hold, at a value that is not its usual one.
SETTINGS = {
    "select": "all",
    "filter": "seeds|sweep",
    "metric": "accuracy",
    "view": "grid",
    "x": "fraction",
    "y": "log",
    "clip": "true",
    "smooth": "0.4",
    "gap": "ratio",
    "patience": "4",
    "min_delta": "0.002",
    "tolerance": "7",
    "sort": "-best",
    "columns": "name~best~h:lr",
    "group": "dir",
    "fold": "seeds",
    "zoom": "0.25..0.75",
    "criterion": "lightning",
    "joined": "val/loss\nval_loss",
    "panel": "fit",
}


def shown(tab: Tab) -> dict[str, object]:
    """What each control says."""
    state: dict[str, object] = tab.run(
        """Object.fromEntries([...document.querySelectorAll('#lossgap :is(input, select)')]
        .map((box, index) => [`${index} ${box.ariaLabel ?? box.id}`, box.type === 'checkbox' ? box.checked : box.value])
        .concat([...document.querySelectorAll('[aria-pressed=true], [aria-selected=true], [aria-sort$=ending],' +
        '[aria-expanded=false]')]
        .map((element) => [element.textContent, true])))"""
    )
    return state


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_travels_in_the_link(board: Tab, server: Server, name: str) -> None:
    board.show(server, "&p.lossgap.patience=11")
    usual = shown(board), board.drawing()
    board.show(server, f"&p.lossgap.patience=11&p.lossgap.{name}={quote(SETTINGS[name])}")
    changed = shown(board), board.drawing()
    assert changed != usual
    board.frame.locator("body").press("l")
    board.frame.locator("body").press("l")
    board.expect_setting(name, board.page.evaluate("encodeURIComponent", SETTINGS[name]))


def test_a_pasted_link_shows_the_same_thing(board: Tab, server: Server) -> None:
    known = {row["name"]: row["id"] for row in server.json("data/plugin/lossgap/trainings")["trainings"]}
    settings = SETTINGS | {"focus": known["sweep/lr-0.01"], "baseline": known["sweep/lr-0.1"]}
    link = "".join(f"&p.lossgap.{name}={quote(value)}" for name, value in settings.items())
    board.show(server, link)
    controls, drawing, pasted = shown(board), board.drawing(), board.page.url
    board.open(server, pasted.partition("#lossgap")[2])
    board.settle()
    assert shown(board) == controls
    assert board.drawing() == drawing
    assert board.page.url == pasted


def test_what_makes_no_sense_in_a_link_is_left_at_its_default(board: Tab, server: Server) -> None:
    usual = shown(board), board.drawing()
    nonsense = "&p.lossgap.x=sideways&p.lossgap.smooth=much&p.lossgap.zoom=5..1&p.lossgap.clip=maybe&p.lossgap.other=1"
    board.show(server, nonsense)
    assert (shown(board), board.drawing()) == usual


def test_the_link_is_short_and_leaves_the_history_alone(board: Tab) -> None:
    entries = board.page.evaluate("history.length")
    board.frame.get_by_role("button", name="Side by side").click()
    board.expect_setting("view", "grid")
    assert board.page.url.endswith("#lossgap&p.lossgap.view=grid")
    assert board.page.evaluate("history.length") == entries


def test_the_link_survives_a_visit_to_another_tab(board: Tab) -> None:
    board.frame.get_by_role("button", name="Side by side").click()
    board.expect_setting("view", "grid")
    board.page.get_by_text("Time Series").first.click()
    board.page.wait_for_function("document.querySelector('iframe[src*=lossgap]').clientHeight === 0")
    board.page.get_by_text("Loss Gap").first.click()
    expect(board.frame.locator(".grid")).to_be_visible()
    board.expect_setting("view", "grid")
