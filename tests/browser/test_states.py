from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.logs import BEGIN
from tests.browser.logs import falling
from tests.browser.logs import overfitting
from tests.browser.logs import write_many
from tests.servers import TensorBoards
from tests.servers import stop
from tests.writing import write_events

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.tab import Tab
    from tests.conftest import StartTensorBoard
    from tests.servers import Server

# Runs before TensorBoard starts: the first two files wait for one gate, all others for another.
GATED = """
import itertools, pathlib, time
from tb_lossgap.events.reader import LogReader
read, numbers = LogReader._read_file, itertools.count()
def gated(self, *arguments):
    gate = pathlib.Path({folder!r}, "first" if next(numbers) < 2 else "rest")
    while not gate.exists():
        time.sleep(0.02)
    return read(self, *arguments)
LogReader._read_file = gated
"""
LONG_NAME = "/".join(["experiment-with-a-very-long-name-that-says-every-hyperparameter"] * 5)[:300]


@pytest.fixture
def start(tmp_path: Path, tab: Tab) -> Iterator[StartTensorBoard]:
    """Starts TensorBoards that end with the test, when the page has left them."""
    boards = TensorBoards(tmp_path)
    yield boards.start
    tab.page.goto("about:blank")
    boards.stop()


def look(tab: Tab, folder: Path, name: str) -> None:
    """Takes a picture in light and dark; nothing leaves the page, and axe finds nothing."""
    for theme in ("light", "dark"):
        tab.switch_dark(on=theme == "dark")
        tab.picture(folder / f"{name}-{theme}.png")
        assert tab.violations() == []
    tab.switch_dark(on=False)
    assert tab.run("document.documentElement.scrollWidth - innerWidth") <= 0


def test_loading_shows_how_far_it_is_and_nothing_jumps(tmp_path: Path, start: StartTensorBoard, tab: Tab) -> None:
    logdir = write_many(tmp_path / "logs", 10)
    server = start(f"--logdir={logdir}", fault=GATED.format(folder=str(tmp_path)))
    tab.open(server, state="loading")
    expect(tab.frame.get_by_role("status")).to_contain_text("Reading the logs")
    expect(tab.frame.locator(".progress")).to_contain_text("0 of 10 files")
    look(tab, tmp_path, "loading")
    (tmp_path / "first").touch()
    expect(tab.frame.locator(".reading")).to_contain_text("reading 2 of 10 files")
    expect(tab.frame.locator(".ranking tbody th[scope=row]")).to_have_count(2)
    look(tab, tmp_path, "loading-some")
    tab.run(
        "new PerformanceObserver((list) => { window.jumped = (window.jumped ?? 0) "
        "+ list.getEntries().reduce((sum, { value }) => sum + value, 0) }).observe({ type: 'layout-shift' })"
    )
    (tmp_path / "rest").touch()
    tab.wait_for("drawn", "10")
    tab.wait_for("state", "ready")
    assert tab.run("window.jumped ?? 0") < 0.1


def test_no_scalars(tmp_path: Path, start: StartTensorBoard, tab: Tab) -> None:
    logdir = tmp_path / "logs"
    logdir.mkdir()
    tab.open(start(f"--logdir={logdir}", "--reload_interval=1"), state="empty")
    expect(tab.frame.get_by_role("heading")).to_have_text("No scalars yet")
    expect(tab.frame.locator("main")).to_contain_text("--logdir")
    look(tab, tmp_path, "no-scalars")
    write_events(logdir / "first", overfitting(0, 30))
    tab.wait_for("drawn", "1")


def test_scalars_without_a_pair_tell_what_was_seen_and_what_to_do(
    tmp_path: Path, start: StartTensorBoard, tab: Tab
) -> None:
    points = [(step, BEGIN + step, 1.0) for step in range(5)]
    write_events(tmp_path / "logs" / "run", {"loss_left": points, "loss_right": points})
    tab.open(start(f"--logdir={tmp_path / 'logs'}"), state="empty")
    page = tab.frame.locator("main")
    for text in ("loss_left", "train/loss", "val_loss", "--lossgap_pair"):
        expect(page).to_contain_text(text)
    look(tab, tmp_path, "no-pair")


def test_training_only(tmp_path: Path, start: StartTensorBoard, tab: Tab) -> None:
    write_events(tmp_path / "logs" / "run", {"train/loss": overfitting(0, 9)["loss"]})
    tab.open(start(f"--logdir={tmp_path / 'logs'}"), state="empty")
    expect(tab.frame.get_by_role("row").filter(has_text="train/loss")).to_contain_text("training only")
    look(tab, tmp_path, "training-only")


def test_one_point(tmp_path: Path, start: StartTensorBoard, tab: Tab) -> None:
    write_events(tmp_path / "logs" / "run", overfitting(3, 3))
    tab.open(start(f"--logdir={tmp_path / 'logs'}"))
    tab.wait_for("last-step", "3")
    expect(tab.row("run")).to_contain_text("too short")
    tab.point_at(0.5)
    expect(tab.frame.locator(".tooltip tbody td").nth(4)).to_have_text("3")
    look(tab, tmp_path, "one-point")


