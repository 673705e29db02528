from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.logs import LONG_BEST
from tests.browser.logs import overfitting

if TYPE_CHECKING:
    from playwright.sync_api import Request

    from tests.browser.tab import Tab
    from tests.servers import Server

ALONE = "&p.lossgap.filter=%5Eoverfits"
ALL = "&p.lossgap.select=all"
CROSSHAIRS = "[...document.querySelectorAll('.plot .u-cursor-x')].map(line => line.getBoundingClientRect().x)"


def step_at(tab: Tab, x: float, chart: Literal["loss", "gap"] = "loss") -> int:
    tab.point_at(x, 0.5, chart)
    return int(tab.frame.locator(".tooltip tbody tr td").nth(4).inner_text().replace("\u202f", ""))


def headings(tab: Tab) -> list[str]:
    return tab.frame.locator(".tooltip thead th").all_inner_texts()


@pytest.mark.parametrize("chart", ["loss", "gap"])
def test_the_crosshair_is_shared_by_both_charts(board: Tab, chart: Literal["loss", "gap"]) -> None:
    board.point_at(0.37, 0.5, chart)
    x = board.box()["x"] + 0.37 * board.box()["width"]
    assert board.run(CROSSHAIRS) == pytest.approx([x, x], abs=1.5)
    board.page.mouse.move(0, 0)
    expect(board.frame.locator(".tooltip")).to_have_count(0)


