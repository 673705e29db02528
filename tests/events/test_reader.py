from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tensorboard.compat.proto.event_pb2 import Event

from tb_lossgap.events import LogdirError
from tb_lossgap.events import LogReader
from tb_lossgap.events.local import LocalFile
from tb_lossgap.events.local import LocalStorage
from tb_lossgap.model import Progress
from tb_lossgap.model import ReadWarning
from tb_lossgap.model import SeriesKey
from tests.events.records import append
from tests.events.records import framed
from tests.events.records import scalar
from tests.events.records import scalars
from tests.events.records import version
from tests.events.records import write

if TYPE_CHECKING:
    from pathlib import Path

FILE = "events.out.tfevents.1.host"


def read(logdir: Path) -> LogReader:
    reader = LogReader({"": str(logdir)})
    reader.refresh()
    return reader


def values(reader: LogReader, run: str, tag: str) -> list[float]:
    return [float(value) for value in reader.series()[SeriesKey(run, tag)].values]


def test_runs_are_folders_relative_to_the_logdir(tmp_path: Path) -> None:
    write(tmp_path / FILE, scalar("loss", 0, 1.0))
    write(tmp_path / "a" / "train" / FILE, scalar("loss", 0, 2.0))
    assert set(read(tmp_path).series()) == {SeriesKey(".", "loss"), SeriesKey("a/train", "loss")}


def test_a_named_root_goes_before_its_runs(tmp_path: Path) -> None:
    write(tmp_path / FILE, scalar("loss", 0, 1.0))
    write(tmp_path / "a" / FILE, scalar("loss", 0, 1.0))
    reader = LogReader({"left": str(tmp_path)})
    reader.refresh()
    assert reader.runs == ("left/.", "left/a")


def test_new_records_are_added_when_a_file_grows(tmp_path: Path) -> None:
    file = write(tmp_path / FILE, version(), scalars("loss", [3.0, 2.0]))
    reader = read(tmp_path)
    append(file, scalars("loss", [1.0], first_step=2))
    assert reader.refresh()
    assert values(reader, ".", "loss") == [3.0, 2.0, 1.0]


def test_a_record_cut_off_at_the_end_is_waited_for(tmp_path: Path) -> None:
    whole = version() + scalars("loss", [3.0, 2.0])
    file = write(tmp_path / FILE, whole[:-5])
    reader = read(tmp_path)
    assert values(reader, ".", "loss") == [3.0]
    assert reader.warnings == ()
    append(file, whole[-5:])
    reader.refresh()
    assert values(reader, ".", "loss") == [3.0, 2.0]


def test_a_damaged_record_ends_its_file_and_no_other(tmp_path: Path) -> None:
    start = version() + scalar("loss", 0, 1.0)
    damaged = bytearray(start + scalars("loss", [2.0, 3.0], first_step=1))
    damaged[len(start) + 14] ^= 1
    write(tmp_path / "a" / FILE, bytes(damaged))
    write(tmp_path / "b" / FILE, scalar("loss", 0, 4.0))
    reader = read(tmp_path)
    assert values(reader, "a", "loss") == [1.0]
    assert values(reader, "b", "loss") == [4.0]
    assert reader.warnings == (ReadWarning(f"a/{FILE}", len(start), "record checksum does not match"),)


def test_a_replaced_file_is_read_again(tmp_path: Path) -> None:
    file = write(tmp_path / FILE, version(1.0), scalars("loss", [3.0, 2.0]))
    reader = read(tmp_path)
    file.unlink()
    write(file, version(2.0), scalars("loss", [9.0, 8.0, 7.0]))
    assert reader.refresh()
    assert values(reader, ".", "loss") == [9.0, 8.0, 7.0]


def test_a_deleted_run_goes(tmp_path: Path) -> None:
    file = write(tmp_path / "a" / FILE, scalar("loss", 0, 1.0))
    reader = read(tmp_path)
    file.unlink()
    assert reader.refresh()
    assert (reader.series(), reader.runs) == ({}, ())


def test_nothing_new_is_no_change_and_the_same_series(tmp_path: Path) -> None:
    write(tmp_path / FILE, scalar("loss", 0, 1.0))
    reader = read(tmp_path)
    before = reader.series()[SeriesKey(".", "loss")]
    assert not reader.refresh()
    assert reader.series()[SeriesKey(".", "loss")] is before


