"""How soon the page has its data: our routes beside the ones that TensorBoard's own dashboards ask, in one server.

Seconds are from sending a request to its last byte, on one machine, as a browser asks: a connection a request, gzip
accepted. TensorBoard answers with at most 1,000 points a curve; ours are reduced from all of them.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.read import TAGS
from benchmarks.read import write_logdir
from tests.servers import start_tensorboard
from tests.servers import stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import Server

OURS = "data/plugin/lossgap/"
DEADLINE_SECONDS = 120
# What takes long is asked again less often.
ENOUGH_SECONDS = 20


class Question(NamedTuple):
    """A request, or several that one screen needs: path, body, and its type; a body makes it a POST."""

    name: str
    path: str
    bodies: tuple[bytes | None, ...] = (None,)
    form: bool = False


class Taken(NamedTuple):
    """What a question took: seconds of the first time it was asked and the median after it, and bytes on the wire."""

    first: float
    median: float
    bytes: int


def ask(server: Server, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
    """Asks once over a connection of its own.

    Raises:
        RuntimeError: The answer is an error.
    """
    address = urllib.parse.urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=DEADLINE_SECONDS)
    try:
        connection.request("POST" if body else "GET", address.path + path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status != http.client.OK:
        message = f"{path}: status {answer.status}, {content[:200]!r}"
        raise RuntimeError(message)
    return content


def take(server: Server, question: Question, rounds: int) -> Taken:
    """Asks again and again."""
    kind = "application/x-www-form-urlencoded" if question.form else "application/json"
    headers = {"Accept-Encoding": "gzip", "Content-Type": kind}
    seconds, size = [], 0
    for _ in range(rounds + 1):
        start = time.perf_counter()
        size = sum(len(ask(server, question.path, body, headers)) for body in question.bodies)
        seconds.append(time.perf_counter() - start)
        if len(seconds) > 1 and sum(seconds) > ENOUGH_SECONDS:
            break
    return Taken(seconds[0], statistics.median(seconds[1:]), size)


def until_read(server: Server, runs: int) -> list[dict[str, Any]]:
    """Waits until we and TensorBoard have read all; gives the trainings.

    Raises:
        TimeoutError: It takes too long.
    """
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        progress = server.json(OURS + "progress")
        if progress["state"] == "ready" and len(server.json("data/plugin/scalars/tags")) == runs:
            trainings: list[dict[str, Any]] = server.json(OURS + "trainings")["trainings"]
            return trainings
        time.sleep(0.1)
    raise TimeoutError(server.output)


def questions(runs: list[str], ids: list[str]) -> Iterator[Question]:
    """What a page asks to draw up to 100 trainings of a logdir, ours and TensorBoard's."""
    few = ids[:100]
    yield Question(f"ours: `trainings`, {len(ids):,} of them", OURS + "trainings")
    # Another setting is another judgement of every training.
    yield Question("ours: `trainings`, patience changed", OURS + "trainings?patience=3")
    # The tab asks for 500 points of each where it draws a hundred trainings (frontend/src/shelf.js).
    for points in (500, 1000):
        body = json.dumps({"ids": few, "points": points}).encode()
        yield Question(f"ours: `series`, {len(few)} trainings with gap, {points} points", OURS + "series", (body,))
    zoomed = json.dumps({"ids": few, "from": 100, "to": 200}).encode()
    yield Question(f"ours: `series`, {len(few)} trainings, zoomed in", OURS + "series", (zoomed,))
    requests = json.dumps([{"plugin": "scalars", "tag": tag} for tag in TAGS])
    form = urllib.parse.urlencode({"requests": requests}).encode()
    name = f"TensorBoard: `timeSeries`, {len(TAGS)} tags of {len(runs):,} runs"
    yield Question(name, "data/plugin/timeseries/timeSeries", (form,), form=True)
    forms = tuple(urllib.parse.urlencode({"tag": tag, "runs": runs[:100]}, doseq=True).encode() for tag in TAGS)
    name = f"TensorBoard: `scalars_multirun`, {len(TAGS)} tags of {len(runs[:100])} runs"
    yield Question(name, "data/plugin/scalars/scalars_multirun", forms, form=True)


def compare(folder: Path, runs: int, steps: int, rounds: int) -> None:
    """Prints a line for each question about one logdir."""
    write_logdir(folder / "logs", runs, steps)
    server = start_tensorboard(folder / "log", f"--logdir={folder / 'logs'}")
    try:
        ids = [training["id"] for training in until_read(server, runs)]
        names = [f"run-{number:05d}" for number in range(runs)]
        print(f"\n{runs:,} trainings of {steps:,} + {steps:,} points\n")
        print("| asked for | ms | ms, the first time | MB on the wire |\n|---|---|---|---|")
        for question in questions(names, ids):
            taken = take(server, question, rounds)
            print(
                f"| {question.name} | {1e3 * taken.median:,.1f} | {1e3 * taken.first:,.1f} | {taken.bytes / 1e6:.2f} |"
            )
    finally:
        stop(server.process)


def main() -> None:
    """Prints tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="the median of so many counts, after the first")
    parser.add_argument("--folder", type=Path, help="where the logdirs are written, 0.2 GB")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory(dir=options.folder) as made:
        for runs, steps in ((100, 10_000), (1_000, 1_000)):
            folder = Path(made) / str(runs)
            folder.mkdir()
            compare(folder, runs, steps, options.rounds)


if __name__ == "__main__":
    main()