def test_the_crosshair_is_shared_by_charts_side_by_side(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.view=grid&p.lossgap.filter=seeds")
    board.point_at(0.5)
    offsets = "[...document.querySelectorAll('.plot .u-cursor-x')].map(l => l.style.transform || l.style.left)"
    assert len(set(board.run(offsets))) == 1
    assert board.run("document.querySelectorAll('.plot .u-cursor-x').length") >= 8
    readings = board.frame.locator("p.reading").all_inner_texts()
    assert all(reading.startswith("@") for reading in readings)


@pytest.mark.parametrize("chart", ["loss", "gap"])
def test_a_drag_zooms_both_charts(board: Tab, server: Server, chart: Literal["loss", "gap"]) -> None:
    board.show(server, ALONE)
    board.drag(0.25, 0.5, chart)
    board.expect_setting("zoom", re.compile(r"1[45]\.\d+\.\.(29|30)\.?\d*"))
    for each in ("loss", "gap"):
        assert (step_at(board, 0.01, each), step_at(board, 0.99, each)) == (15, 29)


def test_a_double_click_shows_everything_again(board: Tab, server: Server) -> None:
    board.show(server, ALONE)
    whole = board.drawing()
    board.show(server, f"{ALONE}&p.lossgap.zoom=10..20")
    assert board.drawing() != whole
    box = board.box()
    board.page.mouse.dblclick(box["x"] + 200, box["y"] + 50)
    board.settle()
    board.page.mouse.move(0, 0)
    board.expect_setting("zoom", "")
    assert board.drawing() == whole


def test_the_fit_button_shows_everything_again(board: Tab, server: Server) -> None:
    fit = board.frame.get_by_role("button", name="Fit", exact=True)
    expect(fit).to_be_disabled()
    board.show(server, f"{ALONE}&p.lossgap.zoom=10..20")
    fit.click()
    expect(fit).to_be_disabled()
    board.expect_setting("zoom", "")


def test_zoom_brings_back_every_point(board: Tab, server: Server) -> None:
    asked: list[dict[str, object]] = []

    def remember(request: Request) -> None:
        if request.url.endswith("/series"):
            asked.append(json.loads(request.post_data or ""))

    board.page.on("request", remember)
    board.show(server, "&p.lossgap.filter=%5Elong")
    whole = {step_at(board, 0.5 + pixel / 2000) for pixel in range(8)}
    board.show(server, f"&p.lossgap.filter=%5Elong&p.lossgap.zoom={LONG_BEST - 10}..{LONG_BEST + 10}")
    board.page.remove_listener("request", remember)
    assert (asked[-1]["from"], asked[-1]["to"]) == (LONG_BEST - 10, LONG_BEST + 10)
    near = [step_at(board, 0.5 + number / 20) for number in range(-3, 4)]
    assert near == list(range(LONG_BEST - 3, LONG_BEST + 4))
    assert not set(whole) >= set(near)


def test_zoom_on_another_axis_brings_back_every_point(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=%5Elong&p.lossgap.x=relative&p.lossgap.zoom=100..120")
    assert [step_at(board, number / 20) for number in range(5, 10)] == [105, 106, 107, 108, 109]


def test_the_tooltip_is_a_table_sorted_with_the_nearest_in_bold(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=seeds/b")
    board.point_at(0.3, 0.95)
    assert headings(board) == ["", "training", "train", "val", "gap", "step", "time"]
    names = board.frame.locator(".tooltip tbody th").all_inner_texts()
    values = [float(text) for text in board.frame.locator(".tooltip tbody td:nth-child(4)").all_inner_texts()]
    assert sorted(names) == ["seeds/b-seed1", "seeds/b-seed2", "seeds/b-seed3"]
    assert values == sorted(values)
    pointed = board.frame.locator(".tooltip tr.pointed")
    expect(pointed).to_have_count(1)
    weights = "[...document.querySelectorAll('.tooltip tbody th')].map(name => getComputedStyle(name).fontWeight)"
    assert sorted(int(weight) >= 600 for weight in board.run(weights)) == [False, False, True]
    # The pointer is below all curves: nearest is the one that is lowest there.
    assert pointed.locator("bdi").inner_text() == names[0]


def test_the_tooltip_shows_at_most_twelve_and_counts_the_rest(board: Tab, server: Server) -> None:
    board.show(server, ALL)
    board.point_at(0.01)
    expect(board.frame.locator(".tooltip tbody tr")).to_have_count(12)
    expect(board.frame.locator(".tooltip")).to_contain_text("+ 9 more")
    expect(board.frame.locator(".tooltip tr.pointed")).to_have_count(1)


@pytest.mark.parametrize(
    ("label", "key", "steps"),
    [
        ("step", "", ["19", "39", "59"]),
        ("relative time", "relative", ["19", "39", "59"]),
        ("wall time", "wall", ["0", "0", "0"]),
        ("fraction of run", "fraction", ["5", "10", "15"]),
    ],
)
def test_the_x_axis_can_be_another(board: Tab, server: Server, label: str, key: str, steps: list[str]) -> None:
    board.show(server, "&p.lossgap.filter=seeds/a&p.lossgap.x=fraction")
    board.choose("x", label)
    board.expect_setting("x", key)
    # The three begin 100 s after one another and end at steps 19, 39 and 59.
    board.point_at({"wall": 0.001, "fraction": 0.26}.get(key, 0.999))
    assert sorted(board.frame.locator(".tooltip tbody td:nth-child(6)").all_inner_texts()) == sorted(steps)


def test_a_logarithmic_axis_leaves_out_and_counts_what_is_not_positive(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=outlier")
    linear = board.drawing()
    board.choose("y", "log")
    assert board.drawing() != linear
    expect(board.frame.locator(".curves figcaption").first).to_contain_text("3 values ≤ 0 left out")


def test_outliers_can_be_clipped(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=outlier")
    pressed = board.drawing()
    board.frame.get_by_label("Clip outliers").check()
    board.settle()
    board.expect_setting("clip", "true")
    assert board.drawing() != pressed
    board.frame.get_by_label("Clip outliers").uncheck()
    board.settle()
    assert board.drawing() == pressed


def test_smoothing_is_the_debiased_moving_average_and_the_table_stays_raw(board: Tab, server: Server) -> None:
    board.show(server, ALONE)
    sharp, ranking = board.drawing(), board.row("overfits").inner_text()
    board.frame.get_by_label("Smoothing", exact=True).fill("0.9")
    board.frame.get_by_label("Smoothing", exact=True).press("Enter")
    board.settle()
    board.expect_setting("smooth", "0.9")
    assert board.drawing() != sharp
    assert board.row("overfits").inner_text() == ranking
    board.point_at(30 / 59)
    weights = [0.9 ** (30 - step) for step in range(31)]
    values = [value for _, _, value in overfitting(0, 30)["val_loss"]]
    average = sum(weight * value for weight, value in zip(weights, values, strict=True)) / sum(weights)
    expect(board.frame.locator(".tooltip tbody td").nth(2)).to_have_text(f"{average:.4f}")


@pytest.mark.parametrize(
    ("key", "option", "said", "value"),
    [
        ("relative", "(val − train) / |train|", "(validation − training) / |training|", "+0.5175"),
        ("ratio", "val / train", "validation / training", "+1.517"),
    ],
)
def test_the_gap_can_be_relative_or_a_ratio(
    board: Tab, server: Server, key: str, option: str, said: str, value: str
) -> None:
    board.show(server, ALONE)
    board.choose("gap", option)
    board.expect_setting("gap", key)
    expect(board.frame.locator(".curves figcaption").nth(1)).to_contain_text(said)
    expect(board.frame.get_by_role("img", name=f"Gap ({said}) of 1 training")).to_be_visible()
    # At step 20 validation is 0.4 and training exp(-20 / 15).
    board.point_at(20 / 59)
    expect(board.frame.locator(".tooltip tbody td").nth(3)).to_have_text(value)


def test_a_click_on_a_curve_brings_its_training_into_focus(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=%5E(overfits|seeds/b-seed3)")
    board.point_at(0.95, 0.1)
    board.page.mouse.down()
    board.page.mouse.up()
    board.expect_setting("focus", re.compile("[0-9a-f]+"))
    expect(board.frame.locator(".ranking tr.focused")).to_have_count(1)


def test_charts_can_stand_side_by_side_best_first(board: Tab) -> None:
    board.frame.get_by_role("button", name="Side by side").click()
    board.settle()
    board.expect_setting("view", "grid")
    cells = board.frame.locator(".grid > ul > li")
    expect(cells).to_have_count(10)
    ranked = board.frame.locator(".ranking tbody th[scope=row] bdi").all_inner_texts()[:10]
    assert cells.locator("bdi").all_inner_texts() == ranked
    board.frame.get_by_role("button", name="Overlay").click()
    expect(board.frame.locator(".curves .plot")).to_have_count(2)


def test_charts_off_the_screen_are_not_drawn(board: Tab, server: Server) -> None:
    board.show(server, f"{ALL}&p.lossgap.view=grid")
    expect(board.frame.locator(".grid > ul > li")).to_have_count(21)
    assert board.frame.locator(".grid canvas").count() < 80


def test_nothing_is_asked_for_while_another_tab_is_open(board: Tab) -> None:
    asked: list[str] = []

    def remember(request: Request) -> None:
        if "plugin/lossgap" in request.url:
            asked.append(request.url)

    board.page.get_by_text("Time Series").first.click()
    board.page.wait_for_function("document.querySelector('iframe[src*=lossgap]').clientHeight === 0")
    board.page.on("request", remember)
    board.page.wait_for_timeout(5_500)
    board.page.remove_listener("request", remember)
    board.page.get_by_text("Loss Gap").first.click()
    board.settle()
    assert asked == []
