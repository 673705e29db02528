"""The HTML report in a real browser without any network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.cli.console import DEMO_RUNS
from tests.cli.console import command
from tests.cli.logs import SCRIPT
from tests.cli.logs import write_training
from tests.cli.logs import write_traps

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from playwright.sync_api import Page

    Open = Callable[[Path], Page]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens a file in a browser that has no network; anything that it asks for or complains of ends the test."""
    complaints: list[str] = []
    with browser.new_context(offline=True, viewport={"width": 1400, "height": 900}) as context:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(f"asked for {request.url[:200]}"))

        def open_file(path: Path) -> Page:
            page.goto(path.as_uri())
            page.locator("html[data-lossgap-state=ready]").wait_for(timeout=30_000)
            assert complaints.pop(0) == f"asked for {path.as_uri()}"
            return page

        yield open_file
        assert complaints == []


@pytest.fixture(scope="module")
def demo_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    finished = command(
        *("report", DEMO_RUNS, "--format", "html", "--output", path),
        *("--patience", "5", "--baseline", "cnn-dropout-0.3"),
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    return path


def test_the_report_draws_every_training_as_the_tab_does(demo_page: Path, opened: Open) -> None:
    page = opened(demo_page)
    page.get_by_role("button", name="all", exact=True).click()
    page.locator("html[data-lossgap-drawn='11']").wait_for()
    assert page.locator("html").get_attribute("data-lossgap-last-step") == "79"
    expect(page.get_by_role("row", name="2 cnn-wide")).to_contain_text("overfit")


def test_the_report_is_judged_as_the_command_was_told(demo_page: Path, opened: Open) -> None:
    page = opened(demo_page)
    page.get_by_role("row", name="2 cnn-wide").click()
    expect(page.locator("#panel")).to_contain_text("p=5")


def test_the_report_compares_with_the_baseline_of_the_command(demo_page: Path, opened: Open) -> None:
    page = opened(demo_page)
    expect(page.get_by_role("row", name="2 cnn-wide")).to_contain_text("+0.02780")


def test_the_gap_and_the_smoothing_can_be_chosen_without_a_server(demo_page: Path, opened: Open) -> None:
    page = opened(demo_page)
    page.get_by_role("combobox", name="gap").select_option("ratio")
    page.get_by_label("Smoothing").fill("0.6")
    page.get_by_label("Smoothing").press("Enter")
    expect(page).to_have_url(re.compile("smooth=0.6.*gap=ratio"))
    page.locator("html[data-lossgap-state=ready]").wait_for()
    assert page.get_by_role("alert").count() == 0


def test_what_needs_a_server_is_absent(demo_page: Path, opened: Open) -> None:
    page = opened(demo_page)
    for label in ("patience", "tolerance", "Metric"):
        assert not page.get_by_label(label, exact=True).first.is_visible()
    assert not page.get_by_role("tab", name="Patience").is_visible()


def test_a_name_is_text_and_no_markup(tmp_path: Path, opened: Open) -> None:
    logs, path = write_traps(tmp_path / "logs"), tmp_path / "report.html"
    assert command("report", logs, "--format", "html", "--output", path).returncode == 0
    page = opened(path)
    expect(page.get_by_role("row", name=SCRIPT).first).to_be_visible()


def test_long_curves_are_reduced_and_then_not_smoothed(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "report.html"
    values = [1 / (1 + step / 100) for step in range(4000)]
    write_training(tmp_path / "logs" / "long", values, values)
    assert command("report", tmp_path / "logs", "--format", "html", "--output", path).returncode == 0
    page = opened(path)
    assert page.locator("html").get_attribute("data-lossgap-last-step") == "3999"
    assert not page.get_by_label("Smoothing").is_visible()
    assert path.stat().st_size < 400_000


def test_a_report_of_nothing_says_so(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    (tmp_path / "logs").mkdir()
    assert command("report", tmp_path / "logs", "--format", "html", "--output", path).returncode == 0
    assert "lossgap-island" in path.read_text()
