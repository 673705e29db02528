"""Finds the event files of a fleet on its workers, each of which lists what begins with some letters."""

from __future__ import annotations

import json
import posixpath
from os.path import commonprefix
from typing import TYPE_CHECKING
from typing import NamedTuple

from tb_lossgap.events import Found
from tb_lossgap.events import Stamp
from tb_lossgap.events import storage_at
from tb_lossgap.model import ReadWarning

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator

    from tb_lossgap.events.storage import Storage

# A folder of fewer names is opened further, so that there is something to share out; not deeper than this.
_FEW = 64
_DEEPEST = 3
# A worker lists what is below so many names at a time.
_NAMES_A_TASK = 500


class Mark(NamedTuple):
    """An event file, and what tells whether it has changed.

    Attributes:
        name: Path below the logdir, with "/".
        size: Bytes.
        modified: When it was last written, in seconds since the epoch.
        version: The store's ETag or generation, else the time of the last change in nanoseconds.
        path: What the storage opens it by, "" where the name tells.
    """

    name: str
    size: int
    modified: float
    version: str
    path: str = ""

    @property
    def run(self) -> str:
        """The folder that it lies in, "." for the logdir."""
        return posixpath.dirname(self.name) or "."


def level(root: str, folder: str) -> list[str]:
    """Lists a folder, without what is below it; runs on a worker.

    Raises:
        LogdirError: The root cannot be listed.
    """
    return storage_at(root).level(folder)


def files_within(root: str, openings: Iterable[str]) -> tuple[list[tuple[str, bytes]], list[ReadWarning]]:
    """Finds the event files whose names begin in one of these ways; runs on a worker.

    Returns:
        Each run with its files, packed; and the folders that cannot be listed.

    Raises:
        LogdirError: The root cannot be listed.
    """
    storage = storage_at(root)
    runs: dict[str, list[Mark]] = {}
    warnings = []
    for found in storage.find(openings):
        if isinstance(found, ReadWarning):
            warnings.append(found)
        elif found.readable:
            runs.setdefault(found.run, []).append(_mark(found, storage))
    return [(run, packed(marks)) for run, marks in runs.items()], warnings


def packed(marks: Iterable[Mark]) -> bytes:
    """Return files of one run in few bytes, for a driver holds those of all runs; packs can be put together."""
    lines = (json.dumps([posixpath.basename(mark.name), *mark[1:]], separators=(",", ":")) for mark in marks)
    return "".join(f"{line}\n" for line in lines).encode()


def unpacked(run: str, files: bytes) -> list[Mark]:
    """Return the files of a run, each once, sorted."""
    lead = "" if run == "." else f"{run}/"
    return sorted({Mark(lead + name, *rest) for name, *rest in map(json.loads, files.splitlines())})


def found_again(marks: Iterable[Mark], storage: Storage) -> list[Found]:
    """Gives files as the reader wants them."""
    return [
        Found(mark.run, mark.name, mark.path or storage.locate(mark.name), Stamp(mark.size, mark.modified, None, None))
        for mark in marks
    ]


def openings(names: Collection[str], most: int = _NAMES_A_TASK) -> Iterator[str]:
    """Yields beginnings that together all names have, and each no more than `most` names where they differ at all."""
    groups = [(sorted(set(names)), 0)] if names else []
    while groups:
        group, length = groups.pop()
        shared = commonprefix((group[0], group[-1]))  # noqa: RUF071  beginnings, not folders
        if len(group) <= most:
            yield shared
            continue
        length = max(length, len(shared)) + 1
        by_opening: dict[str, list[str]] = {}
        for name in group:
            by_opening.setdefault(name[:length], []).append(name)
        groups.extend((part, length) for part in by_opening.values())


def is_few(names: Collection[str], depth: int) -> bool:
    """Tells whether these names are too few to share out, and there may be more below them."""
    return len(names) < _FEW and depth < _DEEPEST and any(name.endswith("/") for name in names)


def _mark(found: Found, storage: Storage) -> Mark:
    version = found.stamp.version
    if isinstance(version, tuple):
        version = next((one for one in version if one != "None"), "")
    path = "" if storage.locate(found.name) == found.path else found.path
    return Mark(found.name, found.stamp.size, found.stamp.modified, str(version), path)
