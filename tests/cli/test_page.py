"""The HTML report in a real browser without any network."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tb_lossgap.analysis import PATIENCES
from tb_lossgap.analysis import patience_table
from tb_lossgap.cli import island
from tb_lossgap.events import LogReader
from tb_lossgap.library import Library
from tests.cli.console import DEMO_RUNS
from tests.cli.console import command
from tests.cli.console import told
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
    for label in ("patience", "tolerance"):
        assert not page.get_by_label(label, exact=True).first.is_visible()


def test_every_metric_of_the_trainings_can_be_chosen(demo_page: Path, opened: Open) -> None:
    page = opened(demo_page)
    metric = page.get_by_role("combobox", name="Metric")
    options = [option.strip() for option in metric.locator("option").all_text_contents()]
    assert options[1:] == ["loss (10)", "accuracy (10, higher is better)"]
    metric.select_option("accuracy")
    expect(page.get_by_role("row", name="1 cnn-dropout-0.3")).to_contain_text("0.8938")


def test_what_patiences_would_have_done_is_there_for_the_trainings_that_are_listed(
    demo_page: Path, opened: Open
) -> None:
    page = opened(demo_page)
    page.get_by_role("tab", name="Patience").click()
    snapshot = Library(LogReader({"": str(DEMO_RUNS)}), str(DEMO_RUNS)).refresh()
    every = [curves.measured for entry in snapshot.entries.values() if (curves := entry.curves(""))]
    for patience, row in zip(PATIENCES, patience_table(every), strict=True):
        shares = "".join(f" {100 * share:.1f} %" for share in (row.kept, row.regret, row.saved)).replace("100.0", "100")
        expect(page.get_by_role("row", name=f"{patience} {row.stopped} of 11{shares}", exact=True)).to_be_visible()
    page.get_by_placeholder("Filter").fill("dropout")
    expect(page.get_by_role("row", name="5 2 of 2 50.0 % 2.0 % 23.1 %", exact=True)).to_be_visible()


@pytest.fixture(scope="module")
def groups_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on groups, sorted, of one metric."""
    path = tmp_path_factory.mktemp("groups") / "report.html"
    finished = command(
        *("report", DEMO_RUNS, "--format", "html", "--output", path, "--metric", "accuracy"),
        *("--group-by", "(?P<kind>^[a-z]+)-", "--sort=-final_gap"),
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    return path


def test_groups_are_drawn_as_their_means(groups_page: Path, opened: Open) -> None:
    page = opened(groups_page)
    expect(page.get_by_role("row", name="cnn 7 ").first).to_be_visible()
    page.get_by_role("button", name="Group").click()
    means = page.get_by_label("draw groups as their mean")
    assert means.is_checked()
    chart = page.locator("canvas").first
    drawn = chart.screenshot()
    means.uncheck()
    page.locator("html[data-lossgap-state=ready]").wait_for()
    assert chart.screenshot() != drawn


def test_trainings_come_in_the_order_of_the_command(groups_page: Path, opened: Open) -> None:
    page = opened(groups_page)
    head = page.get_by_role("columnheader", name="Final gap")
    assert head.get_attribute("aria-sort") == "descending"


def test_a_report_on_one_metric_has_no_choice_of_metrics(groups_page: Path, opened: Open) -> None:
    page = opened(groups_page)
    assert page.get_by_role("combobox", name="Metric").count() == 0
    expect(page.get_by_role("row", name=re.compile("cnn-wide")).first).to_contain_text("0.8")


def test_a_baseline_is_in_the_file_even_where_top_leaves_it_out(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "report.html"
    best = ("--sort", "verdict", "--top", "1", "--baseline", "mlp-tiny")
    assert command("report", DEMO_RUNS, "--format", "html", "--output", path, *best).returncode == 0
    page = opened(path)
    assert page.get_by_role("button", name="Compare with").count() == 2


def test_a_name_is_text_and_no_markup(tmp_path: Path, opened: Open) -> None:
    logs, path = write_traps(tmp_path / "logs"), tmp_path / "report.html"
    assert command("report", logs, "--format", "html", "--output", path).returncode == 0
    page = opened(path)
    expect(page.get_by_role("row", name=SCRIPT).first).to_be_visible()


@pytest.fixture(scope="module")
def long_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two trainings with more points than a chart is wide."""
    logs = tmp_path_factory.mktemp("long")
    for seed in (1, 2):
        values = [seed / (1 + step / 100) for step in range(4000)]
        write_training(logs / f"long-{seed}", values, values)
    return logs


def test_long_curves_are_reduced_and_then_neither_smoothed_nor_averaged(
    long_logs: Path, tmp_path: Path, opened: Open
) -> None:
    path = tmp_path / "report.html"
    assert command("report", long_logs, "--format", "html", "--output", path).returncode == 0
    page = opened(path)
    assert page.locator("html").get_attribute("data-lossgap-last-step") == "3999"
    assert not page.get_by_label("Smoothing").is_visible()
    page.get_by_role("button", name="Group").click()
    assert not page.get_by_label("draw groups as their mean").is_visible()
    assert path.stat().st_size < 500_000


def test_groups_of_long_curves_have_means_where_the_command_asked_for_groups(
    long_logs: Path, tmp_path: Path, opened: Open
) -> None:
    path = tmp_path / "report.html"
    assert command("report", long_logs, "--format", "html", "--output", path, "--group-by", "^long").returncode == 0
    page = opened(path)
    page.get_by_role("button", name="Group").click()
    assert page.get_by_label("draw groups as their mean").is_visible()
    expect(page.get_by_text("long (2)")).to_be_visible()


def test_a_report_of_too_many_pairs_to_be_sent_has_one_of_each_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(island, "_MOST_PAIRS", 1)
    path = tmp_path / "report.html"
    assert told(capsys, "report", DEMO_RUNS, "--format", "html", "--output", path)[0] == 0
    held = re.search('id="lossgap-island">(.*?)</script>', path.read_text())
    assert held
    assert json.loads(held[1])["metrics"] == {"": 0}


def test_a_report_of_nothing_says_so(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    (tmp_path / "logs").mkdir()
    assert command("report", tmp_path / "logs", "--format", "html", "--output", path).returncode == 0
    assert "lossgap-island" in path.read_text()