def test_files_of_a_run_follow_each_other_by_their_first_wall_time(tmp_path: Path) -> None:
    write(tmp_path / "b.tfevents", version(100.0), scalars("loss", [1.0, 2.0], wall_time=100))
    write(tmp_path / "a.tfevents", version(200.0), scalars("loss", [3.0], wall_time=200))
    series = read(tmp_path).series()[SeriesKey(".", "loss")]
    assert (series.values.tolist(), series.file_starts) == ([1.0, 2.0, 3.0], (0, 2))


def test_a_missing_logdir_is_named(tmp_path: Path) -> None:
    with pytest.raises(LogdirError, match="nowhere: no such folder"):
        LogReader({"": str(tmp_path / "nowhere")}).refresh()


def test_a_file_is_no_logdir(tmp_path: Path) -> None:
    with pytest.raises(LogdirError, match="not a folder"):
        LogReader({"": str(write(tmp_path / FILE))}).refresh()


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    write(tmp_path / "a" / FILE, scalar("loss", 0, 1.0))
    (tmp_path / "a" / "round").symlink_to(tmp_path)
    (tmp_path / "latest").symlink_to(tmp_path / "a")
    assert read(tmp_path).runs == ("a", "latest")


def test_several_roots_are_read_side_by_side(tmp_path: Path) -> None:
    write(tmp_path / "one" / "run" / FILE, scalar("loss", 0, 1.0))
    write(tmp_path / "two" / "run" / FILE, scalar("loss", 0, 2.0))
    reader = LogReader({"a": str(tmp_path / "one"), "b": str(tmp_path / "two")})
    reader.refresh()
    assert (values(reader, "a/run", "loss"), values(reader, "b/run", "loss")) == ([1.0], [2.0])


def test_one_missing_root_of_several_is_a_warning(tmp_path: Path) -> None:
    write(tmp_path / "one" / FILE, scalar("loss", 0, 1.0))
    reader = LogReader({"a": str(tmp_path / "one"), "b": str(tmp_path / "two")})
    reader.refresh()
    assert reader.runs == ("a/.",)
    assert [(warning.file, "no such folder" in warning.what) for warning in reader.warnings] == [("b", True)]


def test_unwanted_tags_are_not_kept(tmp_path: Path) -> None:
    write(tmp_path / FILE, version(), scalar("loss", 0, 1.0), scalar("lr", 0, 0.1))
    reader = LogReader({"": str(tmp_path)}, wanted=lambda tag: tag == "loss")
    reader.refresh()
    assert set(reader.series()) == {SeriesKey(".", "loss")}


def test_a_file_that_shrank_is_read_again(tmp_path: Path) -> None:
    file = write(tmp_path / FILE, version(), scalars("loss", [3.0, 2.0, 1.0]))
    reader = read(tmp_path)
    write(file, version(), scalars("loss", [9.0]))
    assert reader.refresh()
    assert values(reader, ".", "loss") == [9.0]


def test_a_file_written_anew_in_its_place_is_read_again(tmp_path: Path) -> None:
    file = write(tmp_path / FILE, version(1.0), scalars("loss", [3.0, 2.0]))
    reader = read(tmp_path)
    write(file, version(2.0), scalars("loss", [9.0, 8.0, 7.0]))
    assert reader.refresh()
    assert values(reader, ".", "loss") == [9.0, 8.0, 7.0]


def test_a_file_whose_end_alone_was_written_anew_is_read_again(tmp_path: Path) -> None:
    file = write(tmp_path / FILE, version(1.0), scalars("loss", [3.0, 2.0]))
    reader = read(tmp_path)
    write(file, version(1.0), scalars("loss", [3.0, 8.0, 7.0]))
    assert reader.refresh()
    assert values(reader, ".", "loss") == [3.0, 8.0, 7.0]


def test_series_do_not_change_once_handed_out(tmp_path: Path) -> None:
    file = write(tmp_path / FILE, version(), scalars("loss", [3.0, 2.0]))
    reader = read(tmp_path)
    before = reader.series()[SeriesKey(".", "loss")]
    for step in range(2, 40):
        append(file, scalar("loss", step, 1.0))
        reader.refresh()
    assert before.values.tolist() == [3.0, 2.0]
    assert values(reader, ".", "loss") == [3.0, 2.0] + [1.0] * 38
    with pytest.raises(ValueError, match="read-only"):
        before.values[0] = 0.0


