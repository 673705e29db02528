"""What the reader needs of a place that holds event files, be it a folder or an object store."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import Protocol
from typing import TypeAlias

if TYPE_CHECKING:
    from collections.abc import Hashable
    from collections.abc import Iterable
    from collections.abc import Iterator

    from tb_lossgap.model import ReadWarning

    # The name of a root, and a file's path in it.
    FileKey: TypeAlias = tuple[str, str]

# Such files only mark a run for the profiler (tensorflow/tensorboard#2084).
_MARKER_SUFFIX = ".profile-empty"


class Stamp(NamedTuple):
    """What tells whether a file has changed without opening it.

    Attributes:
        size: Bytes.
        modified: When it was last written, in any ordered unit of the place.
        version: Changes at least whenever the content does.
        identity: Changes only when another file took the name; None where the place cannot tell.
    """

    size: int
    modified: float
    version: Hashable
    identity: Hashable


class Found(NamedTuple):
    """An event file that was found.

    Attributes:
        run: Folder relative to the root, with "/", "." for the root itself; a named root's name goes before it.
        name: The file in the same way.
        path: What the place opens it by.
        stamp: Its state when it was found.
    """

    run: str
    name: str
    path: str
    stamp: Stamp

    @property
    def readable(self) -> bool:
        """Whether it may hold records, rather than only mark its folder as a run."""
        return not self.name.endswith(_MARKER_SUFFIX)


class Handle(Protocol):
    """An opened file."""

    def read(self, offset: int, size: int) -> bytes:
        """Reads up to `size` bytes from `offset` on, fewer only at the end of the file; raises OSError."""

    def close(self) -> None:
        """Gives it back."""


class Storage(Protocol):
    """A root under which event files lie."""

    @property
    def block(self) -> int:
        """How many bytes of a file to read at a time."""

    @property
    def parallel(self) -> int:
        """How many files to read at a time."""

    def find(self, within: Iterable[str] = ("",)) -> Iterator[Found | ReadWarning]:
        """Finds every event file below the root, and every folder that cannot be listed; raises LogdirError.

        Args:
            within: Only files whose path below the root begins in one of these ways.
        """

    def level(self, folder: str = "") -> list[str]:
        """Lists the event files and, with a "/", the folders directly in a folder ("" or "x/"); raises LogdirError."""

    def locate(self, name: str) -> str:
        """Gives the path of a file by its name."""

    def open(self, path: str) -> Handle:
        """Opens a file; raises OSError."""


def is_event_file(name: str) -> bool:
    """Tells by the rule of TensorBoard (`io_wrapper.py`) whether a file of this name holds events."""
    return "tfevents" in name
