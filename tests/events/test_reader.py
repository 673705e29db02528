from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tb_lossgap.events import LogReader
from tb_lossgap.events import reader as module
from tb_lossgap.events.local import LocalStorage
from tb_lossgap.model import Progress
from tb_lossgap.model import SeriesKey
from tests.events.records import FILE
from tests.events.records import append
from tests.events.records import read
from tests.events.records import scalar
from tests.events.records import scalars
from tests.events.records import values
from tests.events.records import version
from tests.events.records import write

if TYPE_CHECKING:
    from pathlib import Path


def test_unwanted_tags_are_not_kept(tmp_path: Path) -> None:
    write(tmp_path / FILE, version(), scalar("loss", 0, 1.0), scalar("lr", 0, 0.1))
    reader = LogReader({"": str(tmp_path)}, wanted=lambda tag: tag == "loss")
    reader.refresh()
    assert set(reader.series()) == {SeriesKey(".", "loss")}


def test_stopping_ends_reading_and_the_next_refresh_goes_on(tmp_path: Path) -> None:
    for number in range(4):
        write(tmp_path / f"{number}" / FILE, scalar("loss", 0, 1.0))
    stop = threading.Event()
    reader = LogReader({"": str(tmp_path)}, workers=1)
    reader.refresh(on_progress=lambda progress: stop.set() if progress.files == 2 else None, stop=stop)
    assert len(reader.series()) == 2
    reader.refresh()
    assert len(reader.series()) == 4


@pytest.mark.parametrize("workers", [1, 3])
def test_progress_ends_with_everything_read(workers: int, tmp_path: Path) -> None:
    size = sum(write(tmp_path / f"{i}" / FILE, scalars("loss", range(9))).stat().st_size for i in range(5))
    reader = LogReader({"": str(tmp_path)}, workers=workers)
    heard: list[Progress] = []
    reader.refresh(on_progress=heard.append)
    assert (heard[0].files, heard[0].bytes) == (0, 0)
    assert heard[-1] == reader.progress == Progress(5, 5, size, size)
    assert [progress.bytes for progress in heard] == sorted(progress.bytes for progress in heard)


def test_the_most_recently_written_are_read_first(tmp_path: Path) -> None:
    for number, age in enumerate([30, 10, 20]):
        os.utime(write(tmp_path / f"{number}" / FILE, scalar("loss", 0, 1.0)), (0, 1e9 - age))
    reader = LogReader({"": str(tmp_path)}, workers=1)
    order: list[str] = []

    def note(_progress: Progress) -> None:
        order.extend(key.run for key in reader.series() if key.run not in order)

    reader.refresh(on_progress=note)
    assert order == ["1", "2", "0"]


