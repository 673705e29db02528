from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tb_lossgap.cli.demo import copied
from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.tensorboard import free_port


def test_the_demo_prints_its_address_shows_the_tab_and_ends_whole(tmp_path: Path) -> None:
    log = tmp_path / "log"
    script, port = Path(sys.executable).parent / "tb-lossgap", str(free_port())
    with log.open("wb") as stream:
        demo = subprocess.Popen(
            [script, "demo", tmp_path / "runs", "--no-browser", "--port", port], stdout=stream, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + 150
        while not (found := re.search(r"Open: +(http://\S+:\d+/)#lossgap", log.read_text())):
            assert demo.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        assert found[1].endswith(f":{port}/")
        with urllib.request.urlopen(f"{found[1]}data/plugins_listing", timeout=60) as answer:  # noqa: S310  our own
            assert b"Loss Gap" in answer.read()
    finally:
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(60) == 0, log.read_text()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(found[1], timeout=5)  # noqa: S310  our own address


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(BadInput, match=re.escape(str(tmp_path))):
        copied(str(tmp_path))
