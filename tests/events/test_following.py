from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tensorboard.compat.proto.event_pb2 import Event

from tb_lossgap.events.local import LocalFile
from tb_lossgap.events.local import LocalStorage
from tb_lossgap.model import ReadWarning
from tb_lossgap.model import SeriesKey
from tests.events.records import FILE
from tests.events.records import append
from tests.events.records import framed
from tests.events.records import read
from tests.events.records import scalar
from tests.events.records import scalars
from tests.events.records import values
from tests.events.records import version
from tests.events.records import write

if TYPE_CHECKING:
    from pathlib import Path


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


def test_a_deleted_file_leaves_what_the_run_s_other_files_hold(tmp_path: Path) -> None:
    first = write(tmp_path / "1.tfevents", version(1.0), scalars("loss", [3.0], wall_time=1))
    write(tmp_path / "2.tfevents", version(2.0), scalars("loss", [2.0], wall_time=2))
    reader = read(tmp_path)
    assert values(reader, ".", "loss") == [3.0, 2.0]
    first.unlink()
    assert reader.refresh()
    assert values(reader, ".", "loss") == [2.0]


def test_both_files_of_a_run_may_grow_after_they_were_joined(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{i}.tfevents", version(i), scalars("loss", [i], wall_time=i)) for i in (1, 2)]
    reader = read(tmp_path)
    for step in range(1, 9):
        for number, file in enumerate(files, 1):
            append(file, scalar("loss", step, 10 * number + step))
        reader.refresh()
        series = reader.series()[SeriesKey(".", "loss")]
        expected = [[number, *(10 * number + earlier for earlier in range(1, step + 1))] for number in (1, 2)]
        assert series.values.tolist() == [*expected[0], *expected[1]]
        assert series.file_starts == (0, step + 1)