def test_series_may_be_asked_for_while_reading(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{i}" / FILE, version(), scalars("loss", range(50))) for i in range(20)]
    reader = LogReader({"": str(tmp_path)}, workers=3)
    done = threading.Event()
    lengths: list[int] = []

    def look() -> None:
        while not done.is_set():
            lengths.extend(len(series) for series in reader.series().values())

    looker = threading.Thread(target=look)
    looker.start()
    reader.refresh()
    for file in files:
        append(file, scalars("loss", range(50), first_step=50))
    reader.refresh()
    done.set()
    looker.join()
    assert set(lengths) <= {50, 100}
    assert {len(series) for series in reader.series().values()} == {100}


def test_several_roots_without_a_name_are_read_as_one(tmp_path: Path) -> None:
    for number in range(2):
        write(tmp_path / f"root{number}" / f"run{number}" / FILE, scalar("loss", 0, number))
        write(tmp_path / f"root{number}" / FILE, scalar("loss", number, number, number))
    reader = LogReader([("", str(tmp_path / "root0")), ("", str(tmp_path / "root1"))])
    reader.refresh()
    assert reader.runs == (".", "run0", "run1")
    assert values(reader, ".", "loss") == [0.0, 1.0]


def test_a_tag_that_comes_to_be_wanted_is_read_from_the_beginning(tmp_path: Path) -> None:
    write(tmp_path / "a" / FILE, version(), scalars("loss", [3.0, 2.0]), scalars("cost", [5.0, 4.0]))
    write(tmp_path / "b" / FILE, version(), scalars("cost", [7.0]))
    wanted = {"loss"}
    reader = LogReader({"": str(tmp_path)}, wanted=lambda tag: tag in wanted)
    reader.refresh()
    assert set(reader.series()) == {SeriesKey("a", "loss")}
    assert not reader.refresh()
    wanted.add("cost")
    assert reader.refresh()
    assert values(reader, "a", "cost") == [5.0, 4.0]
    assert values(reader, "a", "loss") == [3.0, 2.0]
    assert values(reader, "b", "cost") == [7.0]
    assert not reader.refresh()


def test_the_time_left_is_told_from_the_pace_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    write(tmp_path / FILE, version(), scalars("loss", range(100)))
    monkeypatch.setattr(LocalStorage, "block", 1000)
    heard: list[Progress] = []
    LogReader({"": str(tmp_path)}, workers=1).refresh(on_progress=heard.append)
    assert heard[0].seconds_left is None
    assert heard[-1].seconds_left is None
    known = [one for one in heard if one.seconds_left is not None]
    assert known
    for seconds, one in enumerate(heard[:-2], start=1):
        if one.seconds_left is not None:
            assert one.seconds_left == pytest.approx((one.bytes_total - one.bytes) * seconds / one.bytes)


@pytest.mark.parametrize("workers", [1, 3])
def test_a_process_that_ends_does_not_wait_for_files(workers: int, tmp_path: Path) -> None:
    for number in range(4):
        write(tmp_path / f"{number}" / FILE, scalar("loss", 0, 1.0))
    program = """
import sys, threading, time
from tb_lossgap.events import LogReader
from tb_lossgap.events.local import LocalFile
from tb_lossgap.library import Library
begun = threading.Event()
LocalFile.read = lambda self, offset, size: begun.set() or time.sleep(60)
library = Library(LogReader({"": sys.argv[1]}, workers=int(sys.argv[2])), "logs")
library.snapshot()
begun.wait()
print(time.time())
"""
    command = [sys.executable, "-c", program, str(tmp_path), str(workers)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=50)
    # A read takes a minute; how long the end of any process takes depends on what else the machine does.
    assert time.time() - float(done.stdout) < 30


def test_equal_steps_are_held_once(tmp_path: Path) -> None:
    write(tmp_path / "a" / FILE, version(), scalars("loss", range(50)), scalars("val_loss", range(50)))
    write(tmp_path / "b" / FILE, version(), scalars("loss", range(50)))
    steps = [series.steps for series in read(tmp_path).series().values()]
    assert len(steps) == 3
    assert all(np.shares_memory(steps[0], other) for other in steps)


def test_an_exception_in_the_callback_is_the_callers(tmp_path: Path) -> None:
    for number in range(4):
        write(tmp_path / f"{number}" / FILE, scalar("loss", 0, 1.0))

    def fail(_progress: Progress) -> None:
        raise KeyError("mine")

    reader = LogReader({"": str(tmp_path)}, workers=2)
    with pytest.raises(KeyError, match="mine"):
        reader.refresh(on_progress=fail)
    reader.refresh()
    assert len(reader.series()) == 4


def test_stopping_in_the_middle_of_a_file_keeps_its_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / FILE, version(), scalars("loss", range(100)))
    monkeypatch.setattr(LocalStorage, "block", 1000)
    stop = threading.Event()
    reader = LogReader({"": str(tmp_path)})
    reader.refresh(on_progress=lambda progress: stop.set() if progress.bytes > 2000 else None, stop=stop)
    assert 40 < len(values(reader, ".", "loss")) < 90
    assert reader.refresh()
    assert values(reader, ".", "loss") == list(range(100))


def test_stopping_while_files_are_looked_for_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path / FILE, scalar("loss", 0, 1.0))
    stop = threading.Event()
    stop.set()
    reader = LogReader({"": str(tmp_path)})
    assert not reader.refresh(stop=stop)
    assert reader.runs == ()


def test_progress_is_told_while_files_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REPORT_FILES", 2)
    for number in range(5):
        write(tmp_path / f"{number}" / FILE, scalar("loss", 0, 1.0))
    heard: list[int] = []
    LogReader({"": str(tmp_path)}, workers=1).refresh(on_progress=lambda progress: heard.append(progress.files_total))
    assert heard[:3] == [2, 4, 5]


def test_without_the_native_decoder_the_reference_serves_and_says_so_once(tmp_path: Path) -> None:
    write(tmp_path / FILE, version(), scalars("loss", [3.0, 2.0]))
    program = """
import sys
sys.modules["tb_lossgap.events._decode"] = None
from tb_lossgap.events import LogReader
for _ in range(2):
    reader = LogReader({"": sys.argv[1]})
    reader.refresh()
    print(*(series.values.tolist() for series in reader.series().values()))
"""
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[3.0, 2.0]"] * 2
    assert done.stderr.count("slower reference reader") == 1
