from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import threading
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.cli.console import SCRIPT
from tests.cli.console import command
from tests.cli.logs import write_training

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FALLING = [1 / (1 + epoch) for epoch in range(12)]
RISING = [0.1 + 0.1 * epoch for epoch in range(14)]


def begin(logdir: Path) -> None:
    write_training(logdir / "model", FALLING, FALLING)


def go_on(logdir: Path) -> None:
    """The training overfits from here on, and EarlyStopping would have stopped it."""
    write_training(logdir / "model", [0.01] * len(RISING), RISING, first=len(FALLING))


class Hook(http.server.BaseHTTPRequestHandler):
    """Takes what is posted, with the status that the server was told to answer."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append(json.loads(body))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[Any]:
    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.posted, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_change_is_told_once_by_line_command_and_url_even_after_a_restart(tmp_path: Path, hook: Any) -> None:
    logs, state, ran = tmp_path / "logs", tmp_path / "state.json", tmp_path / "ran"
    url = f"http://127.0.0.1:{hook.server_port}/hook"
    tell = ("--run", f'echo "$LOSSGAP_EVENT $LOSSGAP_TRAINING $LOSSGAP_WAS $LOSSGAP_STEP" >> {ran}', "--post", url)

    def look() -> subprocess.CompletedProcess[str]:
        return command("watch", logs, "--once", "--state", state, *tell)

    begin(logs)
    first = look()
    assert (first.returncode, first.stdout, hook.posted) == (0, "", [])
    assert "watching 1 training" in first.stderr
    go_on(logs)
    lines = look().stdout.splitlines()
    assert lines[0].startswith("model: still-improving -> overfit: validation rose")
    assert lines[1] == "model: stop reached at step 21: keep the weights of step 11"
    assert ran.read_text().splitlines() == ["verdict model still-improving 25", "stop model  21"]
    assert [(one["event"], one["name"], one["verdict"]) for one in hook.posted] == [
        ("verdict", "model", "overfit"),
        ("stop", "model", "overfit"),
    ]
    again = look()
    assert (again.stdout, again.stderr, len(hook.posted)) == ("", "", 2)


def test_what_could_not_be_told_is_told_at_the_next_look(tmp_path: Path, hook: Any) -> None:
    logs, state = tmp_path / "logs", tmp_path / "state.json"
    url = f"http://127.0.0.1:{hook.server_port}/hook"
    begin(logs)
    command("watch", logs, "--once", "--state", state)
    go_on(logs)
    hook.status = 503
    refused = command("watch", logs, "--once", "--state", state, "--post", url)
    assert (refused.returncode, refused.stdout) == (0, "")
    assert "503" in refused.stderr
    hook.status = 200
    assert len(command("watch", logs, "--once", "--state", state, "--post", url).stdout.splitlines()) == 2


def test_live_runs_are_followed_until_the_watch_is_terminated(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    begin(logs)
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    with subprocess.Popen(
        [SCRIPT, "watch", logs, "--every", "0.2", "--filter", "model", "--metric", "loss"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    ) as child:
        assert child.stdout
        assert child.stderr
        assert child.stderr.readline() == "tb-lossgap: watching 1 training\n"
        go_on(logs)
        assert "-> overfit" in child.stdout.readline()
        child.send_signal(signal.SIGTERM)
        assert child.wait(60) == 0
        assert child.stderr.read() == ""
    assert [path.suffix for path in (tmp_path / "state" / "tb-lossgap").iterdir()] == [".json"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--post", "file:///etc/passwd"], "http://"), (["--state", "{}/none.json"], "is no state file")],
)
def test_what_cannot_be_watched_is_refused(arguments: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "none.json").write_text("[]")
    finished = command("watch", tmp_path, "--once", *(one.format(tmp_path) for one in arguments))
    assert finished.returncode == 2
    assert said in finished.stderr
    assert "Traceback" not in finished.stderr


def test_what_was_told_is_not_told_again_by_a_watch_that_follows_one_that_was_killed(tmp_path: Path) -> None:
    logs, state, ran = tmp_path / "logs", tmp_path / "state.json", tmp_path / "ran"
    begin(logs)
    command("watch", logs, "--once", "--state", state)
    go_on(logs)
    # The first news is told; while the second is, the watch is killed by it.
    tell = f'echo "$LOSSGAP_EVENT" >> {ran}; test "$LOSSGAP_EVENT" = verdict || kill -9 $PPID'
    assert command("watch", logs, "--once", "--state", state, "--run", tell).returncode == -signal.SIGKILL
    command("watch", logs, "--once", "--state", state, "--run", f'echo "$LOSSGAP_EVENT" >> {ran}')
    assert ran.read_text().split() == ["verdict", "stop", "stop"]
