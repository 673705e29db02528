"""Starts real TensorBoard processes for tests: the newest, the oldest that is supported, and one with TensorFlow."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

# Newest and oldest stand alone, as after `pip install tensorboard`; the third is this environment, with TensorFlow.
Host = Literal["newest", "oldest", "tensorflow"]

ROOT = Path(__file__).parent.parent
START_SECONDS = 120
STOP_SECONDS = 15


def executable(name: str, host: Host = "newest") -> str:
    """Returns a command of the environment that holds the newest or the oldest TensorBoard, or of this one.

    `LOSSGAP_HOST` names another environment: the matrix of versions has one for each combination.
    """
    home = Path(os.environ.get("LOSSGAP_HOST", ROOT / f".venv-{host}"))
    folders = [sysconfig.get_path("scripts")] if host == "tensorflow" else [str(home / "bin"), str(home / "Scripts")]
    found = shutil.which(name, path=os.pathsep.join(folders))
    if found is None:
        message = f"no {name} in {' or '.join(folders)}: `make test` sets it up"
        raise FileNotFoundError(message)
    return found


def chromium() -> str | None:
    """Returns the browser of this machine, None where Playwright must bring its own."""
    names = [os.environ.get("LOSSGAP_BROWSER", ""), "chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, filter(None, names))), None)


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Message
    body: bytes


@dataclass(frozen=True)
class Server:
    """A running TensorBoard.

    Attributes:
        url: Its address as it printed it, with a slash at the end.
        process: The process, which a test may end itself.
        log: Everything it printed.
    """

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        """What the process has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def fetch(self, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Asks for a path below the address, by POST where there is a body; error statuses are answers too."""
        request = urllib.request.Request(self.url + path, data=body, headers=headers)  # noqa: S310  our own address
        try:
            with urllib.request.urlopen(request, timeout=START_SECONDS) as response:  # noqa: S310
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def json(self, path: str) -> Any:
        """Returns the parsed answer of a path that must answer with status 200."""
        answer = self.fetch(path)
        if answer.status != 200:
            message = f"{path}: status {answer.status}, {answer.body[:500]!r}"
            raise AssertionError(message)
        return json.loads(answer.body)


def start_tensorboard(
    log: Path, *flags: str, host: Host = "newest", env: Mapping[str, str] | None = None, fault: str = ""
) -> Server:
    """Starts TensorBoard on a free port and waits until it has printed its address.

    Args:
        log: File that takes everything it prints.
        flags: Its flags, `--logdir=…` among them.
        host: Which TensorBoard.
        env: Environment variables to add to this process's own.
        fault: Python code to run in its process before it starts.

    Raises:
        AssertionError: It ended, or printed no address in time; the message holds its output.
    """
    command = [executable("tensorboard", host)]
    if fault:
        command = [executable("python", host), "-c", f"{fault}\nfrom tensorboard.main import run_main\nrun_main()"]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*command, "--port=0", *flags],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        address = re.search(r"TensorBoard \S+ at (http://\S+)", log.read_text(encoding="utf-8", errors="replace"))
        if address:
            return Server(address[1].rstrip("/") + "/", process, log)
        time.sleep(0.05)
    stop(process)
    message = f"{command} did not start:\n{log.read_text(encoding='utf-8', errors='replace')}"
    raise AssertionError(message)


class TensorBoards:
    """TensorBoard processes that end together; what they printed is shown when a test fails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.servers: list[Server] = []

    def start(
        self, *flags: str, host: Host = "newest", env: Mapping[str, str] | None = None, fault: str = ""
    ) -> Server:
        """Starts one more, as `start_tensorboard` does."""
        log = self.folder / f"{len(self.servers)}.log"
        server = start_tensorboard(log, *flags, host=host, env=env, fault=fault)
        self.servers.append(server)
        return server

    def stop(self) -> None:
        """Ends all."""
        for server in self.servers:
            server.process.terminate()
        for server in self.servers:
            stop(server.process)
            print(f"--- {server.url}\n{server.output}")  # noqa: T201  shown when a test fails


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a process as Ctrl+C does not: politely, then for good."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
