from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.request
from typing import TYPE_CHECKING

from tests.cli.console import DEMO_RUNS
from tests.cli.console import SCRIPT

if TYPE_CHECKING:
    from pathlib import Path


def test_tensorboard_is_started_with_its_own_flags_and_opened_at_the_tab(tmp_path: Path) -> None:
    browser, opened, log = tmp_path / "browser", tmp_path / "opened", tmp_path / "log"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.part && mv {opened}.part {opened}\n')
    browser.chmod(0o755)
    with log.open("wb") as stream:
        serving = subprocess.Popen(
            [SCRIPT, "serve", DEMO_RUNS, "--path_prefix=/board", "--reload_interval=0"],
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
        found = re.fullmatch(r"(http://localhost:\d+/board/)#lossgap\n", opened.read_text())
        assert found
        with urllib.request.urlopen(f"{found[1]}data/plugins_listing", timeout=60) as answer:  # noqa: S310  our own
            assert b"Loss Gap" in answer.read()
    finally:
        serving.send_signal(signal.SIGINT)
        assert serving.wait(60) == 0, log.read_text()
