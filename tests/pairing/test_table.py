from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tb_lossgap.pairing.conventions import Convention
from tb_lossgap.pairing.conventions import table

DOCS = Path(__file__).parents[2] / "docs"
CONVENTIONS = [pytest.param(entry, id=entry.name) for entry in table().conventions]


def test_names_of_conventions_are_unique() -> None:
    names = [entry.name for entry in table().conventions]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("entry", CONVENTIONS)
def test_a_convention_says_all_that_a_reader_asks(entry: Convention) -> None:
    assert all((entry.framework, entry.versions, entry.train.tags, entry.val.tags, entry.x, entry.source))
    assert entry.train_value in {"mean", "window", "batch", "unknown"}


def test_the_page_on_pairing_is_current() -> None:
    spec = importlib.util.spec_from_file_location("make_pairing", DOCS / "make_pairing.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = (DOCS / "pairing.md").read_text(encoding="utf-8")
    assert module.page(text) == text, "run python docs/make_pairing.py"
