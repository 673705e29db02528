from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.tab import Tab
    from tests.servers import Server

ALONE = "&p.lossgap.filter=%5Eoverfits"


def column(tab: Tab, name: str, key: str) -> Locator:
    labels = tab.run("[...document.querySelectorAll('.ranking thead th')].map(head => head.className)")
    place = next(index for index, classes in enumerate(labels) if key in classes.split())
    return tab.row(name).locator("> *").nth(place)


def slide(tab: Tab, rule: str, times: int) -> None:
    slider = tab.frame.locator(f"#{rule}")
    slider.focus()
    for _ in range(abs(times)):
        slider.press("ArrowRight" if times > 0 else "ArrowLeft")
    tab.settle()


def test_patience_moves_the_stop(board: Tab, server: Server) -> None:
    board.show(server, ALONE)
    expect(column(board, "overfits", "stop")).to_have_text("30")
    slide(board, "patience", -5)
    board.expect_setting("patience", "5")
    expect(column(board, "overfits", "stop")).to_have_text("25")
    assert board.attribute("state") == "ready"


def test_min_delta_moves_the_stop(board: Tab, server: Server) -> None:
    board.show(server, ALONE)
    slide(board, "min_delta", 11)
    board.expect_setting("min_delta", "0.05")
    expect(column(board, "overfits", "stop")).not_to_have_text("30")


def test_tolerance_changes_the_verdict(board: Tab, server: Server) -> None:
    board.show(server, f"{ALONE}&p.lossgap.columns=name~verdict~onset")
    expect(column(board, "overfits", "verdict")).to_contain_text("overfit")
    onset = column(board, "overfits", "onset").inner_text()
    slide(board, "tolerance", 10)
    board.expect_setting("tolerance", "30")
    expect(column(board, "overfits", "onset")).not_to_have_text(onset)


def test_a_rule_can_be_typed_exactly(board: Tab, server: Server) -> None:
    board.show(server, ALONE)
    box = board.frame.get_by_label("patience, exactly")
    box.fill("17")
    box.press("Enter")
    board.settle()
    board.expect_setting("patience", "17")
    expect(column(board, "overfits", "stop")).to_have_text("37")


def test_the_page_shows_what_the_server_judged(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.patience=3&p.lossgap.tolerance=10&p.lossgap.select=all")
    judged = server.json("data/plugin/lossgap/trainings?patience=3&tolerance=10")["trainings"]
    for row in judged[:6]:
        shown = board.row(row["name"]).first
        stop = "–" if row["stop"] is None else str(row["stop"]["step"])
        assert column(board, row["name"], "stop").first.inner_text() == stop
        expect(shown.locator(".chip")).to_contain_text(row["verdict"].replace("-", " "))


def test_another_metric_can_be_judged(board: Tab) -> None:
    menu = board.frame.get_by_role("combobox", name="Metric")
    options = [option.strip() for option in menu.locator("option").all_inner_texts()]
    assert options[0] == "each training's main loss"
    assert any(re.match(r"accuracy \(\d+, higher is better\)", option) for option in options)
    menu.select_option("accuracy")
    board.settle()
    board.expect_setting("metric", "accuracy")
    expect(board.frame.locator(".curves figcaption").first).to_contain_text("accuracy")
    best = board.frame.locator(".ranking tbody td:nth-child(4)").all_inner_texts()[:5]
    assert best == sorted(best, reverse=True)


def test_details_tell_the_reason_the_pair_and_its_alignment(board: Tab, server: Server) -> None:
    board.show(server, ALONE)
    details = board.frame.locator(".details")
    for fact in ("val_loss in overfits (60 points)", "60 of 60 validation points", "every logged point", "at step 30"):
        expect(details).to_contain_text(fact)
    (judged,) = (row for row in server.json("data/plugin/lossgap/trainings")["trainings"] if row["name"] == "overfits")
    expect(details).to_contain_text(judged["reason"][0].upper() + judged["reason"][1:])
    expect(details).to_contain_text(judged["advice"])


def test_details_list_hyperparameters(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=lr-0.01")
    facts = board.frame.locator(".details section").filter(has_text="Hyperparameters")
    expect(facts).to_contain_text(re.compile(r"lr\s*0\.01"))
    expect(facts).to_contain_text(re.compile(r"optimizer\s*sgd"))


def test_markers_carry_labels(board: Tab, server: Server) -> None:
    board.show(server, ALONE)
    board.frame.get_by_role("button", name="Export").click()
    with board.page.expect_download() as download:
        board.frame.get_by_role("button", name="Picture: SVG").click()
    texts = re.findall("<text[^>]*>([^<]*)", download.value.path().read_text(encoding="utf-8"))
    assert any("best" in text and "@20" in text for text in texts)
    assert any(text.startswith("onset") for text in texts)
    assert any("stop" in text and "10" in text for text in texts)


@pytest.mark.parametrize("panel", ["Fit map", "Against a hyperparameter"])
def test_an_overview_has_a_dot_a_training_that_brings_it_into_focus(board: Tab, server: Server, panel: str) -> None:
    board.show(server, "&p.lossgap.filter=sweep")
    board.frame.get_by_role("tab", name=panel).click()
    dots = board.frame.locator(".scatter .dot:not(.lifted)")
    expect(dots).to_have_count(4)
    dots.nth(2).dispatch_event("click")
    board.expect_setting("focus", re.compile("[0-9a-f]+"))
    expect(board.frame.locator(".scatter .dot-name")).to_contain_text("sweep/lr-")


def test_a_result_can_be_seen_against_each_hyperparameter(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=sweep")
    board.frame.get_by_role("tab", name="Against a hyperparameter").click()
    board.choose("Hyperparameter", "optimizer")
    expect(board.frame.locator(".scatter")).to_contain_text("adam")
    board.choose("against", "final gap")
    label = "final gap against optimizer, 4 trainings"
    expect(board.frame.get_by_role("img", name=label)).to_be_visible()


def test_what_could_not_be_paired_is_listed_with_its_reason(board: Tab, server: Server) -> None:
    unpaired = server.json("data/plugin/lossgap/trainings")["unpaired"]
    tab = board.frame.get_by_role("tab", name="Not paired")
    expect(tab).to_have_count(min(1, unpaired["total"]))
    assert json.dumps(unpaired)