def test_a_damaged_record_that_is_mended_is_read(tmp_path: Path) -> None:
    whole = version() + scalars("loss", [3.0, 2.0, 1.0])
    file = write(tmp_path / FILE, whole[:-20] + bytes(20))
    reader = read(tmp_path)
    assert [warning.what for warning in reader.warnings] == ["record checksum does not match"]
    write(file, whole, scalar("loss", 3, 0.5))
    assert reader.refresh()
    assert (values(reader, ".", "loss"), reader.warnings) == ([3.0, 2.0, 1.0, 0.5], ())


def test_a_record_longer_than_a_block_is_read(tmp_path: Path) -> None:
    graph = framed(Event(graph_def=bytes(1 << 20)).SerializeToString())
    write(tmp_path / FILE, version(), scalar("loss", 0, 1.0), graph, scalar("loss", 1, 2.0))
    assert values(read(tmp_path), ".", "loss") == [1.0, 2.0]


def test_a_file_that_cannot_be_read_is_a_warning_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a" / FILE, scalar("loss", 0, 1.0))
    write(tmp_path / "b" / FILE, scalar("loss", 0, 2.0))
    real = LocalStorage.open

    def refuse(storage: LocalStorage, path: str) -> LocalFile:
        if f"{os.sep}a{os.sep}" in path:
            raise PermissionError(13, "Permission denied")
        return real(storage, path)

    with monkeypatch.context() as patch:
        patch.setattr(LocalStorage, "open", refuse)
        reader = read(tmp_path)
        assert reader.warnings == (ReadWarning(f"a/{FILE}", 0, "file cannot be read: Permission denied"),)
        assert values(reader, "b", "loss") == [2.0]
    assert reader.refresh()
    assert (values(reader, "a", "loss"), len(reader.warnings)) == ([1.0], 0)


def test_an_error_in_the_middle_of_a_file_keeps_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = version() + scalar("loss", 0, 1.0)
    write(tmp_path / FILE, start, scalar("loss", 1, 2.0))
    real = LocalFile.read

    def fail(file: LocalFile, offset: int, _size: int) -> bytes:
        if offset:
            raise OSError(5, "Input/output error")
        return real(file, 0, len(start))

    with monkeypatch.context() as patch:
        patch.setattr(LocalStorage, "block", len(start))
        patch.setattr(LocalFile, "read", fail)
        reader = read(tmp_path)
        assert reader.warnings == (ReadWarning(FILE, len(start), "file cannot be read: Input/output error"),)
        assert values(reader, ".", "loss") == [1.0]
    reader.refresh()
    assert values(reader, ".", "loss") == [1.0, 2.0]


def test_a_file_that_vanishes_before_it_is_opened_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / FILE, scalar("loss", 0, 1.0))
    real = LocalStorage.open

    def vanish(storage: LocalStorage, path: str) -> LocalFile:
        file.unlink()
        return real(storage, path)

    monkeypatch.setattr(LocalStorage, "open", vanish)
    reader = read(tmp_path)
    assert (reader.series(), reader.warnings) == ({}, ())


def test_a_folder_that_cannot_be_listed_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a" / FILE, scalar("loss", 0, 1.0))
    write(tmp_path / "b" / FILE, scalar("loss", 0, 2.0))
    real = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("a"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    reader = read(tmp_path)
    assert reader.runs == ("b",)
    assert reader.warnings == (ReadWarning("a", 0, "folder cannot be read: Permission denied"),)


def test_folders_pipes_and_links_to_nowhere_are_no_event_files(tmp_path: Path) -> None:
    (tmp_path / "folder.tfevents").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.tfevents")
    (tmp_path / "dangling.tfevents").symlink_to(tmp_path / "nothing")
    (tmp_path / "itself").symlink_to("itself")
    (tmp_path / "itself.tfevents").symlink_to("itself.tfevents")
    write(tmp_path / "folder.tfevents" / FILE, scalar("loss", 0, 1.0))
    assert read(tmp_path).runs == ("folder.tfevents",)


def test_many_links_among_folders_end_soon(tmp_path: Path) -> None:
    folders = [tmp_path / f"{number}" for number in range(6)]
    for folder in folders:
        write(folder / FILE, scalar("loss", 0, 1.0))
    for folder in folders:
        for other in folders:
            (folder / f"to{other.name}").symlink_to(other)
    reader = read(tmp_path)
    assert len(reader.runs) <= 6 * 17
    assert {warning.what for warning in reader.warnings} == {"folder has more than 16 names by links"}


def test_names_that_are_no_text_are_made_text() -> None:
    undecodable = os.fsdecode(b"caf\xe9")
    assert LocalStorage("/logs", "root/")._name(undecodable) == "root/caf\ufffd"


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
