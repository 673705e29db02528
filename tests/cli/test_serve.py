from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from typing import TYPE_CHECKING

from tb_lossgap.cli.tensorboard import free_port
from tests.cli.console import DEMO_RUNS
from tests.cli.console import SCRIPT
from tests.cli.console import command
from tests.cli.console import told

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_tensorboard_is_started_with_its_own_flags_and_opened_at_the_tab(tmp_path: Path) -> None:
    browser, opened, log = tmp_path / "browser", tmp_path / "opened", tmp_path / "log"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.part && mv {opened}.part {opened}\n')
    browser.chmod(0o755)
    port = str(free_port())
    with log.open("wb") as stream:
        serving = subprocess.Popen(
            [SCRIPT, "serve", DEMO_RUNS, "--path_prefix=/board", "--reload_interval=0", "--port", port],
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**os.environ, "BROWSER": str(browser)},
        )
    try:
        deadline = time.monotonic() + 150
        while not opened.exists():
            assert serving.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        address = f"http://localhost:{port}/board/"
        assert opened.read_text() == f"{address}#lossgap\n"
        with urllib.request.urlopen(f"{address}data/plugins_listing", timeout=60) as answer:  # noqa: S310  our own
            assert b"Loss Gap" in answer.read()
    finally:
        serving.send_signal(signal.SIGINT)
        assert serving.wait(60) == 0, log.read_text()


def test_what_tensorboard_refuses_ends_with_its_own_status_and_opens_nothing(tmp_path: Path) -> None:
    finished = command("serve", tmp_path, "--no-browser", "--nonsense=1")
    assert finished.returncode == 2
    assert "unrecognized arguments: --nonsense=1" in finished.stderr
    assert "Open:" not in finished.stdout


def test_a_port_at_which_somebody_else_answers_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("localhost", 0)) as other:
        status, out, err = told(capsys, "serve", tmp_path, "--port", str(other.getsockname()[1]))
    assert (status, out) == (2, "")
    assert "answers at port" in err
    assert told(capsys, "serve", tmp_path, "--port", "65536")[0] == 2
