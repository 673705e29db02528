"""Judging a thousand trainings by all processors, where a process can be forked."""

from __future__ import annotations

import os
import sys
import threading
import warnings
from collections import deque
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING
from typing import Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from concurrent.futures import Executor
    from concurrent.futures import Future

    from tb_lossgap.analysis import Parameters
    from tb_lossgap.model import Judgement
    from tb_lossgap.model import Row
    from tb_lossgap.snapshot import Snapshot

# Fewer trainings are judged in less time than a process needs to start.
_WORTH_A_PROCESS: Final = 500
# A share holds so many, and a process has so many shares in hand; so many trainings are measured at a time: what is
# measured of these stays in its cache.
_SHARE: Final = 20
_IN_HAND: Final = 2
_AT_ONCE: Final = 8

# In a forked process: what there is to do.
_shares: Sequence[Snapshot] = ()


def all_rows(snapshot: Snapshot, parameters: Parameters, *, metric: str) -> Mapping[str, Row]:
    """What `snapshot.rows` returns, in its order."""
    others = min(_processors(), len(snapshot.fits) // _WORTH_A_PROCESS) - 1
    if others < 1 or not _can_fork():
        return _rows(snapshot, parameters, metric)
    from concurrent.futures import BrokenExecutor

    shares = list(_parts(snapshot, _SHARE))
    rows: dict[str, Row] = {}
    try:
        with _forked(shares, others) as processes:
            # The others begin at the beginning, this process at the end.
            left = deque(range(len(shares)))
            tasks: dict[int, Future[dict[str, Judgement]]] = {}
            while True:
                busy = sum(not task.done() for task in tasks.values())
                for place in [left.popleft() for _ in range(min(_IN_HAND * others - busy, len(left)))]:
                    tasks[place] = _submitted(processes, place, parameters, metric)
                if not left:
                    break
                rows.update(_rows(shares[left.pop()], parameters, metric))
            for place, task in tasks.items():
                rows.update(shares[place].rows_of(task.result(), metric=metric))
    except BrokenExecutor:
        # Somebody killed a process, as a machine without memory does.
        return _rows(snapshot, parameters, metric)
    return {known: rows[known] for known in snapshot.entries if known in rows}


def _parts(snapshot: Snapshot, trainings: int) -> Iterator[Snapshot]:
    """The snapshot in parts of so many trainings."""
    names = iter(sorted(snapshot.fits))
    while few := tuple(islice(names, trainings)):
        yield snapshot.part(few)


@contextmanager
def _forked(shares: Sequence[Snapshot], processes: int) -> Iterator[Executor]:
    """Processes that have all shares at once, since they begin as copies of this one."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=_begin, initargs=(shares,))
    try:
        yield pool
    finally:
        # After Ctrl+C nobody waits for what has not begun.
        pool.shutdown(cancel_futures=True)


def _submitted(processes: Executor, place: int, parameters: Parameters, metric: str) -> Future[dict[str, Judgement]]:
    with warnings.catch_warnings():
        # From 3.12 on Python warns of threads that a fork leaves behind; those of NumPy's libraries provide for that.
        warnings.simplefilter("ignore", DeprecationWarning)
        return processes.submit(_judgements_of_share, place, parameters, metric)


def _begin(shares: Sequence[Snapshot]) -> None:
    import signal

    global _shares  # noqa: PLW0603  it is set once, in a process that does nothing else
    _shares = shares
    # Ctrl+C is for the parent, which then ends its children.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _judgements_of_share(place: int, parameters: Parameters, metric: str) -> dict[str, Judgement]:
    # The rest of a row is known to the parent.
    return {known: row.judgement for known, row in _rows(_shares[place], parameters, metric).items()}


def _rows(snapshot: Snapshot, parameters: Parameters, metric: str) -> dict[str, Row]:
    """What `snapshot.rows` returns; what was measured for it is let go, some trainings at a time.

    New memory for all of it would take half as long as measuring does.
    """
    rows: dict[str, Row] = {}
    for part in _parts(snapshot, _AT_ONCE):
        rows.update(part.rows(parameters, metric=metric))
        for fit in part.fits.values():
            fit.forget()
    return rows


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _can_fork() -> bool:
    """Whether a copy of this process is a sound one: on Linux, where no other thread may hold a lock."""
    return sys.platform == "linux" and threading.active_count() == 1
