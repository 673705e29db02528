from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.events.records import FILE
from tests.events.records import scalars
from tests.events.records import version
from tests.events.records import write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import StartTensorBoard
    from tests.servers import Server

# Reading a block takes as long as from a slow disk.
SLOW = """
import time
from tb_lossgap.events import local
read = local.LocalFile.read
def slow(self, offset, size):
    time.sleep(0.3)
    return read(self, offset, size)
local.LocalFile.read = slow
"""


@pytest.fixture(autouse=True)
def _heed_interrupts() -> Iterator[None]:
    """What a shell runs in the background has been told to ignore Ctrl+C, and passes that on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_tensorboard_that_is_stopped_while_it_reads_ends_within_a_second(
    number: signal.Signals, tmp_path: Path, tensorboard_server: StartTensorBoard
) -> None:
    for name in range(200):
        write(tmp_path / str(name) / FILE, version(), scalars("loss", [1.0]), scalars("val_loss", [1.0]))
    server = tensorboard_server(f"--logdir={tmp_path}", "--load_fast=false", "--reload_interval=0", fault=SLOW)
    idle = tensorboard_server(f"--logdir={tmp_path}", "--load_fast=false", "--reload_interval=0")
    while server.json("data/plugin/lossgap/progress")["progress"]["files"] < 2:
        time.sleep(0.05)
    # How long the end of any TensorBoard takes depends on the machine and what else it does.
    assert seconds_to_end(server, number) < 1 + seconds_to_end(idle, number)
    assert "Traceback" not in server.output


# As many objects as the trainings of a large logdir are; looking for cycles among them takes more than a second.
MANY = """
import sys
sys.held = [{"a": [number]} for number in range(3_000_000)]
"""


def test_what_a_large_logdir_left_in_memory_is_not_gone_through_at_the_end(
    tmp_path: Path, tensorboard_server: StartTensorBoard
) -> None:
    server = tensorboard_server(f"--logdir={tmp_path}", "--load_fast=false", "--reload_interval=0", fault=MANY)
    server.json("data/plugin/lossgap/progress")
    before = processor_seconds(server.process.pid)
    server.process.send_signal(signal.SIGTERM)
    _, _, used = os.wait4(server.process.pid, 0)
    server.process.returncode = 0
    assert used.ru_utime + used.ru_stime - before < 0.9


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def seconds_to_end(server: Server, number: signal.Signals) -> float:
    began = time.monotonic()
    server.process.send_signal(number)
    server.process.wait(10)
    return time.monotonic() - began
