"""Series put together from what each of a run's event files holds of them."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import numpy as np

from tb_lossgap.events.columns import Columns
from tb_lossgap.events.columns import Track
from tb_lossgap.events.columns import joined
from tb_lossgap.events.memory import POINT
from tb_lossgap.events.memory import SERIES
from tb_lossgap.model import Series
from tb_lossgap.model import SeriesKey

if TYPE_CHECKING:
    from tb_lossgap.events.follower import News
    from tb_lossgap.events.storage import FileKey
    from tb_lossgap.model import IntArray


class Shelf:
    """The series of all runs. Files are put in by any thread; what was handed out never changes.

    Attributes:
        weight: About how many bytes the series take up, with what will be measured of them, and all tags' names.
    """

    def __init__(self) -> None:
        self.weight = 0
        self._lock = threading.Lock()
        # By run and tag as plain tuples: Python hashes those a good deal faster.
        self._tracks: dict[tuple[str, str], dict[FileKey, Track]] = {}
        self._names: dict[FileKey, set[tuple[str, str]]] = {}
        self._began: dict[FileKey, float] = {}
        self._tags: dict[FileKey, int] = {}
        self._series: dict[SeriesKey, Series] = {}
        self._stale: set[tuple[str, str]] = set()
        self._steps = _StepPool()

    def add(self, run: str, file: FileKey, began: float, news: News) -> bool:
        """Adds what was read of a file.

        Args:
            run: The run that the file belongs to.
            file: What tells the file from all others.
            began: Wall time of the file's first record: a run's files follow each other in this order.
            news: What was read.

        Returns:
            Whether any series differs from before.
        """
        with self._lock:
            gone = self._drop(file) if news.again else False
            self._began[file] = began
            self.weight += news.names - self._tags.get(file, 0)
            self._tags[file] = news.names
            names = self._names.setdefault(file, set())
            for tag, columns in news.columns.items():
                # Thousands of runs have the same tags.
                name = (run, sys.intern(tag))
                tracks = self._tracks.setdefault(name, {})
                if file in tracks:
                    tracks[file].extend(columns)
                else:
                    steps = self._steps.shared(columns.steps)
                    tracks[file] = Track(Columns(steps, columns.wall_times, columns.values))
                    names.add(name)
                    self.weight += SERIES
                self.weight += POINT * len(columns.steps)
                self._stale.add(name)
            return gone or bool(news.columns)

    def drop(self, file: FileKey) -> bool:
        """Takes out a file; tells whether any series differs from before."""
        with self._lock:
            return self._drop(file)

    def series(self) -> dict[SeriesKey, Series]:
        """Gives all series as of now; one that did not change is the same object as before."""
        with self._lock:
            for name in self._stale:
                key = SeriesKey(*name)
                if tracks := self._tracks.get(name):
                    self._series[key] = self._join(key, tracks)
                else:
                    self._series.pop(key, None)
            self._stale.clear()
            return dict(self._series)

    def _drop(self, file: FileKey) -> bool:
        names = self._names.pop(file, set())
        self._began.pop(file, None)
        self.weight -= self._tags.pop(file, 0)
        for name in names:
            track = self._tracks[name].pop(file)
            self.weight -= SERIES + POINT * len(track.columns.steps)
            if not self._tracks[name]:
                del self._tracks[name]
        self._stale |= names
        return bool(names)

    def _join(self, key: SeriesKey, tracks: dict[FileKey, Track]) -> Series:
        if len(tracks) == 1:
            (track,) = tracks.values()
            return Series(key, *track.columns)
        ordered = [tracks[file] for file in sorted(tracks, key=lambda file: (self._began[file], file))]
        ends = np.cumsum([len(track.columns.steps) for track in ordered]).tolist()
        starts = [0, *ends[:-1]]
        whole = joined([track.columns for track in ordered])
        for track, start, end in zip(ordered, starts, ends, strict=True):
            # The files now share one copy of their points with the series.
            track.move_to(whole.part(start, end))
        return Series(key, *whole, file_starts=tuple(starts))


class _StepPool:
    """Step columns that are equal, held once: the tags of a run, and runs of one script, log at the same steps."""

    def __init__(self) -> None:
        self._known: WeakValueDictionary[tuple[int, int, int], IntArray] = WeakValueDictionary()

    def shared(self, steps: IntArray) -> IntArray:
        """Gives an array equal to `steps`: the one that is known, or `steps` itself, known from now on."""
        outline = (len(steps), int(steps[0]), int(steps[-1]))
        known = self._known.get(outline)
        if known is not None and known.tobytes() == steps.tobytes():
            return known
        self._known[outline] = steps
        return steps
