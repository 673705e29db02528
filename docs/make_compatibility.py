"""Writes the table of docs/compatibility.md from what a run of the version matrix left behind."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = Path(__file__).parent / "compatibility.md"
START = "<!-- results -->\n"
END = "<!-- /results -->"
PACKAGES = ("tensorboard", "protobuf", "numpy", "tensorflow", "tensorboard-data-server")


def rows(results: Path) -> Iterable[str]:
    """Yields a table row for each combination, oldest TensorBoard first."""
    yield "| TensorBoard | protobuf | NumPy | TensorFlow | fast loader | Python | tests passed | failed |"
    yield "|---|---|---|---|---|---|---:|---:|"
    found = [(*versions(path), *counts(path.with_suffix(".xml"))) for path in results.glob("*.json")]
    for row in sorted(found, key=lambda row: tuple(map(sort_key, row))):
        yield f"| {' | '.join(row)} |"


def versions(inspected: Path) -> tuple[str, ...]:
    """Returns the versions that `pip inspect` found of what varies, and Python's; "–" for what was not there."""
    document = json.loads(inspected.read_text(encoding="utf-8"))
    found = (one["metadata"] for one in document["installed"])
    installed = {one["name"].replace("_", "-"): one["version"] for one in found}
    return (*(installed.get(package, "–") for package in PACKAGES), document["environment"]["python_full_version"])


def counts(junit: Path) -> tuple[str, str]:
    """Returns how many tests passed and failed; "–" where pytest never came to its end."""
    if not junit.exists():
        return "–", "–"
    suite = ET.parse(junit).getroot()[0].attrib  # noqa: S314  pytest wrote it a moment ago
    failed = int(suite["failures"]) + int(suite["errors"])
    return f"{int(suite['tests']) - failed - int(suite['skipped']):,}", str(failed)


def sort_key(version: str) -> tuple[int, ...]:
    """Orders versions by their numbers, and before them what is not there."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def page(text: str, results: Path) -> str:
    """Returns `text` with its marked part written anew."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    return "".join((before, start, *(f"{row}\n" for row in rows(results)), end, after))


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), Path(sys.argv[1])), encoding="utf-8")
