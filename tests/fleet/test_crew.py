from __future__ import annotations

import os
import signal
import time
from collections import deque
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tb_lossgap.fleet import Crew
from tb_lossgap.fleet import FleetError
from tb_lossgap.fleet import crew
from tb_lossgap.fleet import dask_cluster
from tb_lossgap.fleet import processes

if TYPE_CHECKING:
    from pathlib import Path


def half(number: int) -> int:
    if number % 2:
        raise ValueError(number)
    return number // 2


def die_at(fatal: int, number: int) -> int:
    if number == fatal:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.01)
    return number


def die_once(marker: Path, number: int) -> int:
    if number == 3 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_results_and_errors_come_with_their_tasks() -> None:
    workers = Crew(lambda: ThreadPoolExecutor(2), 2)
    done = {one.task: one for one in workers.run(half, deque(range(10)))}
    assert {task: one.result for task, one in done.items() if one.error is None} == {0: 0, 2: 1, 4: 2, 6: 3, 8: 4}
    assert all(isinstance(done[task].error, ValueError) for task in (1, 3, 5, 7, 9))


def test_no_more_tasks_are_given_out_than_keep_the_workers_busy() -> None:
    class Counting(ThreadPoolExecutor):
        under_way = most = 0

        def submit(self, *arguments: Any, **options: Any) -> Future[Any]:
            Counting.under_way += 1
            Counting.most = max(Counting.most, Counting.under_way)
            return super().submit(*arguments, **options)

    workers = Crew(lambda: Counting(3), 3)
    for _ in workers.run(str, deque(range(100))):
        Counting.under_way -= 1
    assert Counting.most == 6


def test_tasks_may_be_added_while_others_run() -> None:
    workers = Crew(lambda: ThreadPoolExecutor(1), 1)
    tasks = deque([1])
    found = []
    for one in workers.run(int, tasks):
        found.append(one.result)
        if len(found) < 5:
            tasks.append(len(found) + 1)
    assert found == [1, 2, 3, 4, 5]


def test_a_task_that_kills_its_worker_costs_no_other_task(tmp_path: Path) -> None:
    with processes(2) as workers:
        done = list(workers.run(partial(die_at, 5), deque(range(12))))
        assert {one.task for one in done if one.error} == {5}
        assert sorted(one.result for one in done if one.result is not None) == [n for n in range(12) if n != 5]
        assert all(one.error is None for one in workers.run(partial(die_once, tmp_path / "died"), deque(range(6))))


def test_a_cluster_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "_CONNECT_SECONDS", 0.5)
    address = "tcp://127.0.0.1:9"
    with pytest.raises(FleetError, match=f"no Dask scheduler answers at {address}"), dask_cluster(address):
        pass
