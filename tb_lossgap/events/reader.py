"""Reads every scalar below one or several logdirs, and keeps up with what is logged."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tb_lossgap.events.errors import LogdirError
from tb_lossgap.events.followed import FollowedFile
from tb_lossgap.events.followed import Tally
from tb_lossgap.events.local import LocalStorage
from tb_lossgap.events.memory import CHARACTER
from tb_lossgap.events.memory import FILE
from tb_lossgap.events.remote import RemoteStorage
from tb_lossgap.events.shelf import Shelf
from tb_lossgap.events.tags import LONGEST
from tb_lossgap.events.tags import TagFilter
from tb_lossgap.model import ReadWarning

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator

    from tb_lossgap.events.storage import FileKey
    from tb_lossgap.events.storage import Storage
    from tb_lossgap.model import HParam
    from tb_lossgap.model import Progress
    from tb_lossgap.model import Series
    from tb_lossgap.model import SeriesKey

# How often those who wait for several threads hear of their progress.
_REPORT_SECONDS = 0.05
# So many files are found between two reports of progress.
_REPORT_FILES = 1000


class LogReader:
    """Every scalar point of the event files below some roots.

    `refresh` reads; everything else may be asked for meanwhile, from any thread, and tells of the files that are done.

    Args:
        roots: What the names of a root's runs begin with, and the root: a folder, a URL that fsspec knows, or a
            storage. The plain logdir has the name "". As pairs, several roots may have the same name.
        wanted: Tells the tags whose points are kept; None keeps all. Once it wants a tag that it did not want before,
            all files are read again.
        workers: How many files are read at once; None: as many as suits the machine and the roots.
        memory: About how many bytes the points may take up, None for any number; the files written last come first,
            and a warning tells how much is left out.
    """

    def __init__(
        self,
        roots: Mapping[str, str | Storage] | Iterable[tuple[str, str | Storage]],
        *,
        wanted: Callable[[str], bool] | None = None,
        workers: int | None = None,
        memory: int | None = None,
    ) -> None:
        self._storages = [
            (prefix, storage_at(root, f"{prefix}/" if prefix else "") if isinstance(root, str) else root)
            for prefix, root in (roots.items() if isinstance(roots, Mapping) else roots)
        ]
        self._tags = TagFilter(wanted or _everything)
        self._workers = workers or max((storage.parallel for _, storage in self._storages), default=1)
        self._memory = memory
        self._refreshing = threading.Lock()
        self._shelf = Shelf()
        self._files: dict[FileKey, FollowedFile] = {}
        self._weight = 0
        self._runs: tuple[str, ...] = ()
        self._problems: tuple[ReadWarning, ...] = ()
        self._tally = Tally()

    @property
    def progress(self) -> Progress:
        """How far reading has come; files that did not change since they were read count as read."""
        return self._tally.progress()

    @property
    def runs(self) -> tuple[str, ...]:
        """The folders with any event file, sorted; one that is only marked by an empty file is among them."""
        return self._runs

    @property
    def warnings(self) -> tuple[ReadWarning, ...]:
        """What could not be read, sorted by file; names are relative to the logdir, or begin with a root's name."""
        damaged = [file.warning for file in tuple(self._files.values())]
        found = (*self._problems, *self._left_out(), *filter(None, damaged))
        return tuple(sorted(found, key=lambda warning: warning.file))

    @property
    def is_partial(self) -> bool:
        """Whether something is not read so that memory lasts."""
        return any(self._full in warning.what for warning in self.warnings)

    def _left_out(self) -> Iterator[ReadWarning]:
        """What is not read so that memory lasts."""
        unread = [file for file in tuple(self._files.values()) if file.is_left_out]
        if unread:
            missing = sum(file.found.stamp.size - file.follower.offset for file in unread)
            yield ReadWarning(".", 0, f"{missing} bytes of {len(unread)} event files are not read, {self._full}")
        for file in unread:
            if file.follower.offset:
                yield ReadWarning(file.found.name, file.follower.offset, f"not read from here on, {self._full}")
        if self._tags.endless:
            yield ReadWarning(".", 0, f"{self._tags.endless} tags of more than {LONGEST} characters are left out")

    @property
    def _full(self) -> str:
        limit = (self._memory or 0) >> 20
        raising = "raise it by --lossgap_memory (a command's: --memory), or show a smaller logdir"
        return f"for the memory limit of {limit} MiB is reached; {raising}"

    @property
    def _is_full(self) -> bool:
        return self._memory is not None and self._shelf.weight + self._weight > self._memory

    def series(self) -> dict[SeriesKey, Series]:
        """Gives every series as of now; one that did not change is the same object as before."""
        return self._shelf.series()

    def hparams(self) -> dict[str, dict[str, HParam]]:
        """Gives the hyperparameters of every run whose hparams summaries name any; the newest file's word counts."""
        hparams: dict[str, dict[str, HParam]] = {}
        named = (file for file in tuple(self._files.values()) if file.follower.hparams)
        for file in sorted(named, key=lambda file: (file.follower.first_wall_time, file.found.name)):
            hparams.setdefault(file.found.run, {}).update(file.follower.hparams)
        return hparams

    def refresh(
        self,
        *,
        on_progress: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
    ) -> bool:
        """Finds the event files and reads what is new in them, the most recently written first.

        A second call waits for the first to end.

        Args:
            on_progress: Called in this thread after every file or block, or many times a second.
            stop: When set, reading ends early. What was read counts, and the next call reads the rest.

        Returns:
            Whether points, runs, hyperparameters or warnings differ from before.

        Raises:
            LogdirError: No root can be read. What was read before is kept.
        """

        def report() -> None:
            if on_progress:
                on_progress(self.progress)

        with self._refreshing:
            before = (self.runs, self.warnings, self.hparams())
            changed = self._tags.reconsider()
            if changed:
                # Their points are in files that were read already.
                self._adopt({})
            files = self._find(report, stop)
            if files is None:
                return changed
            changed |= self._adopt(files)
            stale = deque(sorted((file for file in files.values() if file.stale), key=_newest_first))
            changed |= self._read(stale, report, stop)
            return changed or before != (self.runs, self.warnings, self.hparams())

    def _find(self, report: Callable[[], None], stop: threading.Event | None) -> dict[FileKey, FollowedFile] | None:
        """Finds all event files; those already known stay what they are, in their new state. None when stopped."""
        files: dict[FileKey, FollowedFile] = {}
        problems: list[ReadWarning] = []
        errors: list[LogdirError] = []
        weight = 0
        for prefix, storage in self._storages:
            try:
                for found in storage.find():
                    if stop and stop.is_set():
                        return None
                    if isinstance(found, ReadWarning):
                        problems.append(found)
                        continue
                    if self._memory is not None and 2 * weight > self._memory:
                        what = f"event files beyond the first {len(files)} are left out, {self._full}"
                        problems.append(ReadWarning(".", 0, what))
                        break
                    key = (prefix, found.path)
                    file = self._files.get(key) or FollowedFile(key, storage, found, self._tags.keeps)
                    # What did not change stays as it is: thousands of new objects would call the garbage collector.
                    files[file.key] = file
                    weight += _weight(key)
                    if file.found.stamp != found.stamp:
                        file.found = found
                    if len(files) % _REPORT_FILES == 0:
                        self._tally.expect(len(files))
                        report()
            except LogdirError as error:
                errors.append(error)
                problems.append(ReadWarning(prefix, 0, str(error)))
        if errors and len(errors) == len(self._storages):
            raise errors[0]
        self._problems = tuple(problems)
        return files

    def _adopt(self, files: dict[FileKey, FollowedFile]) -> bool:
        """Takes these as all the files there are; tells whether that took away any points."""
        gone = self._files.keys() - files.keys()
        self._files = files
        self._weight = sum(map(_weight, files))
        self._runs = tuple(sorted({file.found.run for file in files.values()}))
        self._tally = Tally(files.values())
        changed = False
        for key in gone:
            changed |= self._shelf.drop(key)
        return changed

    def _read(self, stale: deque[FollowedFile], report: Callable[[], None], stop: threading.Event | None) -> bool:
        """Reads files, here or by several threads; tells whether any series differs from before."""
        report()
        workers = min(self._workers, len(stale))
        if workers <= 1:
            return self._drain(stale, report, stop)
        ending = threading.Event()
        crew = [_Worker(lambda: self._drain(stale, _nothing, ending)) for _ in range(workers)]
        try:
            for worker in crew:
                worker.start()
            for worker in crew:
                while worker.is_alive():
                    worker.join(_REPORT_SECONDS)
                    if stop and stop.is_set():
                        ending.set()
                    report()
            report()
        except Exception:
            # Nothing is read any more when the caller hears of it.
            ending.set()
            for worker in crew:
                worker.join()
            raise
        finally:
            ending.set()
        return max(worker.result() for worker in crew)

    def _drain(self, stale: deque[FollowedFile], report: Callable[[], None], stop: threading.Event | None) -> bool:
        changed = False
        while not (stop and stop.is_set()):
            try:
                file = stale.popleft()
            except IndexError:
                break
            changed |= self._read_file(file, report, stop)
        return changed

    def _read_file(self, file: FollowedFile, report: Callable[[], None], stop: threading.Event | None) -> bool:
        def advance(done: int) -> None:
            self._tally.advance(file, done)
            report()

        found, follower = file.found, file.follower
        changed, reached = False, -1
        while follower.offset != reached:
            file.is_left_out = self._is_full
            if file.is_left_out:
                break
            reached = follower.offset
            news = follower.read(file.storage, found.path, found.stamp, stop=stop, on_bytes=advance)
            changed |= self._shelf.add(found.run, file.key, follower.first_wall_time, news)
            if follower.is_current(found.stamp) or follower.damage or (stop and stop.is_set()):
                break
        if not (stop and stop.is_set()):
            self._tally.finish(file)
        report()
        return changed


