"""Event files in folders of this machine."""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING
from typing import NamedTuple

from tb_lossgap.events.errors import LogdirError
from tb_lossgap.events.storage import Found
from tb_lossgap.events.storage import Stamp
from tb_lossgap.events.storage import is_event_file
from tb_lossgap.model import ReadWarning

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

# Of a pipe that has taken a file's name since it was found, nobody waits for the other end.
_READING = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_BINARY", "O_CLOEXEC", "O_NOINHERIT", "O_NONBLOCK"))
# So many names a folder may have by symbolic links; a few links that point at each other would make millions.
_MOST_NAMES = 16


if sys.platform == "win32":

    def _read_at(descriptor: int, size: int, offset: int) -> bytes:
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.read(descriptor, size)
else:
    _read_at = os.pread


class _Folder(NamedTuple):
    """A folder to list.

    Attributes:
        path: What to open it by.
        name: Its name below the root.
        real: Its real path.
        parent: The folder that it was found in, None for the root.
        is_linked: Whether the way to it leads over a symbolic link.
    """

    path: str
    name: str
    real: str
    parent: _Folder | None
    is_linked: bool

    def is_within(self, real: str) -> bool:
        """Tells whether the way to this folder leads over the folder of that real path."""
        folder: _Folder | None = self
        while folder and folder.real != real:
            folder = folder.parent
        return folder is not None


class LocalFile:
    """An opened file of this machine.

    By the system's own calls, few of them: of a thousand small files they are a third of the time.
    """

    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, _READING)

    def read(self, offset: int, size: int) -> bytes:
        """Reads up to `size` bytes from `offset` on, fewer only at the end of the file."""
        return _read_at(self._descriptor, size, offset)

    def close(self) -> None:
        """Closes the file."""
        os.close(self._descriptor)


class LocalStorage:
    """A folder of this machine; symbolic links are followed, in circles they are not.

    Args:
        root: Path of the folder; "~" stands for the home directory.
        lead: What the names of its runs and files begin with.
    """

    # Small enough to stay in the processor's cache between reading and decoding.
    block = 1 << 18
    parallel = min(4, os.cpu_count() or 1)

    def __init__(self, root: str, lead: str = "") -> None:
        self._root = os.path.expanduser(root)
        self._lead = lead

    def find(self, within: Iterable[str] = ("",)) -> Iterator[Found | ReadWarning]:
        """Finds every event file below the root; runs and files are named as TensorBoard names them.

        Args:
            within: Only files whose path below the root begins in one of these ways.

        Raises:
            LogdirError: The root is missing, no folder, or cannot be listed.
        """
        self._check()
        openings: dict[str, list[str]] = {}
        for beginning in within:
            folder, _, opening = beginning.rpartition("/")
            openings.setdefault(folder, []).append(opening)
        return chain.from_iterable(self._walk(folder, tuple(those)) for folder, those in openings.items())

    def level(self, folder: str = "") -> list[str]:
        """Lists what may hold event files in a folder ("" or "x/"), not below it; real folders end with "/".

        What is behind a link, or cannot be listed, is left to `find`.

        Raises:
            LogdirError: The root is missing, no folder, or cannot be listed.
        """
        self._check()
        try:
            with os.scandir(os.path.join(self._root, folder)) as listing:
                entries = [entry for entry in listing if is_event_file(entry.name) or _is_folder(entry)]
        except OSError:
            return [folder.rstrip("/")]
        return [folder + entry.name + ("/" if entry.is_dir(follow_symlinks=False) else "") for entry in entries]

    def _check(self) -> None:
        try:
            os.scandir(self._root).close()
        except FileNotFoundError:
            raise LogdirError(f"{self._root}: no such folder; give the folder that your trainings log to") from None
        except NotADirectoryError:
            raise LogdirError(f"{self._root}: not a folder; give the folder that holds the event files") from None
        except OSError as error:
            raise LogdirError(f"{self._root}: cannot be read ({error.strerror}); check its permissions") from None

    def locate(self, name: str) -> str:
        """Gives what `open` knows the file of that name by, where its name is text."""
        return os.path.join(self._root, name.removeprefix(self._lead))

    def open(self, path: str) -> LocalFile:
        """Opens a file."""
        return LocalFile(path)

    def _walk(self, first: str, openings: tuple[str, ...]) -> Iterator[Found | ReadWarning]:
        """Walks through the folder `first`, of which only the names that begin in one of these ways count."""
        root = _Folder(self._root, ".", os.path.realpath(self._root), None, is_linked=False)
        folders = [_folder(root, first) if first else root]
        visits: Counter[str] = Counter()
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder.path) as listing:
                    entries = [entry for entry in listing if entry.name.startswith(openings)]
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                yield ReadWarning(self._name(folder.name), 0, f"folder cannot be read: {error.strerror}")
                continue
            openings = ("",)
            for entry in entries:
                if is_event_file(entry.name) and (stamp := _stamp(entry)):
                    yield Found(self._name(folder.name), self._name(_join(folder, entry)), entry.path, stamp)
                elif _is_folder(entry):
                    below = _below(folder, entry)
                    if not below.is_linked or _may_follow(folder, below, visits):
                        folders.append(below)
                    elif visits[below.real] == _MOST_NAMES + 1:
                        what = f"folder has more than {_MOST_NAMES} names by links"
                        yield ReadWarning(self._name(below.name), 0, what)

    def _name(self, relative: str) -> str:
        """Replaces bytes of a file name that are no text, as TensorBoard's fast loader does."""
        name = self._lead + relative
        return name if name.isascii() else name.encode(errors="surrogateescape").decode(errors="replace")


def _folder(root: _Folder, name: str) -> _Folder:
    path = os.path.join(root.path, name)
    real = os.path.realpath(path)
    return _Folder(path, name, real, root, is_linked=real != os.path.join(root.real, name))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link to itself, or into a folder that may not be entered.
        return False


def _join(folder: _Folder, entry: os.DirEntry[str]) -> str:
    return entry.name if folder.name == "." else f"{folder.name}/{entry.name}"


def _below(folder: _Folder, entry: os.DirEntry[str]) -> _Folder:
    is_link = entry.is_symlink()
    real = os.path.realpath(entry.path) if is_link else f"{folder.real}{os.sep}{entry.name}"
    return _Folder(entry.path, _join(folder, entry), real, folder, is_link or folder.is_linked)


def _may_follow(folder: _Folder, below: _Folder, visits: Counter[str]) -> bool:
    """Tells whether to go on into a folder that was reached over a link, and counts that it was."""
    if folder.is_within(below.real):
        return False
    visits[below.real] += 1
    return visits[below.real] <= _MOST_NAMES


def _stamp(entry: os.DirEntry[str]) -> Stamp | None:
    """Gives the state of a regular file; None for anything else, and for what has just vanished."""
    try:
        # Not the entry's own stat: on Windows that knows no inode, and the size only of when the file was closed.
        state = os.stat(entry.path)
    except OSError:
        return None
    if not stat.S_ISREG(state.st_mode):
        return None
    return Stamp(state.st_size, state.st_mtime, state.st_mtime_ns, (state.st_dev, state.st_ino))
