from __future__ import annotations

import errno
import logging
import os
import shutil
import threading
import time
from typing import TYPE_CHECKING
from typing import Any

import pytest
from werkzeug.test import Client

from tb_lossgap.events import LogReader
from tb_lossgap.events import local
from tb_lossgap.library import Library
from tests.events.records import FILE
from tests.events.records import append
from tests.events.records import scalars
from tests.events.records import values
from tests.events.records import version
from tests.events.records import write
from tests.inprocess import BASE
from tests.inprocess import tensorboard_app
from tests.sources import FakeSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START = version() + scalars("loss", [3.0, 2.0]) + scalars("val_loss", [3.0, 2.5])
MORE = scalars("loss", [1.0], first_step=2)
SECONDS = 20


def eventually(client: Client, is_there: Callable[[Any], bool]) -> Any:
    deadline = time.monotonic() + SECONDS
    while not is_there(answer := client.get(f"{BASE}/trainings").get_json()):
        assert time.monotonic() < deadline, answer
        time.sleep(0.02)
    return answer


@pytest.fixture
def failing_reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    """Makes the disk answer with an error from some read of a file on."""

    def fail(number: int, first: int) -> None:
        reads = iter(range(10_000))
        read = local.LocalFile.read

        def broken(self: local.LocalFile, offset: int, size: int) -> bytes:
            if next(reads) >= first:
                raise OSError(number, os.strerror(number))
            return read(self, offset, size)

        monkeypatch.setattr(local.LocalFile, "read", broken)

    return fail


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.ESTALE, errno.ETIMEDOUT], ids=os.strerror)
def test_an_error_in_the_middle_of_a_file_is_said_and_the_rest_is_read_later(
    number: int, tmp_path: Path, failing_reads: Callable[[int, int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local.LocalStorage, "block", 64)
    write(tmp_path / FILE, START, MORE)
    reader = LogReader({"": str(tmp_path)})
    failing_reads(number, 3)
    reader.refresh()
    (warning,) = reader.warnings
    assert warning.what == f"file cannot be read: {os.strerror(number)}"
    assert 0 < warning.byte < len(START)
    monkeypatch.undo()
    assert reader.refresh()
    assert values(reader, ".", "loss") == [3.0, 2.0, 1.0]
    assert not reader.warnings


def test_a_file_that_may_no_longer_be_opened_keeps_its_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / FILE, START)
    reader = LogReader({"": str(tmp_path)})
    reader.refresh()
    append(file, MORE)

    def refuse(path: str, _flags: int) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    with monkeypatch.context() as patch:
        # Permissions do not hold for root, who may run the tests.
        patch.setattr(os, "open", refuse)
        reader.refresh()
    assert reader.warnings[0].what == "file cannot be read: Permission denied"
    assert values(reader, ".", "loss") == [3.0, 2.0]
    reader.refresh()
    assert values(reader, ".", "loss") == [3.0, 2.0, 1.0]


def test_a_file_that_is_cut_off_and_written_anew_is_read_anew(tmp_path: Path) -> None:
    file = write(tmp_path / FILE, START, MORE)
    reader = LogReader({"": str(tmp_path)})
    reader.refresh()
    file.write_bytes(b"")
    reader.refresh()
    assert not reader.series()
    file.write_bytes(START[:-5])
    reader.refresh()
    assert not reader.warnings
    file.write_bytes(START)
    reader.refresh()
    assert values(reader, ".", "loss") == [3.0, 2.0]


def test_a_file_that_shrinks_between_finding_and_reading_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / FILE, START, MORE)
    opened = local.LocalStorage.open

    def shrink(self: local.LocalStorage, path: str) -> local.LocalFile:
        file.write_bytes(START)
        return opened(self, path)

    monkeypatch.setattr(local.LocalStorage, "open", shrink)
    reader = LogReader({"": str(tmp_path)})
    reader.refresh()
    assert values(reader, ".", "loss") == [3.0, 2.0]
    assert not reader.warnings


def test_a_logdir_that_goes_and_comes_back_is_said_and_shown_again(tmp_path: Path) -> None:
    logdir = tmp_path / "logs"
    write(logdir / "a" / FILE, START)
    client = Client(tensorboard_app(logdir, reload_interval=0.05))
    eventually(client, lambda answer: answer["state"] == "ready" and answer["trainings"])
    shutil.move(logdir, tmp_path / "away")
    gone = eventually(client, lambda answer: answer["state"] == "error")
    assert "no such folder" in gone["error"]
    assert gone["trainings"]
    shutil.move(tmp_path / "away", logdir)
    back = eventually(client, lambda answer: answer["state"] == "ready")
    assert "error" not in back
    append(logdir / "a" / FILE, MORE)
    eventually(client, lambda answer: answer["trainings"][0]["train"]["points"] == 3)


def test_a_clock_that_goes_back_loses_no_point(tmp_path: Path) -> None:
    early = scalars("loss", [1.0, 0.5], first_step=2, wall_time=-1e6)
    file = write(tmp_path / FILE, START, early)
    os.utime(file, (1e9, 1e9))
    reader = LogReader({"": str(tmp_path)})
    reader.refresh()
    append(file, scalars("loss", [0.25], first_step=4, wall_time=-2e6))
    os.utime(file, (1e8, 1e8))
    reader.refresh()
    assert values(reader, ".", "loss") == [3.0, 2.0, 1.0, 0.5, 0.25]
    assert Library(reader, str(tmp_path)).refresh().state == "ready"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_killed_worker_thread_is_said_and_started_again(caplog: pytest.LogCaptureFixture) -> None:
    source = FakeSource()
    source.add("a", "loss", [1.0, 0.5])
    source.add("a", "val_loss", [1.0, 0.5])
    library = Library(source, "logs", reload_interval=0.01)
    wait(lambda: library.snapshot().state == "ready")
    source.error = SystemExit("killed")
    with caplog.at_level(logging.ERROR):
        wait(lambda: any("started again" in one.what for one in library.snapshot().warnings))
    assert list(library.snapshot().fits) == ["a"]
    source.error = None
    source.add("b", "loss", [1.0])
    source.add("b", "val_loss", [1.0])
    wait(lambda: len(library.snapshot().fits) == 2 and not library.snapshot().warnings)
    library.close()


def wait(is_there: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_there():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_killed_reading_thread_leaves_the_other_files_for_the_next_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        write(tmp_path / f"{number}" / FILE, START)
    reader = LogReader({"": str(tmp_path)}, workers=3)
    with monkeypatch.context() as patch:
        opened, killed = local.LocalStorage.open, threading.Event()

        def kill(self: local.LocalStorage, path: str) -> local.LocalFile:
            if killed.is_set():
                return opened(self, path)
            killed.set()
            raise MemoryError("killed")

        patch.setattr(local.LocalStorage, "open", kill)
        with pytest.raises(MemoryError):
            reader.refresh()
    reader.refresh()
    assert len(reader.series()) == 40
