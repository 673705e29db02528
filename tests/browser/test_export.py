from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.browser.logs import FORMULAS
from tests.browser.logs import LONG_BEST
from tests.browser.logs import LONG_POINTS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.tab import Tab
    from tests.servers import Server

SEEDS = "&p.lossgap.filter=seeds/a"


def open_menu(tab: Tab) -> None:
    tab.frame.get_by_role("button", name="Export").click()


def download(tab: Tab, name: str) -> Path:
    open_menu(tab)
    with tab.page.expect_download() as saved:
        tab.frame.get_by_role("button", name=name, exact=True).click()
    expect(tab.frame.locator(".said")).to_have_text(f"{saved.value.suggested_filename} is saved.")
    return saved.value.path()


def clipboard(tab: Tab, name: str) -> str:
    open_menu(tab)
    tab.frame.get_by_role("button", name=name, exact=True).click()
    expect(tab.frame.locator(".said")).to_contain_text("is on the clipboard")
    text: str = tab.page.evaluate("navigator.clipboard.readText()")
    return text


def test_the_table_as_csv_has_every_training_in_its_order_and_unrounded(board: Tab, server: Server) -> None:
    rows = list(csv.DictReader(io.StringIO(download(board, "Table: CSV").read_text(encoding="utf-8"))))
    judged = server.json("data/plugin/lossgap/trainings")["trainings"]
    assert [row["name"].lstrip("'") for row in rows] == [row["name"] for row in judged]
    assert [float(row["best"]) for row in rows] == [row["best"]["value"] for row in judged]
    assert {row["lr"] for row in rows} >= {"0.1", "0.01", "0.001", "0.0001", ""}


def test_names_that_look_like_formulas_are_harmless_in_csv(board: Tab) -> None:
    rows = list(csv.reader(io.StringIO(download(board, "Table: CSV").read_text(encoding="utf-8"))))
    cells = {cell for row in rows for cell in row}
    assert cells >= {f"'{name}" for name in FORMULAS}
    assert not any(cell.startswith(tuple("=@+")) for cell in cells)
    assert all(re.fullmatch(r"-[\d.e-]+", cell) for cell in cells if cell.startswith("-"))


def test_the_table_as_json_is_what_the_server_said(board: Tab, server: Server) -> None:
    board.show(server, SEEDS)
    judged = server.json("data/plugin/lossgap/trainings")["trainings"]
    assert json.loads(download(board, "Table: JSON").read_bytes()) == [
        row for row in judged if row["name"].startswith("seeds/a")
    ]


def test_the_curves_as_csv_have_every_point(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=%5Elong")
    rows = list(csv.DictReader(io.StringIO(download(board, "Curves, every point: CSV").read_text(encoding="utf-8"))))
    validation = [row for row in rows if row["series"] == "val"]
    assert [int(row["step"]) for row in validation] == list(range(LONG_POINTS))
    assert float(validation[LONG_BEST]["value"]) == pytest.approx(0.1)
    assert len(rows) == 3 * LONG_POINTS


def test_the_curves_as_json_have_null_where_a_value_is_none(board: Tab, server: Server) -> None:
    board.show(server, "&p.lossgap.filter=diverges")
    (training,) = json.loads(download(board, "Curves, every point: JSON").read_bytes())
    assert training["name"] == "diverges"
    assert training["val"]["value"][-4:] == [None] * 4
    assert len(training["train"]["step"]) == 40


def test_a_picture_as_svg_has_curves_gaps_names_and_no_script(board: Tab, server: Server) -> None:
    board.show(server, SEEDS)
    text = download(board, "Picture: SVG").read_text(encoding="utf-8")
    picture = ET.fromstring(text)  # noqa: S314  our own
    texts = ["".join(element.itertext()) for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"seeds/a-seed1", "seeds/a-seed2", "seeds/a-seed3"} <= set(texts)
    assert "loss: training solid, validation dashed" in texts
    assert "gap: validation − training" in texts
    assert len(re.findall("stroke-dasharray", text)) >= 3
    assert not list(picture.iter("{http://www.w3.org/2000/svg}script"))


def test_a_smoothed_picture_keeps_the_raw_line_behind_it_faintly(board: Tab, server: Server) -> None:
    board.show(server, SEEDS)
    sharp = download(board, "Picture: SVG").read_text(encoding="utf-8")
    board.show(server, f"{SEEDS}&p.lossgap.smooth=0.6")
    smooth = board.frame.get_by_role("button", name="Picture: SVG")
    with board.page.expect_download() as saved:
        smooth.click()
    faint = "stroke-opacity"
    assert saved.value.path().read_text(encoding="utf-8").count(faint) > sharp.count(faint)


def test_a_picture_as_png_is_sharp(board: Tab, server: Server) -> None:
    board.show(server, SEEDS)
    content = download(board, "Picture: PNG").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20], "big") == 2_000


def test_the_table_goes_to_the_clipboard_as_markdown(board: Tab, server: Server) -> None:
    board.show(server, f"{SEEDS}&p.lossgap.columns=rank~name~best")
    lines = clipboard(board, "Table: copy Markdown").splitlines()
    assert lines[:2] == ["| # | Training | Best |", "| --: | --- | --: |"]
    assert [line.split(" | ")[1] for line in lines[2:]] == ["seeds/a-seed1", "seeds/a-seed2", "seeds/a-seed3"]


def test_the_table_goes_to_the_clipboard_as_latex(board: Tab, server: Server) -> None:
    board.show(server, f"{SEEDS}&p.lossgap.columns=rank~name~best")
    text = clipboard(board, "Table: copy LaTeX")
    assert text.startswith("\\begin{tabular}{rlr}\n\\toprule\n\\# & Training & Best \\\\\n\\midrule\n")
    assert "seeds/a-seed2" in text


def test_the_link_goes_to_the_clipboard(board: Tab, server: Server) -> None:
    board.show(server, SEEDS)
    # TensorBoard 2.14 writes some characters of the address in its own way.
    assert unquote(clipboard(board, "This view: copy link")) == unquote(board.page.url)
