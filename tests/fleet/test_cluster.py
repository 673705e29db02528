"""A real Dask cluster of processes, reading from a real S3 endpoint, on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING
from typing import NamedTuple

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from tb_lossgap.fleet import Job
from tb_lossgap.fleet import dask_cluster
from tb_lossgap.fleet import fleet
from tb_lossgap.fleet import judge_fleet
from tests.fleet.logs import event_files
from tests.fleet.tables import rows
from tests.servers import stop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRAININGS = 200
_DEADLINE_SECONDS = 120


class Cluster(NamedTuple):
    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    server = ThreadedMotoServer(port=0)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", endpoint)
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        filesystem = fsspec.filesystem("s3", skip_instance_cache=True)
        filesystem.mkdir("fleet")
        for folder, trainings in (("logs", TRAININGS), ("few", 6)):
            filesystem.pipe({f"fleet/{folder}/{name}": content for name, content in event_files(trainings)})
        yield "s3://fleet"
        fsspec.get_filesystem_class("s3").clear_instance_cache()
    server.stop()


@pytest.fixture(scope="module")
def cluster(bucket: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers; they are in their environment what this process is when they start."""
    assert bucket
    address_file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    options = ["--scheduler-file", str(address_file), "--no-dashboard"]
    with ExitStack() as running:

        def start(module: str, *more: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen([sys.executable, "-m", f"distributed.cli.{module}", *options, *more])
            running.callback(stop, process)
            return process

        start("dask_scheduler", "--port", "0", "--host", "127.0.0.1")
        workers = [start("dask_worker", "--no-nanny", "--nthreads", "1", "--name", name) for name in "ab"]
        yield Cluster(_address(address_file), workers)


def _address(file: Path) -> str:
    """The scheduler's address, once both workers are there."""
    from distributed import Client

    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not file.exists():
        assert time.monotonic() < deadline, "the scheduler did not start"
        time.sleep(0.05)
    with Client(scheduler_file=str(file)) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(2, timeout=_DEADLINE_SECONDS)
        return str(client.scheduler_info()["address"])


def command(*arguments: str) -> str:
    done = subprocess.run(["tb-lossgap", "report", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_cluster_makes_the_report_that_one_process_makes(bucket: str, cluster: Cluster) -> None:
    arguments = (f"{bucket}/few", "--format", "csv")
    assert command(*arguments, "--dask", cluster.address) == command(*arguments)


def test_a_cluster_that_loses_a_worker_writes_what_two_processes_write(
    bucket: str, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet, "_SHARDS_A_TASK", 8)

    def kill_one(step: str, done: int, _: int | None) -> None:
        if step == "judging" and done >= TRAININGS // 3 and cluster.workers[0].poll() is None:
            os.kill(cluster.workers[0].pid, signal.SIGKILL)
            cluster.workers[0].wait()

    with dask_cluster(cluster.address) as crew:
        summary = judge_fleet(Job(f"{bucket}/logs"), f"{bucket}/by-dask", crew, on_progress=kill_one)
    assert cluster.workers[0].returncode == -signal.SIGKILL
    assert (summary.files, summary.shards, summary.errors) == (2 * TRAININGS, TRAININGS, 0)

    by_processes = str(tmp_path / "table")
    said = command(f"{bucket}/logs", "--workers", "2", "--output", by_processes)
    assert f"{TRAININGS} rows of {2 * TRAININGS} event files" in said
    fsspec.filesystem("s3").get(f"{bucket}/by-dask", str(tmp_path / "by-dask"), recursive=True)
    assert rows(tmp_path / "by-dask") == rows(by_processes)

    said = command(f"{bucket}/logs", "--dask", cluster.address, "--output", by_processes, "--resume")
    assert f"{TRAININGS} of {TRAININGS} groups of runs were left alone" in said