def test_nothing_but_nan(tmp_path: Path, start: StartTensorBoard, tab: Tab) -> None:
    points = [(step, BEGIN + step, math.nan) for step in range(20)]
    write_events(tmp_path / "logs" / "run", {"loss": points, "val_loss": points})
    tab.open(start(f"--logdir={tmp_path / 'logs'}"))
    expect(tab.row("run")).to_contain_text("diverged")
    expect(tab.row("run")).to_contain_text("–")
    look(tab, tmp_path, "all-nan")


def test_a_damaged_file_is_named_with_its_byte(tmp_path: Path, start: StartTensorBoard, tab: Tab) -> None:
    write_events(tmp_path / "logs" / "whole", falling(0.3))
    file = write_events(tmp_path / "logs" / "damaged", falling(0.4))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    tab.open(start(f"--logdir={tmp_path / 'logs'}"))
    notice = tab.frame.locator(".notice")
    expect(notice).to_contain_text("1 file could not be read whole")
    notice.locator("summary").click()
    expect(notice).to_contain_text("damaged/events")
    expect(notice).to_contain_text("from byte")
    expect(tab.row("damaged")).to_have_count(1)
    look(tab, tmp_path, "damaged-file")


def test_a_server_that_goes_is_noticed_and_so_is_its_return(tmp_path: Path, start: StartTensorBoard, tab: Tab) -> None:
    write_many(tmp_path / "logs", 3)
    server = start(f"--logdir={tmp_path / 'logs'}")
    tab.open(server, "&p.lossgap.zoom=5..15")
    curves = tab.drawing()
    stop(server.process)
    notice = tab.frame.locator(".notice.bad")
    expect(notice).to_contain_text("may be out of date", timeout=15_000)
    expect(notice.get_by_role("button", name="Try now")).to_be_visible()
    assert tab.drawing() == curves
    look(tab, tmp_path, "server-gone")
    port = server.url.rstrip("/").rpartition(":")[2]
    write_events(tmp_path / "logs" / "meanwhile", falling(0.2))
    start(f"--logdir={tmp_path / 'logs'}", f"--port={port}")
    notice.get_by_role("button", name="Try now").click()
    expect(notice).to_have_count(0, timeout=15_000)
    expect(tab.row("meanwhile")).to_be_visible()
    assert tab.setting("zoom") == "5..15"
    # What the browser says of the server that was away is no fault of the page.
    assert all("ERR_CONNECTION" in complaint for complaint in tab.complaints)
    tab.complaints.clear()


def test_one_training_with_a_name_of_300_characters(tmp_path: Path, start: StartTensorBoard, tab: Tab) -> None:
    write_events(tmp_path / "logs" / LONG_NAME, overfitting(0, 59))
    tab.open(start(f"--logdir={tmp_path / 'logs'}"))
    assert len(LONG_NAME) == 300
    expect(tab.frame.locator(f".ranking [title='{LONG_NAME}']")).to_be_visible()
    tab.point_at(0.5)
    look(tab, tmp_path, "long-name")
    for width in (480, 2_560):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.settle()
        tab.picture(tmp_path / f"long-name-{width}.png")
        assert tab.run("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory, tensorboard_server: StartTensorBoard) -> Server:
    return tensorboard_server(f"--logdir={write_many(tmp_path_factory.mktemp('thousand'), 1_000)}")


def test_a_thousand_trainings(tmp_path: Path, thousand: Server, tab: Tab) -> None:
    tab.open(thousand)
    expect(tab.frame.locator(".headline")).to_contain_text("1000 trainings")
    # Rows that are not on screen do not exist, and are counted all the same.
    assert tab.frame.locator(".ranking tbody tr").count() < 60
    assert int(tab.frame.locator(".ranking table").get_attribute("aria-rowcount") or 0) > 1_000
    tab.run("document.querySelector('.ranking .scroll').scrollTo(0, 1e6)")
    expect(tab.frame.locator(".ranking tbody tr[aria-rowindex]").last).to_be_visible()
    look(tab, tmp_path, "thousand")


def test_a_thousand_trainings_drawn_at_once(tmp_path: Path, thousand: Server, tab: Tab) -> None:
    tab.open(thousand, "&p.lossgap.select=all")
    tab.wait_for("drawn", "1000")
    tab.point_at(0.5)
    expect(tab.frame.locator(".tooltip")).to_contain_text("+ 988 more")
    tab.picture(tmp_path / "thousand-drawn.png")


@pytest.mark.parametrize("host", ["newest"], indirect=True)
@pytest.mark.parametrize("width", [480, 2_560])
@pytest.mark.parametrize("link", ["", "&p.lossgap.view=grid"])
def test_narrow_and_wide_windows(tmp_path: Path, board: Tab, server: Server, width: int, link: str) -> None:
    board.page.set_viewport_size({"width": width, "height": 900})
    board.show(server, link)
    expect(board.frame.locator(".ranking table")).to_be_attached()
    look(board, tmp_path, f"{width}{link[-4:]}")


def test_a_logdir_that_is_not_there_yet(tmp_path: Path, start: StartTensorBoard, tab: Tab) -> None:
    server = start(f"--logdir={tmp_path / 'missing'}", "--reload_interval=1")
    tab.page.goto("about:blank")
    tab.page.goto(f"{server.url}#lossgap")
    expect(tab.frame.locator("main.state h1")).to_be_visible()
    expect(tab.frame.locator("main.state")).to_contain_text("missing")
    look(tab, tmp_path, "missing")
    write_events(tmp_path / "missing" / "first", overfitting(0, 30))
    tab.wait_for("drawn", "1")
