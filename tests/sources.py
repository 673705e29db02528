"""A source of series that needs no files."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from tb_lossgap.model import Progress
from tb_lossgap.model import ReadWarning
from tb_lossgap.model import Series
from tb_lossgap.model import SeriesKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from tb_lossgap.model import HParam


class FakeSource:
    """Series held in memory, which a test may add to between two looks."""

    def __init__(self) -> None:
        self.held: dict[SeriesKey, Series] = {}
        self.changed = True
        self.error: BaseException | None = None
        self.reads = 0
        self.at_once = self.most_at_once = 0
        self.warnings: tuple[ReadWarning, ...] = ()
        self.progress = Progress()
        self.readers: set[str] = set()
        self.may_read = threading.Event()
        self.may_read.set()

    def add(self, run: str, tag: str, values: list[float], *, start: float = 1000.0) -> None:
        steps = np.arange(len(values), dtype=np.int64)
        key = SeriesKey(run, tag)
        self.held[key] = Series(key, steps, start + steps.astype(np.float64), np.array(values, dtype=np.float64))
        self.changed = True

    def refresh(
        self, *, on_progress: Callable[[Progress], None] | None = None, stop: threading.Event | None = None
    ) -> bool:
        del stop
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.may_read.wait()
        self.at_once -= 1
        self.reads += 1
        self.readers.add(threading.current_thread().name)
        if self.error is not None:
            raise self.error
        if on_progress is not None:
            on_progress(self.progress)
        changed, self.changed = self.changed, False
        return changed

    def series(self) -> Mapping[SeriesKey, Series]:
        return dict(self.held)

    def hparams(self) -> Mapping[str, Mapping[str, HParam]]:
        return {}
