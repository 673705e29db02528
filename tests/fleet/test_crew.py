from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
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
    from collections.abc import Iterator
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
    done = {one.task: one for one in workers.run(half, range(10))}
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
    for _ in workers.run(str, range(100)):
        Counting.under_way -= 1
    assert Counting.most == 6


def test_tasks_are_asked_for_when_somebody_can_work_on_them() -> None:
    workers, asked = Crew(lambda: ThreadPoolExecutor(1), 1), []

    def tasks() -> Iterator[int]:
        for number in range(20):
            asked.append(number)
            yield number

    for done, _ in enumerate(workers.run(int, tasks()), 1):
        assert len(asked) <= done + 2


def halves(task: tuple[int, ...]) -> list[tuple[int, ...]]:
    middle = len(task) // 2
    return [task[:middle], task[middle:]] if middle else []


def total_of_even(task: tuple[int, ...]) -> int:
    return sum(2 * half(number) for number in task)


def test_of_a_task_that_fails_only_the_smallest_part_is_lost() -> None:
    workers = Crew(lambda: ThreadPoolExecutor(2), 2)
    tasks: list[tuple[int, ...]] = [(0, 2, 4, 6), (8, 10, 11, 12)]
    done = list(workers.run(total_of_even, tasks, split=halves))
    assert [one.task for one in done if one.error] == [(11,)]
    assert sum(one.result or 0 for one in done) == 0 + 2 + 4 + 6 + 8 + 10 + 12


def test_a_task_that_kills_its_worker_costs_no_other_task(tmp_path: Path) -> None:
    with processes(2) as workers:
        done = list(workers.run(partial(die_at, 5), range(12)))
        assert {one.task for one in done if one.error} == {5}
        assert sorted(one.result for one in done if one.result is not None) == [n for n in range(12) if n != 5]
        assert all(one.error is None for one in workers.run(partial(die_once, tmp_path / "died"), range(6)))


def hears_ctrl_c(_: int) -> bool:
    return signal.getsignal(signal.SIGINT) != signal.SIG_IGN


def test_ctrl_c_is_left_to_the_driver() -> None:
    with processes(1) as workers:
        assert [done.result for done in workers.run(hears_ctrl_c, [0])] == [False]


DRIVER = """
import os, time
from tests.fleet.test_crew import process_id
from tb_lossgap.fleet import processes

if __name__ == "__main__":
    with processes(1) as workers:
        for done in workers.run(process_id, [0]):
            print(done.result, flush=True)
        time.sleep(60)
"""


def process_id(_: int) -> int:
    return os.getpid()


def test_workers_end_with_a_driver_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "driver.py").write_text(DRIVER)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(tmp_path / "driver.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as driver:
        assert driver.stdout
        worker = int(driver.stdout.readline())
        driver.kill()
        # The worker holds the other end of this pipe too: it comes to its end when both are gone.
        assert driver.stdout.read() == ""
    assert worker != driver.pid


def test_a_cluster_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "_CONNECT_SECONDS", 0.5)
    address = "tcp://127.0.0.1:9"
    with pytest.raises(FleetError, match=f"no Dask scheduler answers at {address}"), dask_cluster(address):
        pass
