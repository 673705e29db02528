"""Keeps the trainings of one logdir current in the background and hands out immutable snapshots."""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING
from typing import Protocol

from tb_lossgap.events import LogdirError
from tb_lossgap.model import Progress
from tb_lossgap.model import ReadWarning
from tb_lossgap.model import Scalar
from tb_lossgap.pairing import RuleError
from tb_lossgap.pairing import assign_hparams
from tb_lossgap.pairing import could_pair
from tb_lossgap.pairing import load_rules
from tb_lossgap.pairing import pair_scalars
from tb_lossgap.snapshot import Snapshot
from tb_lossgap.snapshot import build_fits

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from tb_lossgap.model import HParam
    from tb_lossgap.model import Series
    from tb_lossgap.model import SeriesKey
    from tb_lossgap.pairing import Rule

_logger = logging.getLogger(__name__)

# While logs are first read, what is known so far is shown this many seconds apart at the least.
_PARTIAL_INTERVAL = 0.5
# Nobody asked for this long: reading pauses until somebody does.
_IDLE_SECONDS = 600.0


class Source(Protocol):
    """Where series come from: event files, or TensorBoard's data provider."""

    def refresh(
        self, *, on_progress: Callable[[Progress], None] | None = None, stop: threading.Event | None = None
    ) -> bool:
        """Reads what is new; True when anything changed."""

    def series(self) -> Mapping[SeriesKey, Series]:
        """All series as of now; a series that did not change is the same object as before."""

    def hparams(self) -> Mapping[str, Mapping[str, HParam]]:
        """Hyperparameters by run."""

    @property
    def warnings(self) -> tuple[ReadWarning, ...]:
        """What could not be read."""

    @property
    def progress(self) -> Progress:
        """How far reading has come."""


