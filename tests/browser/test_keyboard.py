from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.tab import Tab
    from tests.servers import Server

ALONE = "&p.lossgap.filter=%5Eoverfits"
# What can be used with a mouse and is on screen; of radio buttons and tabs one stands for all.
USABLE = """[...document.querySelectorAll(
    '#lossgap :is(button, input, select, summary, a[href], [tabindex="0"])')].filter((element) =>
    !element.disabled && element.checkVisibility() && !element.closest('[tabindex="-1"]')
    && !(element.type === 'radio' && !element.checked))"""
WALK = f"""(() => {{
    const all = {USABLE};
    const at = document.activeElement;
    const {{outlineStyle, outlineWidth, boxShadow}} = getComputedStyle(at);
    const seen = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
    return [all.indexOf(at), seen, at.outerHTML.slice(0, 120)];
}})()"""


def spoken(tab: Tab) -> str:
    text: str = tab.run("document.querySelector('[aria-live=polite]').textContent")
    return text


def to_charts(tab: Tab) -> None:
    tab.frame.locator("#lossgap").evaluate("page => document.activeElement?.blur()")
    tab.frame.locator("body").press("c")


@pytest.mark.parametrize("link", ["", "&p.lossgap.view=grid", "&p.lossgap.group=dir"])
def test_tab_reaches_everything_and_focus_is_visible(board: Tab, server: Server, link: str) -> None:
    board.show(server, f"&p.lossgap.filter=seeds/a{link}")
    names = board.run(f"{USABLE}.map((element) => element.outerHTML.slice(0, 120))")
    board.frame.locator("#filter").focus()
    board.page.keyboard.press("Shift+Tab")
    reached, unseen = set(), []
    board.run("document.querySelector('#lossgap button, #lossgap input').focus()")
    for _ in range(len(names) + 3):
        place, seen, name = board.run(WALK)
        reached.add(place)
        if place >= 0 and not seen:
            unseen.append(name)
        board.page.keyboard.press("Tab")
    assert [name for place, name in enumerate(names) if place not in reached] == []
    assert unseen == []


def test_arrows_move_the_crosshair_and_what_it_is_on_is_spoken(board: Tab, server: Server) -> None:
    board.show(server, ALONE)
    to_charts(board)
    keys = [("Home", 0), ("ArrowRight", 1), ("PageUp", 11), ("ArrowLeft", 10), ("PageDown", 0), ("End", 59), ("b", 20)]
    for key, step in keys:
        board.page.keyboard.press(key)
        expect(board.frame.locator(".tooltip tbody td").nth(4)).to_have_text(str(step))
    live = board.frame.locator("[aria-live=polite]")
    expect(live).to_have_text("overfits, step 20: training 0.2636, validation 0.4000, gap +0.1364")
    board.page.keyboard.press("Escape")
    expect(board.frame.locator(".tooltip")).to_have_count(0)


def test_speech_waits_until_the_crosshair_rests(board: Tab, server: Server) -> None:
    board.show(server, ALONE)
    to_charts(board)
    board.run(
        """(() => { window.said = []; const live = document.querySelector('[aria-live=polite]');
        new MutationObserver(() => said.push(live.textContent))
        .observe(live, {childList: true, characterData: true, subtree: true}) })()"""
    )
    board.page.keyboard.press("Home")
    for _ in range(8):
        board.page.keyboard.press("ArrowRight")
    expect(board.frame.locator("[aria-live=polite]")).to_contain_text("step 8:")
    assert len(board.run("said")) <= 3


