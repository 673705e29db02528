from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.tab import Tab
    from tests.servers import Server

# What axe looks at is inside our frame, which is the same in every TensorBoard.
IN_ONE_HOST = pytest.mark.parametrize("host", ["newest"], indirect=True)


def test_each_term_explains_itself_on_hover_and_focus(board: Tab) -> None:
    bubble = board.frame.locator("#bubble")
    terms = board.frame.locator(".ranking thead button[data-help]")
    for index in range(terms.count()):
        terms.nth(index).hover()
        expect(bubble).to_be_visible()
        expect(bubble).to_have_text(terms.nth(index).get_attribute("data-help") or "?")
    board.page.mouse.move(0, 0)
    for label in ("patience", "tolerance", "Smooth"):
        board.frame.get_by_label(label, exact=True).focus()
        expect(bubble).to_be_visible()
        expect(board.frame.locator("[aria-describedby=bubble]")).to_have_count(1)
    board.page.keyboard.press("Escape")
    expect(bubble).to_be_hidden()


def test_verdicts_explain_themselves(board: Tab, server: Server) -> None:
    (judged,) = (row for row in server.json("data/plugin/lossgap/trainings")["trainings"] if row["name"] == "overfits")
    board.row("overfits").locator(".chip").hover()
    expect(board.frame.locator("#bubble")).to_have_text(judged["reason"])


def test_charts_are_labelled_and_stand_in_a_hidden_table(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=%5Eoverfits")
    for name in ("Training and validation loss of 1 training", "Gap (validation − training) of 1 training"):
        expect(board.frame.get_by_role("img", name=name)).to_be_visible()
    table = board.frame.get_by_role("table", name="What the charts show")
    cells = table.get_by_role("row").nth(1).locator("th, td").all_inner_texts()
    assert cells[:5] == ["overfits", "overfit", "0.4000", "20", "+0.1364"]
    assert cells[8] == "30"


def test_motion_stops_where_a_person_asks_for_less(board: Tab) -> None:
    moving = (
        "[...document.querySelectorAll('#lossgap *')].filter(element => {"
        "const {transitionDuration, animationName} = getComputedStyle(element);"
        "return transitionDuration !== '0s' || animationName !== 'none' }).length"
    )
    assert board.run(moving) > 0
    board.page.emulate_media(reduced_motion="reduce")
    assert board.run(moving) == 0


def test_nothing_is_told_by_colour_alone(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.select=all")
    chips = board.frame.locator(".ranking .chip").all_inner_texts()
    assert all(len(chip.split()) >= 2 for chip in chips)
    assert len({chip.split()[0] for chip in chips}) == len({" ".join(chip.split()[1:3]) for chip in chips})


@pytest.mark.parametrize("width", [480, 1_024, 1_400])
def test_what_opens_stays_on_screen(board: Tab, width: int) -> None:
    board.page.set_viewport_size({"width": width, "height": 900})
    board.settle()
    for name in ("Export", "Columns", "Group", "Boards"):
        board.frame.get_by_role("button", name=name).last.click()
        sheet = board.frame.locator(".sheet")
        expect(sheet).to_be_visible()
        hidden = sheet.evaluate(
            """(sheet) => {
            const {left, right} = sheet.getBoundingClientRect();
            const main = document.querySelector('main').getBoundingClientRect();
            return Math.max(main.left - left, right - main.right) }"""
        )
        assert hidden <= 0, name
        board.page.keyboard.press("Escape")


@IN_ONE_HOST
@pytest.mark.parametrize("link", ["", "&p.lossgap.view=grid&p.lossgap.group=dir", "&p.lossgap.select=none"])
def test_axe_finds_nothing(board: Tab, server: Server, link: str) -> None:
    board.show(server, link)
    for dark in (False, True):
        board.switch_dark(on=dark)
        board.settle()
        assert board.violations() == []


@IN_ONE_HOST
@pytest.mark.parametrize("button", ["Export", "Columns", "Group", "Keys and terms"])
def test_axe_finds_nothing_in_what_opens(board: Tab, button: str) -> None:
    board.frame.get_by_role("button", name=button).last.click()
    for dark in (False, True):
        board.switch_dark(on=dark)
        assert board.violations() == []


@IN_ONE_HOST
@pytest.mark.parametrize("panel", ["Fit map", "Against a hyperparameter"])
def test_axe_finds_nothing_in_the_overviews(board: Tab, server: Server, panel: str) -> None:
    board.show(server, "&p.lossgap.baseline=x")
    board.frame.get_by_role("tab", name=panel).click()
    for dark in (False, True):
        board.switch_dark(on=dark)
        assert board.violations() == []