class Library:
    """The trainings of one logdir.

    Nothing is read before the first `snapshot` or `refresh`. `snapshot` never waits for a file: it starts the
    background thread, or wakes it, and answers with what is known.
    """

    def __init__(
        self,
        source: Source,
        logdir: str,
        *,
        rules: Sequence[Rule] = (),
        rules_file: str | None = None,
        reload_interval: float = 5.0,
        measured: bool = True,
    ) -> None:
        """Wraps a source; reads nothing yet.

        Args:
            source: Where series come from.
            logdir: The logdir as the user wrote it, for the reader's eyes.
            rules: A person's own pairing rules.
            rules_file: Path of a lossgap.toml with more of them, which need not exist; read anew before every pairing.
            reload_interval: Seconds between two looks at the source; 0 looks once only.
            measured: Whether curves are measured before anybody sees them, so that nobody waits for it later.
        """
        self._source = source
        self._rules = rules
        self._rules_file = rules_file
        self._reload_interval = reload_interval
        self._measured = measured
        self._boot = os.urandom(3).hex()
        self._count = 0
        self._snapshot = Snapshot(version=f"{self._boot}-0", state="loading", logdir=logdir)
        self._refreshing = threading.Lock()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._touched = 0.0
        self._published = 0.0
        self._cost = 0.0
        self._troubled = False
        self._rules_seen: tuple[int, int] | None = None

    def snapshot(self) -> Snapshot:
        """What is known now; sees to it that the background thread runs."""
        self._touched = time.monotonic()
        self._wake.set()
        with self._starting:
            if not (self._done or self._stop.is_set() or (self._thread and self._thread.is_alive())):
                if self._thread:
                    self._troubled = True
                    self._complain("the thread that reads was killed, and started again")
                self._thread = threading.Thread(target=self._run, name="lossgap-library", daemon=True)
                self._thread.start()
        return self._snapshot

    def refresh(self, *, on_progress: Callable[[Progress], None] | None = None) -> Snapshot:
        """Reads everything that is new now, in this thread, and answers with the result.

        Raises:
            LogdirError: The logdir itself cannot be read.
        """
        with self._refreshing:
            changed = self._source.refresh(on_progress=on_progress, stop=self._stop)
            if changed or self._troubled or self._snapshot.state != "ready" or self._rules_seen != self._rules_stamp():
                self._publish(finished=True)
                self._troubled = False
        return self._snapshot

    def close(self) -> None:
        """Ends the background thread at its next breath."""
        self._stop.set()
        self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._look()
            if self._done:
                return
            self._stop.wait(max(self._reload_interval, 0.1))
            if time.monotonic() - self._touched > max(_IDLE_SECONDS, 10 * self._reload_interval):
                self._wake.clear()
                if not self._stop.is_set():
                    self._wake.wait()

    @property
    def _done(self) -> bool:
        return self._reload_interval <= 0 and self._snapshot.state == "ready"

    def _look(self) -> None:
        try:
            self.refresh(on_progress=self._show_progress)
        except LogdirError as error:
            if self._snapshot.error != str(error):
                self._show(replace(self._snapshot, state="error", error=str(error), version=self._next_version()))
        except Exception as error:
            _logger.exception("Loss Gap could not refresh; it tries again at the next look")
            self._troubled = True
            self._complain(f"internal error while reading, tried again: {type(error).__name__}: {error}")

    def _complain(self, what: str) -> None:
        known = self._snapshot
        if known.state != "ready":
            self._show(replace(known, state="error", error=what, version=self._next_version()))
        elif all(warning.what != what for warning in known.warnings):
            warnings = (*known.warnings, ReadWarning(known.logdir, 0, what))
            self._show(replace(known, warnings=warnings, version=self._next_version()))

    def _show_progress(self, progress: Progress) -> None:
        if self._snapshot.state == "ready":
            return
        now = time.monotonic()
        if now - self._published < max(_PARTIAL_INTERVAL, 5 * self._cost):
            self._show(replace(self._snapshot, progress=progress))
        else:
            self._publish(finished=False)

    def _publish(self, *, finished: bool) -> None:
        began = time.monotonic()
        series = self._source.series()
        rules, rule_warnings = self._current_rules()
        pairing = pair_scalars(scalars_of(series), rules=rules)
        hparams = assign_hparams(pairing.trainings, self._source.hparams())
        fits = build_fits(pairing, series, hparams, self._snapshot.fits)
        if self._measured:
            for curves in chain.from_iterable(fit.curves("") for fit in fits.values()):
                _ = curves.measured
        self._show(
            Snapshot(
                version=self._next_version(),
                state="ready" if finished else "loading",
                logdir=self._snapshot.logdir,
                progress=self._source.progress,
                fits=fits,
                unpaired=pairing.unpaired,
                warnings=(*rule_warnings, *self._source.warnings),
                exact=all(one.exact for one in series.values()),
                series=series,
            )
        )
        self._published = time.monotonic()
        self._cost = self._published - began

    def _current_rules(self) -> tuple[Sequence[Rule], tuple[ReadWarning, ...]]:
        self._rules_seen = self._rules_stamp()
        if self._rules_file is None or self._rules_seen is None:
            return self._rules, ()
        try:
            return (*self._rules, *load_rules(self._rules_file)), ()
        except (RuleError, OSError) as error:
            return self._rules, (ReadWarning(os.path.basename(self._rules_file), 0, str(error)),)

    def _rules_stamp(self) -> tuple[int, int] | None:
        """What changes when the rules file does; None where there is none."""
        try:
            status = os.stat(self._rules_file) if self._rules_file else None
        except OSError:
            return None
        return (status.st_mtime_ns, status.st_size) if status else None

    def _next_version(self) -> str:
        self._count += 1
        return f"{self._boot}-{self._count}"

    def _show(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot


def scalars_of(series: Mapping[SeriesKey, Series]) -> list[Scalar]:
    """What pairing may know of series, those first that were logged first."""
    return placed((one.wall_times[0] if len(one) else math.inf, one.key, len(one)) for one in series.values())


def placed(logged: Iterable[tuple[float, SeriesKey, int]]) -> list[Scalar]:
    """Scalars from the time of their first points, their names, and how many points they have."""
    return [Scalar(key, points, place) for place, (_, key, points) in enumerate(sorted(logged))]


def wanted_tags(rules: Sequence[Rule], rules_file: str | None) -> Callable[[str], bool] | None:
    """Which tags to keep the points of: those that grammar could pair, or all once a person has rules of their own."""
    if rules:
        return None
    if rules_file is None:
        return could_pair
    return lambda tag: could_pair(tag) or os.path.isfile(rules_file)