def test_up_and_down_go_from_training_to_training(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=seeds/a")
    to_charts(board)
    for key, name in (("ArrowDown", "seeds/a-seed2"), ("ArrowDown", "seeds/a-seed3"), ("ArrowUp", "seeds/a-seed2")):
        board.page.keyboard.press(key)
        expect(board.frame.locator(".story bdi")).to_have_text(name)


def test_plus_and_minus_zoom_about_the_crosshair(board: Tab, server: Server) -> None:
    board.show(server, ALONE)
    to_charts(board)
    for key in ("b", "+", "+"):
        board.page.keyboard.press(key)
    board.expect_setting("zoom", "15..29.75")
    board.page.keyboard.press("-")
    board.expect_setting("zoom", "10..39.5")
    board.page.keyboard.press("0")
    board.expect_setting("zoom", "")


def test_a_question_mark_lists_all_keys_and_terms(board: Tab) -> None:
    board.frame.locator("body").press("?")
    dialog = board.frame.get_by_role("dialog", name="Keys and terms")
    expect(dialog).to_be_visible()
    for text in ("move the crosshair", "go to the filter", "Generalization", "patience", "side by side"):
        expect(dialog).to_contain_text(text)
    board.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    board.frame.get_by_role("button", name="Keys and terms").press("Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").press("Enter")
    expect(dialog).to_be_hidden()


def test_letters_go_where_they_say(board: Tab) -> None:
    body = board.frame.locator("body")
    body.press("/")
    expect(board.frame.locator("#filter")).to_be_focused()
    board.page.keyboard.type("g?c")
    expect(board.frame.locator("#filter")).to_have_value("g?c")
    board.frame.locator("#filter").fill("")
    board.run("document.activeElement.blur()")
    body.press("t")
    expect(board.frame.get_by_role("region", name="Ranking table")).to_be_focused()
    body.press("g")
    board.expect_setting("view", "grid")
    body.press("c")
    expect(board.frame.locator(".grid")).to_be_focused()
    body.press("g")
    body.press("l")
    board.expect_setting("y", "log")


def test_every_control_works_by_keys_alone(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=seeds/a")
    frame, keys = board.frame, board.page.keyboard
    frame.get_by_role("button", name="Side by side").press("Enter")
    board.expect_setting("view", "grid")
    frame.get_by_role("checkbox", name="Draw seeds/a-seed1").press("Space")
    board.expect_setting("select", re.compile("[0-9a-f]+.*"))
    frame.get_by_role("button", name="Draw only seeds/a-seed3").press("Enter")
    expect(frame.locator(".grid > ul > li")).to_have_count(1)
    frame.locator("#smooth").press("ArrowRight")
    board.expect_setting("smooth", "0.001")
    frame.get_by_label("Clip outliers").press("Space")
    board.expect_setting("clip", "true")
    frame.get_by_role("button", name="Final", exact=True).press("Enter")
    board.expect_setting("sort", "final")
    board.row("seeds/a-seed2").get_by_role("button", name="seeds/a-seed2", exact=True).press("Enter")
    expect(frame.locator(".details h2")).to_have_text("seeds/a-seed2")
    board.row("seeds/a-seed2").get_by_role("button", name="Compare with").press("Enter")
    board.expect_setting("baseline", re.compile("[0-9a-f]+"))
    frame.get_by_role("tab", name="Details").press("ArrowRight")
    expect(frame.get_by_role("tab", name="Fit map")).to_be_focused()
    expect(frame.get_by_role("tab", name="Fit map")).to_have_attribute("aria-selected", "true")
    frame.locator(".ranking").get_by_role("button", name="Columns").press("Enter")
    keys.press("Tab")
    expect(frame.locator(".sheet :focus")).to_have_count(1)
    keys.press("Escape")
    expect(frame.locator(".sheet")).to_have_count(0)
    expect(frame.locator(".ranking").get_by_role("button", name="Columns")).to_be_focused()
    frame.get_by_role("combobox", name="Metric").press("ArrowDown")
    keys.press("Enter")


def test_a_menu_closes_when_something_else_is_clicked(board: Tab) -> None:
    board.frame.get_by_role("button", name="Export").click()
    expect(board.frame.locator(".sheet")).to_be_visible()
    board.frame.locator(".headline").click()
    expect(board.frame.locator(".sheet")).to_have_count(0)
