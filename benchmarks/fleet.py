"""Ten thousand trainings on a real S3 endpoint of this machine: two processes, and a Dask cluster that loses a worker.

    python benchmarks/fleet.py 10000

Starts moto's S3 server with the trainings in it, judges them with `--workers 2`, then by a Dask cluster of two worker
processes of which one is killed in the middle, compares both tables, and judges once more with --resume. The server's
own log says how often an event file was read.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from benchmarks.scale import CURVES
from benchmarks.scale import contents
from benchmarks.scale import names

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET = "fleet"
_DEADLINE_SECONDS = 120


def serve(trainings: int) -> None:
    """Runs the S3 server, with the trainings in it, until its standard input ends."""
    from moto.moto_api._internal import mock_random  # noqa: F401  the backends want it
    from moto.s3.models import s3_backends
    from moto.server import ThreadedMotoServer

    backend = s3_backends["123456789012"]["aws"]
    backend.create_bucket(BUCKET, "us-east-1")
    sides = contents()
    for number in range(trainings):
        for name, content in zip(names(number), sides[number % CURVES], strict=True):
            backend.put_object(BUCKET, f"logs/{name}", content)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    print("http://{}:{}".format(*server.get_host_and_port()), flush=True)
    sys.stdin.read()
    server.stop()


@contextlib.contextmanager
def endpoint(trainings: int, log: Path) -> Iterator[None]:
    """Sets the environment to an S3 endpoint that has the trainings."""
    command = [sys.executable, "-m", "benchmarks.fleet", str(trainings), "--serve"]
    with (
        log.open("wb") as written,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=written, text=True) as server,
    ):
        if server.stdout is None or not (address := server.stdout.readline().strip()):
            raise SystemExit(f"the S3 server did not start:\n{log.read_text()}")
        os.environ |= {"AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
        yield
        server.terminate()


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, each a process."""
    from distributed import Client

    file = folder / "scheduler.json"
    options = ["--scheduler-file", str(file), "--no-dashboard"]

    def start(module: str, *more: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *options, *more]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)

    scheduler = start("dask_scheduler", "--port", "0", "--host", "127.0.0.1")
    workers = [start("dask_worker", "--no-nanny", "--nthreads", "1", "--name", name) for name in "ab"]
    try:
        began = time.monotonic()
        while not file.exists() and time.monotonic() - began < _DEADLINE_SECONDS:
            time.sleep(0.1)
        connect: Any = Client
        with connect(scheduler_file=str(file)) as client:
            client.wait_for_workers(2, timeout=_DEADLINE_SECONDS)
            address = str(client.scheduler_info()["address"])
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.terminate()
            process.wait()


def reads(log: Path) -> int:
    """How many requests for the content of an event file the server has answered."""
    return sum(b'"GET ' in line and b"tfevents" in line.split(b"?")[0] for line in log.read_bytes().splitlines())


def rows(table: str) -> list[dict[str, Any]]:
    """Every row of a table, by name."""
    import pyarrow.parquet as pq

    found: list[dict[str, Any]] = pq.read_table(table).to_pylist()
    return sorted(found, key=lambda row: (row["training"], row["attempt"] or 0))


def run(trainings: int) -> None:
    """Judges, compares and prints."""
    from tb_lossgap.fleet import Job
    from tb_lossgap.fleet import dask_cluster
    from tb_lossgap.fleet import judge_fleet
    from tb_lossgap.fleet import processes

    with tempfile.TemporaryDirectory() as work, endpoint(trainings, Path(work) / "s3.log"):
        folder, log, job = Path(work), Path(work) / "s3.log", Job(f"s3://{BUCKET}/logs")
        by_processes, by_dask = f"{work}/processes", f"{work}/dask"
        marks = itertools.count()

        def tell(what: str, summary: Any, began: float, before: int) -> None:
            seconds = time.perf_counter() - began
            print(f"{next(marks)}. {what}: {seconds:.1f} s, {reads(log) - before:,} reads of event files, {summary}")

        began, before = time.perf_counter(), reads(log)
        with processes(2) as crew:
            tell("--workers 2", judge_fleet(job, by_processes, crew), began, before)

        with cluster(folder) as (address, workers), dask_cluster(address) as crew:

            def kill_one(step: str, done: int, _: int | None) -> None:
                if step == "judging" and done >= trainings // 2 and workers[0].poll() is None:
                    os.kill(workers[0].pid, signal.SIGKILL)
                    workers[0].wait()
                    print(f"   killed worker {workers[0].pid} after {done:,} trainings")

            began, before = time.perf_counter(), reads(log)
            tell(
                "--dask, one of two workers killed",
                judge_fleet(job, by_dask, crew, on_progress=kill_one),
                began,
                before,
            )
            began, before = time.perf_counter(), reads(log)
            tell("--dask --resume", judge_fleet(job, by_dask, crew, resume=True), began, before)
        same = rows(by_processes) == rows(by_dask)
        print(f"{len(rows(by_dask)):,} rows; both tables are {'equal' if same else 'DIFFERENT'}")
        print(f"driver: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB with both tables in memory")


def main() -> None:
    """Runs it, or its server."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trainings", type=int)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    serve(options.trainings) if options.serve else run(options.trainings)


if __name__ == "__main__":
    main()
