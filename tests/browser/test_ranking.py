from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.tab import DIGEST

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.tab import Tab
    from tests.servers import Server

EVERY = "rank~name~verdict~best~best_step~final~gap_at_best~final_gap~gl_final~onset~stop~regret~points~duration~metric"
SEEDS = "&p.lossgap.filter=seeds"


def names(tab: Tab) -> list[str]:
    return tab.frame.locator(".ranking tbody th[scope=row] bdi").all_inner_texts()


def head(tab: Tab, label: str) -> Locator:
    return tab.frame.get_by_role("columnheader").filter(has=tab.frame.get_by_role("button", name=label, exact=True))


def open_sheet(tab: Tab, name: str) -> Locator:
    tab.frame.locator(".ranking").get_by_role("button", name=name).click()
    return tab.frame.locator(".ranking .sheet")


def test_every_column_sorts_both_ways(board: Tab, server: Server) -> None:
    board.show(server, f"{SEEDS}&p.lossgap.columns={EVERY}")
    heads = board.frame.locator(".ranking thead th button")
    expect(heads).to_have_count(15)
    for index in range(15):
        cells = board.frame.locator(f".ranking tbody tr:has(th[scope=row]) > :nth-child({index + 1})")
        sorts = board.frame.locator(f".ranking thead th:nth-child({index + 1})")
        orders = []
        for direction in ("ascending", "descending"):
            heads.nth(index).click()
            if index == 0 and direction == "ascending":
                # It comes sorted by rank, so that the first click turns it round.
                expect(sorts).to_have_attribute("aria-sort", "descending")
                heads.nth(index).click()
            expect(sorts).to_have_attribute("aria-sort", direction)
            orders.append(cells.all_inner_texts())
        # Those without a value come last whichever way it goes.
        rising, falling = ([text for text in order if text != "–"] for order in orders)
        assert falling == rising[::-1] or len(set(rising)) < len(rising)
        assert [text for text in orders[0] if text == "–"] == orders[0][len(rising) :]
    expect(board.frame.locator("th[aria-sort=ascending], th[aria-sort=descending]")).to_have_count(1)


@pytest.mark.parametrize("host", ["newest"], indirect=True)
def test_names_stay_in_sight_while_a_narrow_table_is_scrolled(board: Tab, server: Server) -> None:
    board.page.set_viewport_size({"width": 600, "height": 900})
    board.show(server, f"{SEEDS}&p.lossgap.group=(.)-seed")
    scroll = board.frame.locator(".ranking .scroll")
    scroll.evaluate("(box) => { box.scrollIntoView(); box.scrollLeft = box.scrollWidth }")
    for name in ("thead th.name button", "tbody th[scope=row] bdi", "tbody th[scope=rowgroup] bdi"):
        expect(scroll.locator(name).first).to_be_in_viewport(ratio=1)
    uncovered = scroll.locator("tbody th[scope=row]").first.evaluate(
        "(name) => { const { left, top } = name.getBoundingClientRect();"
        " return name.contains(document.elementFromPoint(left + 20, top + 16)) }"
    )
    assert uncovered


def test_columns_can_be_chosen(board: Tab) -> None:
    sheet = open_sheet(board, "Columns")
    sheet.get_by_label("GL at end").check()
    sheet.get_by_label("lr", exact=True).check()
    sheet.get_by_label("Verdict", exact=True).uncheck()
    expect(head(board, "GL at end")).to_be_visible()
    expect(head(board, "lr")).to_be_visible()
    expect(head(board, "Verdict")).to_have_count(0)
    expect(board.row("sweep/lr-0.01")).to_contain_text("0.01000")
    board.expect_setting("columns", re.compile(".*gl_final.*h%3Alr"))
    sheet.get_by_role("button", name="Usual columns").click()
    expect(head(board, "GL at end")).to_have_count(0)
    board.expect_setting("columns", "")


def test_a_baseline_shows_how_the_others_differ(board: Tab, server: Server) -> None:
    board.show(server, SEEDS)
    board.row("seeds/a-seed1").get_by_role("button", name="Compare with").click()
    expect(board.row("seeds/a-seed1")).to_have_class(re.compile("pinned"))
    expect(board.row("seeds/b-seed1").locator(".delta").first).to_have_text("+0.1000")
    board.expect_setting("baseline", re.compile("[0-9a-f]+"))
    board.row("seeds/a-seed1").get_by_role("button", name="Compare with").click()
    expect(board.frame.locator(".ranking .delta")).to_have_count(0)


@pytest.mark.parametrize(
    ("label", "expected"), [("by directory", {"seeds", "sweep"}), ("regular", {"a", "b", "others"})]
)
def test_groups_fold(board: Tab, server: Server, label: str, expected: set[str]) -> None:
    board.show(server, "&p.lossgap.filter=seeds|sweep")
    sheet = open_sheet(board, "Group")
    if label == "regular":
        sheet.get_by_label("Regular expression for groups").fill("seeds/(.)-seed")
    else:
        sheet.get_by_label(label).check()
    groups = board.frame.locator(".ranking tbody tr.group")
    expect(groups).to_have_count(len(expected))
    assert set(groups.locator("bdi").all_inner_texts()) == expected
    before = len(names(board))
    groups.first.get_by_role("button").click()
    expect(groups.first.get_by_role("button")).to_have_attribute("aria-expanded", "false")
    assert len(names(board)) < before


def test_numbers_have_four_digits_and_the_full_value_on_hover(board: Tab) -> None:
    best = board.row("seeds/a-seed1").locator("td.number").nth(1)
    assert re.fullmatch(r"\d\.\d{4}|\d\.\d{3}", best.inner_text())
    assert float(best.get_attribute("title") or "") == pytest.approx(float(best.inner_text()), abs=5e-4)
    assert len(best.get_attribute("title") or "") > len(best.inner_text())


def test_a_click_on_a_row_shows_its_details(board: Tab) -> None:
    board.row("overfits").click()
    expect(board.row("overfits")).to_have_class(re.compile("focused"))
    expect(board.frame.locator(".details h2")).to_have_text("overfits")
    expect(board.frame.locator(".story")).to_contain_text("overfits")


def test_the_pointer_on_a_row_lifts_its_curves(board: Tab) -> None:
    over = board.frame.locator(".plot.loss .plot-overlay")
    before = over.evaluate(DIGEST)
    board.row("sweep/lr-0.01").hover()
    board.settle()
    assert over.evaluate(DIGEST) != before
    expect(board.frame.locator(".story")).to_contain_text("sweep/lr-0.01")
