from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.tab import Tab
    from tests.servers import Server

ALONE = "&p.lossgap.filter=%5Eoverfits"


def test_a_table_tells_what_each_patience_would_have_done(board: Tab, server: Server) -> None:
    board.show(server, ALONE)
    board.frame.get_by_role("tab", name="Patience").click()
    table = board.frame.get_by_role("region", name="Patience table")
    row = table.get_by_role("row").filter(has=board.frame.get_by_role("button", name="5", exact=True))
    expect(row).to_contain_text("1 of 1")
    # Of the 60 points the last 34 would not have been trained for.
    expect(row).to_contain_text(re.compile(r"56\.\d %"))
    row.get_by_role("button").click()
    board.expect_setting("patience", "5")
    expect(row.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    expect(board.row("overfits")).to_contain_text("25")
    assert board.violations() == []


@pytest.mark.parametrize(
    ("rule", "key"), [("Lightning", "lightning"), ("Prechelt GL", "gl"), ("Prechelt PQ", "pq"), ("Prechelt UP", "up")]
)
def test_another_rule_can_stop(board: Tab, server: Server, rule: str, key: str) -> None:
    board.show(server, ALONE)
    board.choose("stop", rule)
    board.expect_setting("criterion", key)
    (judged,) = (
        row
        for row in server.json(f"data/plugin/lossgap/trainings?criterion={key}")["trainings"]
        if row["name"] == "overfits"
    )
    assert judged["stop"]["criterion"] == key
    expect(board.row("overfits")).to_contain_text(str(judged["stop"]["step"]))
    expect(board.frame.locator(".details")).to_contain_text(f"at step {judged['stop']['step']}")


def test_the_pair_of_a_training_can_be_chosen_by_hand(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=seeds/a-seed3")
    recognised = board.row("seeds/a-seed3").inner_text()
    board.frame.get_by_role("button", name="Choose another pair").click()
    board.choose("Validation side", "val_accuracy in seeds/a-seed3 (60)")
    board.expect_setting("pairs", re.compile(".*val_accuracy.*"))
    expect(board.row("seeds/a-seed3")).not_to_have_text(recognised)
    permanent = board.frame.locator(".permanent")
    expect(permanent.first).to_contain_text("--lossgap_pair")
    expect(permanent.last).to_contain_text("val_accuracy")
    assert board.violations() == []
    permanent.first.get_by_role("button", name="Copy").click()
    expect(board.frame.locator(".pairing .said")).to_have_text("Copied.")
    assert "--lossgap_pair" in board.page.evaluate("navigator.clipboard.readText()")
    board.frame.get_by_role("button", name="Back to the pair that was recognised").click()
    board.settle()
    board.expect_setting("pairs", "")
    assert board.row("seeds/a-seed3").inner_text() == recognised


def test_groups_are_drawn_as_their_mean_with_its_interval(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=seeds")
    single = board.drawing()
    board.show(server, "&p.lossgap.filter=seeds&p.lossgap.group=seeds/(.)-seed")
    means = board.drawing()
    assert means != single
    expect(board.frame.locator(".group-key")).to_have_text([re.compile(r"a\s*\(3\)"), re.compile(r"b\s*\(3\)")])
    board.frame.locator(".ranking").get_by_role("button", name="Group").click()
    board.frame.get_by_label("draw groups as their mean").uncheck()
    board.settle()
    board.expect_setting("means", "false")
    expect(board.frame.locator(".group-key")).to_have_count(0)
    assert board.drawing() != means


def test_boards_that_measure_the_same_can_be_ranked_together(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=slashes|overfits")
    ranks = board.frame.locator(".ranking tbody td:first-child")
    before = board.row("slashes").locator("td").first.inner_text()
    assert before == "1"
    board.frame.locator(".ranking").get_by_role("button", name="Boards").click()
    for tag in ("val/loss", "val_loss"):
        board.frame.locator(".sheet").get_by_label(tag).check()
    board.settle()
    board.expect_setting("joined", re.compile("val%2Floss.*val_loss"))
    expect(board.row("slashes").locator("td").first).not_to_have_text("1")
    assert len(set(ranks.all_inner_texts())) == 2
