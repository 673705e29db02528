from __future__ import annotations

from typing import TYPE_CHECKING

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tb_lossgap.events import LogdirError
from tb_lossgap.events import storage_at
from tb_lossgap.fleet.files import Mark
from tb_lossgap.fleet.files import files_within
from tb_lossgap.fleet.files import is_few
from tb_lossgap.fleet.files import level
from tb_lossgap.fleet.files import openings
from tb_lossgap.fleet.files import packed
from tb_lossgap.fleet.files import unpacked
from tests.events.records import version
from tests.fleet.logs import FILE
from tests.fleet.logs import write_trainings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = st.sets(st.text("ab/-é", min_size=1, max_size=6), max_size=40)


@given(NAMES, st.integers(1, 10))
def test_every_name_has_an_opening_and_no_opening_too_many_names(names: set[str], most: int) -> None:
    found = list(openings(names, most))
    assert all(any(name.startswith(opening) for opening in found) for name in names)
    ends = {name for name in names if any(other != name and other.startswith(name) for other in names)}
    for opening in found:
        assert sum(name.startswith(opening) for name in names) <= most or opening in ends


def test_numbered_runs_are_shared_out_by_their_first_digits() -> None:
    names = [f"run-{number:04d}/" for number in range(2000)]
    assert sorted(openings(names, 500)) == [f"run-{digits:02d}" for digits in range(20)]


def test_a_folder_of_few_names_is_opened_further_but_not_for_ever() -> None:
    assert is_few(["team/"], depth=1)
    assert not is_few(["team/"], depth=3)
    assert not is_few([FILE], depth=1)
    assert not is_few([f"{number}/" for number in range(64)], depth=1)


@pytest.fixture(params=["folder", "memory"])
def logdir(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    write_trainings(tmp_path, 3)
    (tmp_path / FILE).write_bytes(version())
    (tmp_path / "sweep-2").mkdir()
    (tmp_path / "sweep-2" / FILE).write_bytes(version())
    (tmp_path / "sweep-2" / "notes.txt").write_text("no events")
    if request.param == "folder":
        yield str(tmp_path)
        return
    filesystem = fsspec.filesystem("memory")
    filesystem.put(f"{tmp_path}/", "/logs", recursive=True)
    yield "memory://logs"


def test_a_level_is_what_lies_directly_in_a_folder(logdir: str) -> None:
    assert sorted(level(logdir, "")) == sorted([FILE, "sweep-2/", "sweep/"])
    assert sorted(level(logdir, "sweep/")) == ["sweep/cnn-00000/", "sweep/cnn-00001/", "sweep/cnn-00002/"]
    assert level(logdir, "sweep-2/") == [f"sweep-2/{FILE}"]


@pytest.mark.parametrize("opening", ["", "s", "sweep", "sweep/", "sweep-", "sweep/cnn-00001/tr", "events", "nothing/a"])
def test_the_files_within_an_opening_are_those_whose_names_begin_so(logdir: str, opening: str) -> None:
    everything = {found.name for found in storage_at(logdir).find()}  # type: ignore[union-attr]
    runs, warnings = files_within(logdir, [opening])
    marks = [mark for run, files in runs for mark in unpacked(run, files)]
    assert sorted(mark.name for mark in marks) == sorted(name for name in everything if name.startswith(opening))
    assert not warnings


def test_the_files_within_several_openings_are_those_within_any(logdir: str) -> None:
    runs, _ = files_within(logdir, ["sweep/cnn-00001/", "events", "sweep/cnn-00002/v"])
    names = [f"sweep/cnn-00001/{split}" for split in ("train", "validation")]
    assert {run for run, _ in runs} == {".", *names, "sweep/cnn-00002/validation"}


@given(st.text(), st.integers(0, 2**60), st.floats(allow_nan=False), st.sampled_from(["", "a\udcff"]))
def test_what_is_packed_can_be_put_together_and_unpacked(name: str, size: int, modified: float, path: str) -> None:
    name = name.replace("/", "")
    marks = [Mark(f"a/b/{name}", size, modified, "etag", path), Mark(f"a/b/{name}2", size, modified, "", path)]
    assert unpacked("a/b", packed(marks) + packed(marks[1:])) == sorted(marks)


def test_a_logdir_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LogdirError, match="no such folder"):
        level(str(tmp_path / "nothing"), "")


def test_a_link_is_followed_once_and_not_in_circles(tmp_path: Path) -> None:
    write_trainings(tmp_path / "logs", 1)
    (tmp_path / "logs" / "sweep" / "again").symlink_to(tmp_path / "logs")
    names = level(str(tmp_path / "logs"), "sweep/")
    assert sorted(names) == ["sweep/again", "sweep/cnn-00000/"]
    runs, _ = files_within(str(tmp_path / "logs"), names)
    assert len(runs) == 2
