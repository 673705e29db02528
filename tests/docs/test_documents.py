from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from tests.docs.blocks import Block
from tests.docs.blocks import Given
from tests.docs.blocks import parts
from tests.docs.blocks import run_console
from tests.docs.blocks import run_page
from tests.servers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted(
    {*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md"), ROOT / "tb_lossgap" / "http_api.md"}
)
RUNNABLE = [page for page in PAGES if any(isinstance(part, Block) for part in parts(page.read_text(encoding="utf-8")))]
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)|(?:src|srcset|href)=\"([^\"#]*)\"")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """Lists the headings of a page as links write them."""
    headings = re.findall(r"^#+ +(.+?) *$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", RUNNABLE, ids=name)
def test_the_code_of_a_document_runs(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_page(document, ROOT, tmp_path)


@pytest.mark.parametrize("document", PAGES, ids=name)
def test_the_links_of_a_document_lead_somewhere(document: Path) -> None:
    broken = []
    for target, anchor, attribute in LINK.findall(document.read_text(encoding="utf-8")):
        path = unquote(target or attribute)
        if not path.startswith(("http:", "https:", "mailto:")):
            there = document.parent / path if path else document
            if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
                broken.append(f"{path}#{anchor}")
    assert broken == []


def test_every_make_target_of_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        target
        for page in PAGES
        for target in re.findall(r"(?:^|`)make (?:PYTHON=\S+ )?([a-z-]+)\b", page.read_text("utf-8"), re.MULTILINE)
    }
    assert named <= targets


def test_a_blocks_line_is_where_a_reader_finds_it() -> None:
    page = "# Title\n\n<!-- given: runs = demo -->\n```python\nx = 1\n```\n\n```sh\nrm -rf /\n```\n"
    assert list(parts(page)) == [Given("runs", "demo"), Block("python", "x = 1\n", 5)]


def test_a_block_that_says_why_is_not_run() -> None:
    page = "<!-- not run: no such framework here -->\n```python\nimport nothing\n```\n```python\nx = 1\n```\n"
    assert [part.text for part in parts(page) if isinstance(part, Block)] == ["x = 1\n"]


def test_a_command_that_prints_something_else_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"page\.md:3: \$ echo two"):
        run_console(Block("console", "$ echo one\none\n$ echo two\nthree\n", 1), tmp_path / "page.md", tmp_path)


def test_dots_stand_for_anything_and_other_lines_do_not_matter(tmp_path: Path) -> None:
    run_console(
        Block("console", "$ printf 'one\\ntwo  three four\\n'\ntwo three...our\n", 1), tmp_path / "page.md", tmp_path
    )


def test_lines_in_another_order_are_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="has no line, or not here\none"):
        run_console(Block("console", "$ printf 'one\\ntwo\\n'\ntwo\none\n", 1), tmp_path / "page.md", tmp_path)
