from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.cli.console import DEMO_RUNS
from tests.cli.console import SCRIPT
from tests.cli.console import command
from tests.cli.console import without

if TYPE_CHECKING:
    from pathlib import Path


def on_a_terminal(*arguments: str | os.PathLike[str], env: dict[str, str]) -> str:
    """What a terminal is sent, by standard output and standard error together."""
    ours, theirs = pty.openpty()
    known = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "CI"}}
    child = subprocess.Popen(
        [SCRIPT, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env={**known, "TERM": "xterm-256color", **env}
    )
    os.close(theirs)
    sent = b""
    with suppress(OSError):  # Linux says so where the last one hangs up
        while piece := os.read(ours, 65536):
            sent += piece
    os.close(ours)
    assert child.wait(60) == 0
    return sent.decode()


def test_a_terminal_gets_colours_progress_and_lines_of_its_width() -> None:
    sent = on_a_terminal("report", DEMO_RUNS, env={"COLUMNS": "80", "LINES": "30"})
    table = sent[sent.index("verdict") :]
    assert "\x1b[31moverfit" in sent
    assert "reading" in sent[: sent.index("verdict")]
    assert "val curve" in sent
    assert "why" not in sent
    assert all(len(line) < 200 for line in table.splitlines())


def test_a_fleet_shows_what_it_is_doing() -> None:
    sent = on_a_terminal("report", DEMO_RUNS, "--workers", "1", env={"COLUMNS": "100", "LINES": "30"})
    assert sent.index("finding runs") < sent.index("judging") < sent.index("verdict")
    assert "10/10" in sent


def test_no_color_is_obeyed() -> None:
    assert "\x1b[31m" not in on_a_terminal("report", DEMO_RUNS, env={"NO_COLOR": "1", "COLUMNS": "200"})


def test_parquet_is_kept_off_a_terminal() -> None:
    ours, theirs = pty.openpty()
    finished = subprocess.run(
        [SCRIPT, "report", DEMO_RUNS, "--format", "parquet"],
        stdout=theirs,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    os.close(theirs)
    os.close(ours)
    assert finished.returncode == 2
    assert "--output" in finished.stderr


def test_a_reader_that_goes_away_ends_the_command_quietly() -> None:
    with subprocess.Popen(
        [SCRIPT, "export", DEMO_RUNS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        assert child.stderr
        child.stdout.close()
        assert child.stderr.read() == ""
        assert child.wait(60) == 0


# What a shell starts behind its back ignores Ctrl+C, and so would all that it starts.
HEARING = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"


def test_ctrl_c_ends_a_command_without_a_traceback() -> None:
    hearing = [sys.executable, "-c", HEARING, str(SCRIPT), "export", str(DEMO_RUNS)]
    with subprocess.Popen(hearing, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout
        child.stdout.read(1)  # now it waits for us to read on
        child.send_signal(signal.SIGINT)
        # A signal just before a write is heard behind it: only who reads lets that come.
        _, errors = child.communicate(timeout=60)
        assert child.returncode == 130
        assert errors == b""


@pytest.mark.parametrize(
    ("module", "arguments", "extra"),
    [
        ("matplotlib", ["plot", DEMO_RUNS, "picture.png"], "plot"),
        ("pyarrow", ["export", DEMO_RUNS, "--format", "parquet", "--output", "x.parquet"], "parquet"),
        ("argcomplete", ["completion", "bash"], "completion"),
    ],
)
def test_a_missing_extra_is_named(module: str, arguments: list[str], extra: str, tmp_path: Path) -> None:
    finished = command(*arguments, env=without(module, tmp_path))
    assert finished.returncode == 2
    assert f"pip install 'tb-lossgap[{extra}]'" in finished.stderr
    assert "Traceback" not in finished.stderr
