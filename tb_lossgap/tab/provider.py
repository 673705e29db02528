"""Series from TensorBoard's data provider, for a logdir whose files cannot be opened from here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
from tensorboard.context import RequestContext
from tensorboard.data.provider import RunTagFilter

from tb_lossgap.events import LogdirError
from tb_lossgap.model import Progress
from tb_lossgap.model import ReadWarning
from tb_lossgap.model import Series
from tb_lossgap.model import SeriesKey
from tb_lossgap.pairing import could_pair

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from collections.abc import Mapping

    from tb_lossgap.library import Source
    from tb_lossgap.model import HParam

# More than any loader keeps: what was sampled at loading is sampled enough.
_NO_DOWNSAMPLING = 2**31 - 1


class ProviderSource:
    """The scalars that TensorBoard itself loaded: a sample of at most 1,000 points a series by default."""

    def __init__(self, data_provider: Any, *, wanted: Callable[[str], bool] | None = could_pair) -> None:
        """Wraps a `tensorboard.data.provider.DataProvider`; `wanted` tells the tags to read, None reads all."""
        self._provider = data_provider
        self._wanted = wanted or bool
        self._series: dict[SeriesKey, Series] = {}

    def refresh(
        self, *, on_progress: Callable[[Progress], None] | None = None, stop: threading.Event | None = None
    ) -> bool:
        """Reads all series in one batched call; True when any of them changed."""
        del on_progress, stop
        fresh = {}
        for run, tags in self._read().items():
            for tag, data in tags.items():
                key = SeriesKey(run, tag)
                fresh[key] = _kept(self._series.get(key), _series(key, data))
        changed = len(fresh) != len(self._series) or any(self._series.get(key) is not fresh[key] for key in fresh)
        self._series = fresh
        return changed

    def _read(self) -> Mapping[str, Mapping[str, Any]]:
        ctx = RequestContext()
        listed = self._provider.list_scalars(ctx, experiment_id="", plugin_name="scalars")
        wanted = {run: [tag for tag in tags if self._wanted(tag)] for run, tags in listed.items()}
        tags = sorted({tag for names in wanted.values() for tag in names})
        if not tags:
            return {}
        found: Mapping[str, Mapping[str, Any]] = self._provider.read_scalars(
            ctx,
            experiment_id="",
            plugin_name="scalars",
            downsample=_NO_DOWNSAMPLING,
            run_tag_filter=RunTagFilter(runs=sorted(wanted), tags=tags),
        )
        return found

    def series(self) -> Mapping[SeriesKey, Series]:
        """All series as of the last refresh, each marked as not exact."""
        return self._series

    def hparams(self) -> Mapping[str, Mapping[str, HParam]]:
        """Nothing: data providers of local logs hold no hyperparameters."""
        return {}

    @property
    def warnings(self) -> tuple[ReadWarning, ...]:
        """Nothing: TensorBoard logs what it could not read itself."""
        return ()

    @property
    def progress(self) -> Progress:
        """Nothing to count: files are TensorBoard's."""
        return Progress()


class FallbackSource:
    """Event files where they can be opened, else what TensorBoard itself loaded."""

    def __init__(self, files: Source, sampled: Source) -> None:
        """Wraps the exact source and the one to turn to."""
        self._files = files
        self._sampled = sampled
        self._current = files
        self._reason = ""

    def refresh(
        self, *, on_progress: Callable[[Progress], None] | None = None, stop: threading.Event | None = None
    ) -> bool:
        """Reads from the files, or from the provider where the files cannot be opened and it has scalars.

        Raises:
            LogdirError: Neither has anything.
        """
        before = self._current
        try:
            changed = self._files.refresh(on_progress=on_progress, stop=stop)
            self._current = self._files
        except LogdirError as error:
            changed = self._sampled.refresh(on_progress=on_progress, stop=stop)
            if not self._sampled.series():
                raise
            self._current, self._reason = self._sampled, str(error)
        return changed or self._current is not before

    def series(self) -> Mapping[SeriesKey, Series]:
        """Series of the source that served last."""
        return self._current.series()

    def hparams(self) -> Mapping[str, Mapping[str, HParam]]:
        """Hyperparameters of the source that served last."""
        return self._current.hparams()

    @property
    def warnings(self) -> tuple[ReadWarning, ...]:
        """Warnings of the source that served last; the reason why it is a sample comes first."""
        if self._current is self._files:
            return self._files.warnings
        return (ReadWarning(".", 0, f"shown from TensorBoard's sample of the points: {self._reason}"),)

    @property
    def progress(self) -> Progress:
        """Progress of the source that served last."""
        return self._current.progress


def _series(key: SeriesKey, data: Any) -> Series:
    return Series(
        key=key,
        steps=np.array([datum.step for datum in data], dtype=np.int64),
        wall_times=np.array([datum.wall_time for datum in data], dtype=np.float64),
        values=np.array([datum.value for datum in data], dtype=np.float64),
        exact=False,
    )


def _kept(old: Series | None, new: Series) -> Series:
    if old is None:
        return new
    columns = ((old.steps, new.steps), (old.wall_times, new.wall_times), (old.values, new.values))
    return old if all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in columns) else new
