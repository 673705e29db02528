from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.tab import Tab
    from tests.servers import Server


def switch(tab: Tab, name: str) -> Locator:
    return tab.frame.get_by_role("checkbox", name=f"Draw {name}", exact=True)


def press(tab: Tab, name: str) -> None:
    tab.frame.locator(".picks").get_by_role("button", name=name, exact=True).click()
    tab.settle()


def test_a_regular_expression_filters_list_table_and_charts(board: Tab) -> None:
    board.frame.get_by_placeholder("Filter").fill("seed[12]$")
    board.wait_for("drawn", "4")
    board.expect_setting("filter", "seed%5B12%5D%24")
    expect(board.frame.locator(".rows li.training")).to_have_count(4)
    expect(board.frame.locator(".ranking tbody th[scope=row]")).to_have_count(4)


def test_what_is_no_regular_expression_yet_says_so_and_hides_nothing(board: Tab) -> None:
    board.frame.get_by_placeholder("Filter").fill("seed(")
    expect(board.frame.get_by_role("alert")).to_contain_text("not a regular expression yet")
    expect(board.frame.locator(".drawn")).to_have_text("10 of 21 drawn")
    expect(board.frame.get_by_placeholder("Filter")).to_have_attribute("aria-invalid", "true")


def test_a_filter_that_finds_nothing_says_so(board: Tab) -> None:
    board.frame.get_by_placeholder("Filter").fill("no such name")
    expect(board.frame.locator(".trainings .hint")).to_contain_text("No training's name or verdict fits this filter")
    board.wait_for("drawn", "0")


def test_all_none_and_the_ten_best_can_be_drawn(board: Tab) -> None:
    press(board, "all")
    board.wait_for("drawn", "21")
    board.expect_setting("select", "all")
    press(board, "none")
    board.wait_for("drawn", "0")
    board.expect_setting("select", "none")
    press(board, "top 10")
    board.wait_for("drawn", "10")
    board.expect_setting("select", "")


def test_only_one_can_be_drawn(board: Tab) -> None:
    board.frame.get_by_role("button", name="Draw only overfits").click()
    board.wait_for("drawn", "1")
    expect(board.frame.locator(".story")).to_contain_text("overfits")
    expect(board.frame.locator(".rows input:checked")).to_have_count(1)


def test_each_can_be_switched_on_and_off(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.select=none")
    for drawn, name in enumerate(("long", "overfits"), start=1):
        switch(board, name).check()
        board.wait_for("drawn", str(drawn))
    switch(board, "long").uncheck()
    board.wait_for("drawn", "1")


def test_a_directory_is_a_group_that_is_switched_and_folded_as_one(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.select=none&p.lossgap.filter=seeds|sweep")
    group = board.frame.get_by_role("checkbox", name="Draw all of seeds")
    group.check()
    board.wait_for("drawn", "6")
    switch(board, "seeds/a-seed1").uncheck()
    board.wait_for("drawn", "5")
    assert group.evaluate("box => box.indeterminate")
    fold = board.frame.locator(".rows .group button").filter(has_text="seeds")
    expect(fold).to_have_attribute("aria-expanded", "true")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(switch(board, "seeds/a-seed2")).to_have_count(0)
    board.expect_setting("fold", "seeds")


def test_a_name_used_twice_shows_which_attempt_it_is(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=twice")
    expect(board.frame.locator(".rows .attempt")).to_have_text(["2/2", "1/2"])
    board.row("twice").first.click()
    attempts = board.frame.locator(".attempts button")
    expect(attempts).to_have_text(["1 of 2", "2 of 2"])
    attempts.first.click()
    expect(attempts.first).to_have_attribute("aria-current", "true")


def test_no_two_trainings_have_the_same_mark(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.select=all")
    marks = (
        "[...document.querySelectorAll('.rows .swatch path')].map(p => p.getAttribute('fill') + p.getAttribute('d'))"
    )
    found = board.run(marks)
    assert len(set(found)) == len(found) >= 15


def test_each_has_the_colour_that_time_series_gives_its_run(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=sweep")
    item = board.frame.locator(".rows li.training").filter(has_text="lr-0.001")
    ours = item.locator(".swatch path").evaluate("path => getComputedStyle(path).fill")
    board.page.get_by_text("Time Series").first.click()
    swatch = board.page.locator("[role=table] *, tb-data-table *, .rows *").locator(
        "xpath=self::*[contains(@style, 'background')][ancestor::*[self::tb-data-table-content-row or "
        "parent::*[contains(@class, 'rows')]][1][contains(., 'sweep/lr-0.001')]]"
    )
    theirs = swatch.first.evaluate("swatch => getComputedStyle(swatch).backgroundColor")
    board.page.get_by_text("Loss Gap").first.click()
    board.settle()
    assert ours == theirs
