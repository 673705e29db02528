"""Event files in object stores and other places that fsspec knows, read by ranges."""

from __future__ import annotations

import inspect
import posixpath
import time
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from typing import TypeVar

from tb_lossgap.events.errors import LogdirError
from tb_lossgap.events.storage import Found
from tb_lossgap.events.storage import Stamp
from tb_lossgap.events.storage import is_event_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    _Listing = dict[str, Mapping[str, Any]]

_Result = TypeVar("_Result")

# What stores call the time of the last change, and what else changes with the content.
_TIMES = ("mtime", "LastModified", "last_modified", "modified", "updated", "created")
_VERSIONS = ("ETag", "etag", "generation", "md5", *_TIMES)
# A request that fails is repeated after so many seconds: stores are busy or out of reach for moments.
_PAUSES = (0.1, 0.5)


class _Store(NamedTuple):
    """The extra of ours that brings what reads a kind of store, and where that looks for credentials."""

    extra: str
    credentials: str


_S3 = _Store("s3", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; AWS_ENDPOINT_URL for other stores")
_GOOGLE = _Store("gcs", "GOOGLE_APPLICATION_CREDENTIALS, or `gcloud auth application-default login`")
_AZURE = _Store("azure", "AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY")
_STORES = {"s3": _S3, "s3a": _S3, "gs": _GOOGLE, "gcs": _GOOGLE, "az": _AZURE, "abfs": _AZURE, "abfss": _AZURE}


class RemoteStorage:
    """A folder, or what looks like one, at a URL.

    Args:
        root: The URL.
        lead: What the names of its runs and files begin with.
    """

    # A range costs a round trip: large ones, and many at once.
    block = 1 << 23
    parallel = 16

    def __init__(self, root: str, lead: str = "") -> None:
        self._root = root
        self._lead = lead
        self._filesystem: Any = None
        self._path = ""

    def find(self, within: Iterable[str] = ("",)) -> Iterator[Found]:
        """Finds every event file below the root.

        Args:
            within: Only files whose path below the root begins in one of these ways.

        Raises:
            LogdirError: The URL is of an unknown kind, its package or credentials are missing, or nothing is there.
        """
        listings = []
        for beginning in within:
            folder, _, opening = beginning.rpartition("/")
            listings.append(self._choose(self._ask(self._find, folder, opening), beginning))
        return chain.from_iterable(listings)

    def level(self, folder: str = "") -> list[str]:
        """Lists the event files and, with a "/", the folders directly in a folder ("" or "x/").

        Raises:
            LogdirError: As `find` does.
        """
        names = []
        for path, details in self._ask(self._list, folder.rstrip("/")).items():
            if _is_folder(details):
                names.append(f"{folder}{posixpath.basename(path.rstrip('/'))}/")
            elif is_event_file(posixpath.basename(path)):
                names.append(folder + posixpath.basename(path))
        return names

    def _ask(self, request: Callable[..., _Listing], *arguments: str) -> _Listing:
        """Makes a request for a listing; raises LogdirError."""
        self._connect()
        try:
            self._filesystem.invalidate_cache()
            listing = request(*arguments)
            there = bool(listing) or any(arguments) or self._filesystem.isdir(self._path)
        except FileNotFoundError:
            listing, there = {}, any(arguments)
        except Exception as error:
            raise LogdirError(f"{self._root}: cannot be listed ({error}); {_advice(self._root)}") from error
        if not there:
            raise LogdirError(f"{self._root}: nothing is there; give the folder that your trainings log to")
        if self._path in listing:
            raise LogdirError(f"{self._root}: not a folder; give the folder that holds the event files")
        return listing

    def _list(self, folder: str) -> _Listing:
        return {entry["name"]: entry for entry in _patiently(self._filesystem.ls, self._below(folder), detail=True)}

    def _find(self, folder: str, opening: str) -> _Listing:
        """Lists all files below a folder whose names there begin with `opening`, in few requests where stores can."""
        path = self._below(folder)
        if not opening:
            return _patiently(self._filesystem.find, path, detail=True)
        if "prefix" in inspect.signature(self._filesystem.find).parameters:
            return _patiently(self._filesystem.find, path, detail=True, prefix=opening)
        found: _Listing = {}
        for name, entry in self._list(folder).items():
            if posixpath.basename(name.rstrip("/")).startswith(opening):
                found |= _patiently(self._filesystem.find, name, detail=True) if _is_folder(entry) else {name: entry}
        return found

    def _connect(self) -> None:
        if self._filesystem is None:
            self._filesystem, self._path = _connect(self._root)

    def _below(self, folder: str) -> str:
        return f"{self._path}/{folder}" if folder else self._path

    def locate(self, name: str) -> str:
        """Gives what `open` knows the file of that name by; raises LogdirError."""
        self._connect()
        return self._below(name.removeprefix(self._lead))

    def open(self, path: str) -> RemoteFile:
        """Opens a file, which asks for nothing yet; raises LogdirError."""
        self._connect()
        return RemoteFile(self._filesystem, path)

    def _choose(self, listing: _Listing, within: str) -> Iterator[Found]:
        for path, details in sorted(listing.items()):
            name = posixpath.relpath(path, self._path)
            if is_event_file(posixpath.basename(path)) and name.startswith(within):
                run = posixpath.dirname(name) or "."
                yield Found(self._lead + run, self._lead + name, path, _stamp(details))


class RemoteFile:
    """A file that is read by ranges."""

    def __init__(self, filesystem: Any, path: str) -> None:
        self._filesystem = filesystem
        self._path = path

    def read(self, offset: int, size: int) -> bytes:
        """Reads up to `size` bytes from `offset` on, fewer only at the end of the file; raises OSError."""
        if not size:
            return b""
        try:
            return bytes(_patiently(self._filesystem.cat_file, self._path, start=offset, end=offset + size))
        except OSError:
            raise
        except Exception as error:
            # Every store has errors of its own.
            raise OSError(str(error)) from error

    def close(self) -> None:
        """Nothing was opened."""


def _is_folder(details: Mapping[str, Any]) -> bool:
    return bool(details["type"] == "directory")


def _connect(root: str) -> tuple[Any, str]:
    """Gives the file system of a URL and the path in it; raises LogdirError."""
    import fsspec

    try:
        filesystem, path = fsspec.core.url_to_fs(root)
    except ImportError as error:
        protocol = root.partition("://")[0]
        store = _STORES.get(protocol)
        advice = f"pip install 'tb-lossgap[{store.extra}]'" if store else str(error)
        raise LogdirError(f"{root}: the package that reads {protocol}:// is not installed; {advice}") from error
    except Exception as error:
        raise LogdirError(f"{root}: cannot be opened ({error}); {_advice(root)}") from error
    return filesystem, str(path)


def _advice(root: str) -> str:
    """Says what to check where a store does not let us in."""
    store = _STORES.get(root.partition("://")[0])
    return "check the address and credentials" + (f" ({store.credentials})" if store else "")


def _patiently(request: Callable[..., _Result], *arguments: object, **options: object) -> _Result:
    """Makes a request, again after a pause when it fails for a reason that may pass."""
    for pause in _PAUSES:
        try:
            return request(*arguments, **options)
        except (FileNotFoundError, PermissionError):
            raise
        except Exception:  # noqa: BLE001  every store has errors of its own
            time.sleep(pause)
    return request(*arguments, **options)


def _stamp(details: Mapping[str, Any]) -> Stamp:
    modified = next((moment for name in _TIMES if (moment := _seconds(details.get(name))) is not None), 0.0)
    return Stamp(int(details["size"]), modified, tuple(str(details.get(name)) for name in _VERSIONS), None)


def _seconds(moment: object) -> float | None:
    if isinstance(moment, datetime):
        return moment.timestamp()
    return float(moment) if isinstance(moment, int | float) else None
