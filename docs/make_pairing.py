"""Writes those parts of docs/pairing.md that follow from the words, the conventions and the tests."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tb_lossgap.pairing.conventions import table
from tb_lossgap.pairing.words import SPLIT_WORDS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tb_lossgap.pairing.conventions import Side

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "pairing.md"


def page(text: str) -> str:
    """Returns `text` with each marked part written anew."""
    for name, lines in (("split words", split_words()), ("conventions", conventions()), ("tested", tested())):
        before, start, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        text = "".join((before, start, *(f"{line}\n" for line in lines), end, after))
    return text


def split_words() -> Iterable[str]:
    """Yields the table of the words that name a split."""
    yield "| split | words |"
    yield "|---|---|"
    for split, name in (("train", "training"), ("val", "validation"), ("test", "test")):
        words = [f"({word})" if found.weak else word for word, found in SPLIT_WORDS.items() if found.split == split]
        yield f"| {name} | {' '.join(words)} |"


def conventions() -> Iterable[str]:
    """Yields the table of conventions and that of what looks like a side and is none."""
    yield "| framework | versions | training | validation | a step counts | a training value is | source |"
    yield "|---|---|---|---|---|---|---|"
    values = {"mean": "an epoch's mean", "window": "a window's mean", "batch": "one batch", "unknown": "not known"}
    for entry in table().conventions:
        sides = f"{side(entry.train)} | {side(entry.val)}"
        value = values[entry.train_value]
        yield f"| {entry.framework} | {entry.versions} | {sides} | {entry.x} | {value} | {entry.source} |"
    yield ""
    yield "Never paired, whatever the grammar says:"
    yield ""
    yield "| framework | tag | why | source |"
    yield "|---|---|---|---|"
    for never in table().never:
        yield f"| {never.framework} | `{never.tag}` | {never.reason} | {never.source} |"


def side(side: Side) -> str:
    """Returns the run and the tags of a side, as code."""
    run = f"`{side.run}` : " if side.run else ""
    return run + ", ".join(f"`{tag}`" for tag in side.tags)


def tested() -> Iterable[str]:
    """Yields the frameworks whose own event files are in the tests, then those whose names were written down."""
    recorded = set()
    for path in sorted((ROOT / "tests" / "fixtures").glob("*/expected.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        if expected["recorded"]:
            recorded.add(expected["framework"])
    yield "Event files written by the frameworks themselves: " + ("; ".join(sorted(recorded)) or "none yet") + "."
    yield ""
    yield "Names written down by hand, each with the pairs expected of them:"
    for path in sorted((ROOT / "tests" / "pairing" / "conventions").glob("*.toml")):
        cases = tomllib.loads(path.read_text(encoding="utf-8"))["case"]
        yield ""
        yield f"- {path.stem.replace('_', ' ')}: " + "; ".join(case["name"] for case in cases) + "."


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
