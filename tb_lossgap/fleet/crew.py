"""Runs tasks on workers that may die, with few of them under way at a time."""

from __future__ import annotations

import os
import signal
from collections import deque
from concurrent.futures import FIRST_COMPLETED
from concurrent.futures import BrokenExecutor
from concurrent.futures import CancelledError
from concurrent.futures import Executor
from concurrent.futures import Future
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from multiprocessing import parent_process
from threading import Thread
from typing import TYPE_CHECKING
from typing import Any
from typing import Generic
from typing import TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from multiprocessing.process import BaseProcess

Task = TypeVar("Task")
Result = TypeVar("Result")

# So many tasks are given out for every worker: one to work on, one to go on with.
_TASKS_A_WORKER = 2
_CONNECT_SECONDS = 10


class FleetError(Exception):
    """A fleet cannot be judged; the message says why and what to do."""


@dataclass(frozen=True)
class Done(Generic[Task, Result]):
    """A task that is over: with its result, or with the error that ended it or its worker."""

    task: Task
    result: Result | None
    error: BaseException | None


def _not_at_all(_task: object) -> tuple[()]:
    return ()


class Crew:
    """An executor of any kind, and how much to ask of it at a time.

    Args:
        start: Starts an executor; called again when all of its workers are lost with one of them, as those of
            `ProcessPoolExecutor` are.
        workers: How many tasks it works on at a time.
    """

    def __init__(self, start: Callable[[], Executor], workers: int) -> None:
        self._start = start
        self._window = max(1, _TASKS_A_WORKER * workers)
        self._executor = start()

    def close(self) -> None:
        """Waits for what is under way, and ends the executor."""
        self._executor.shutdown(cancel_futures=True)

    def run(
        self,
        function: Callable[[Task], Result],
        tasks: Iterable[Task],
        *,
        split: Callable[[Task], Sequence[Task]] = _not_at_all,
    ) -> Iterator[Done[Task, Result]]:
        """Runs a task each, and yields them in the order in which they end.

        Tasks that were under way when the executor broke are run again one by one, so that only those that break it
        by themselves end in an error; and of these only the smallest parts.

        Args:
            function: What to run; it and its tasks can be pickled.
            tasks: The tasks; asked for one when there is somebody to work on it.
            split: Gives the parts of a task that failed; one that has no parts ends in its error.

        Raises:
            FleetError: The executor was taken away.
        """
        waiting = iter(tasks)
        running: dict[Future[Result], Task] = {}
        suspects: deque[Task] = deque()
        while True:
            alone = None
            if suspects and not running:
                suspect = suspects.popleft()
                alone = self._submit(function, suspect)
                running[alone] = suspect
            elif not suspects:
                for task in islice(waiting, self._window - len(running)):
                    running[self._submit(function, task)] = task
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                task = running.pop(future)
                try:
                    yield Done(task, future.result(), None)
                except CancelledError as error:
                    raise FleetError("the workers were taken away; start again with --resume") from error
                except Exception as error:  # noqa: BLE001  whatever it is, the other tasks go on
                    innocent = isinstance(error, BrokenExecutor) and future is not alone
                    parts = [task] if innocent else split(task)
                    if not parts:
                        yield Done(task, None, error)
                    suspects.extend(parts)

    def _submit(self, function: Callable[[Task], Result], task: Task) -> Future[Result]:
        try:
            return self._executor.submit(function, task)
        except BrokenExecutor:
            self._executor.shutdown(wait=False)
            self._executor = self._start()
            return self._executor.submit(function, task)


@contextmanager
def processes(workers: int) -> Iterator[Crew]:
    """Gives a crew of processes on this machine."""
    # Not forked: a fork copies the locks of threads that it does not have.
    context = get_context("spawn")
    crew = Crew(lambda: ProcessPoolExecutor(workers, context, initializer=_follow_the_driver), workers)
    try:
        yield crew
    finally:
        crew.close()


def _follow_the_driver() -> None:
    """Leaves Ctrl+C to the driver, and sees to it that a worker does not wait for ever for one that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    driver = parent_process()
    if driver is not None:
        Thread(target=_wait_and_end, args=(driver,), daemon=True).start()


def _wait_and_end(driver: BaseProcess) -> None:
    driver.join()
    os._exit(1)


@contextmanager
def dask_cluster(address: str) -> Iterator[Crew]:
    """Gives a crew of the workers of a Dask cluster, which must have this package too.

    Args:
        address: Of the cluster's scheduler, such as "tcp://scheduler:8786".

    Raises:
        FleetError: Dask is not installed, or nothing answers there.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise FleetError("Dask is not installed; pip install 'tb-lossgap[dask]'") from error
    connect: Any = Client
    try:
        client = connect(address, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise FleetError(f"no Dask scheduler answers at {address}: {error}") from error
    with client:
        if not client.ncores():
            raise FleetError(f"the Dask cluster at {address} has no workers")
        yield Crew(lambda: client.get_executor(pure=False), sum(client.ncores().values()))