def storage_at(root: str, lead: str = "") -> Storage:
    """Gives what reads a folder, or a URL that fsspec knows.

    Args:
        root: The folder or URL.
        lead: What the names of its runs and files begin with.
    """
    if root.startswith("file://"):
        from urllib.request import url2pathname

        root = url2pathname(root[len("file://") :])
    return RemoteStorage(root, lead) if "://" in root else LocalStorage(root, lead)


class _Worker(threading.Thread):
    """A thread that does something once. The process does not wait for it to end, as it would for one of a pool."""

    def __init__(self, do: Callable[[], bool]) -> None:
        super().__init__(name="lossgap-read", daemon=True)
        self._do = do
        self._done = False
        self._error: Exception | None = None

    def run(self) -> None:
        """Does it."""
        try:
            self._done = self._do()
        except Exception as error:  # noqa: BLE001  it is raised where the result is asked for
            self._error = error

    def result(self) -> bool:
        """Gives what came of it, or raises what went wrong."""
        if self._error:
            raise self._error
        return self._done


def _weight(key: FileKey) -> int:
    """About how many bytes a file takes up before anything of it is read."""
    return FILE + CHARACTER * len(key[1])


def _everything(_tag: str) -> bool:
    return True


def _nothing() -> None:
    pass


def _newest_first(file: FollowedFile) -> float:
    return -file.found.stamp.modified
