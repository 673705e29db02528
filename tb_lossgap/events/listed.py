"""Event files that somebody else has found already."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from tb_lossgap.events.storage import Found
    from tb_lossgap.events.storage import Handle
    from tb_lossgap.events.storage import Storage


class ListedFiles:
    """A root of which only some files count, in the state in which they were found.

    Args:
        storage: The root.
        files: The files.
    """

    def __init__(self, storage: Storage, files: Sequence[Found]) -> None:
        self._storage = storage
        self._files = files
        self.block = storage.block
        self.parallel = storage.parallel

    def find(self, within: Iterable[str] = ("",)) -> Iterator[Found]:
        """Gives the files, without looking for them."""
        beginnings = tuple(within)
        return (file for file in self._files if file.name.startswith(beginnings))

    def level(self, folder: str = "") -> list[str]:
        """Gives all files."""
        return [file.name for file in self._files if file.name.startswith(folder)]

    def locate(self, name: str) -> str:
        """Gives the path of a file by its name."""
        return self._storage.locate(name)

    def open(self, path: str) -> Handle:
        """Opens a file; raises OSError."""
        return self._storage.open(path)
