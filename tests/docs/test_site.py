from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.servers import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-W", "ignore", "-m", "mkdocs", "build", "--quiet", f"--site-dir={folder}"]
    build = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert build.returncode == 0, build.stderr
    return folder


def test_every_document_is_a_page_of_the_site(site: Path) -> None:
    assert {
        f"{page}.html" for page in ("index", "first-steps", "verdicts", "contributing", "changelog", "http_api")
    } <= {path.name for path in site.iterdir()}


def test_a_page_asks_nothing_of_the_network(site: Path) -> None:
    loads = re.compile(r"<(?:script|img|source)[^>]*\ssrc(?:set)?=\"?(?:https?:)?//|<link[^>]*stylesheet[^>]*//")
    assert [page for page in site.rglob("*.html") if loads.search(page.read_text(encoding="utf-8"))] == []


def test_every_picture_of_a_page_is_there(site: Path) -> None:
    missing = [
        (page.name, source)
        for page in site.rglob("*.html")
        for source in re.findall(r"(?:src|srcset)=\"?([^\s\">:]+\.png)", page.read_text(encoding="utf-8"))
        if not (page.parent / source).exists()
    ]
    assert missing == []


def test_a_link_to_source_code_becomes_its_path(site: Path) -> None:
    page = (site / "maintainers" / "extending.html").read_text(encoding="utf-8")
    assert "<code>tb_lossgap/model.py</code>" in page
    assert "<code>docs/make_pictures.py</code>" in page


def test_every_table_of_a_page_is_shown_as_one(site: Path) -> None:
    assert [page.name for page in site.rglob("*.html") if re.search(r"<p>\|", page.read_text(encoding="utf-8"))] == []


def test_a_picture_follows_the_sites_switch_between_light_and_dark(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"overview-[a-z]+\.png[^\"]*", page) == [
        "overview-light.png#only-light",
        "overview-dark.png#only-dark",
    ]
