from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tb_lossgap.events import LogdirError
from tb_lossgap.events import LogReader
from tb_lossgap.model import ReadWarning
from tb_lossgap.model import SeriesKey
from tests.events.records import append
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
