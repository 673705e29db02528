from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tb_lossgap.events import LogdirError
from tb_lossgap.events import LogReader
from tb_lossgap.events.local import LocalStorage
from tb_lossgap.model import ReadWarning
from tb_lossgap.model import SeriesKey
from tests.events.records import FILE
from tests.events.records import read
from tests.events.records import scalar
from tests.events.records import values
from tests.events.records import write

if TYPE_CHECKING:
    from pathlib import Path


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


def test_a_logdir_that_may_not_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: str) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(LogdirError, match=r"cannot be read \(Permission denied\); check its permissions"):
        read(tmp_path)
