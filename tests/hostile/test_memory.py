from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

import pytest
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.summary_pb2 import SummaryMetadata
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

from tb_lossgap.events import LogReader
from tb_lossgap.events import default_memory
from tb_lossgap.events import follower
from tb_lossgap.events import local
from tb_lossgap.events import tags
from tb_lossgap.events.memory import FILE as FILE_WEIGHT
from tb_lossgap.events.memory import POINT
from tb_lossgap.events.memory import SERIES
from tb_lossgap.events.memory import TAG
from tests.events.records import FILE
from tests.events.records import append
from tests.events.records import checksum
from tests.events.records import scalars
from tests.events.records import valued
from tests.events.records import values
from tests.events.records import version
from tests.events.records import write
from tests.inprocess import read_out
from tests.inprocess import tensorboard_app

if TYPE_CHECKING:
    from pathlib import Path

POINTS = 100
ONE_FILE = FILE_WEIGHT + TAG + SERIES + POINT * POINTS


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    """Ten files of a hundred points, "0" written last."""
    for number in range(10):
        file = write(tmp_path / str(number) / FILE, version(), scalars("loss", range(POINTS)))
        os.utime(file, (1e9 - number, 1e9 - number))
    return tmp_path


def reader_of(logdir: Path, memory: int | None) -> LogReader:
    reader = LogReader({"": str(logdir)}, memory=memory, workers=1)
    reader.refresh()
    return reader


def test_without_a_limit_all_is_read(logdir: Path) -> None:
    assert len(reader_of(logdir, None).series()) == 10


def test_what_was_written_last_is_read_and_the_rest_is_said(logdir: Path) -> None:
    reader = reader_of(logdir, 5 * ONE_FILE)
    runs = {key.run for key in reader.series()}
    assert 0 < len(runs) < 10
    assert runs == set(map(str, range(len(runs))))
    size = (logdir / "0" / FILE).stat().st_size
    (warning,) = reader.warnings
    assert warning.what.startswith(f"{(10 - len(runs)) * size} bytes of {10 - len(runs)} event files are not read")
    assert "--lossgap_memory" in warning.what
    assert reader.progress.files == 10


def test_memory_that_is_free_again_is_used(logdir: Path) -> None:
    reader = reader_of(logdir, 5 * ONE_FILE)
    for number in range(8):
        (logdir / str(number) / FILE).unlink()
    reader.refresh()
    assert {key.run for key in reader.series()} == {"8", "9"}
    assert not reader.warnings


def test_tags_whose_points_are_not_kept_count_too(tmp_path: Path) -> None:
    for number in range(10):
        many = [Summary.Value(tag=f"other-{number}-{place}", simple_value=1.0) for place in range(100)]
        write(tmp_path / str(number) / FILE, version(), valued(*many), scalars("loss", [1.0]))
    reader = LogReader({"": str(tmp_path)}, memory=5 * 100 * TAG, wanted=lambda tag: tag == "loss", workers=1)
    reader.refresh()
    assert 0 < len(reader.series()) < 5
    assert "--lossgap_memory" in reader.warnings[0].what


def test_hyperparameters_count_too(tmp_path: Path) -> None:
    for number in range(10):
        hparams = HParamsPluginData()
        hparams.session_start_info.hparams["notes"].string_value = f"{number}" * 10_000
        data = SummaryMetadata.PluginData(plugin_name="hparams", content=hparams.SerializeToString())
        settings = Summary.Value(tag="_hparams_/session_start_info", metadata=SummaryMetadata(plugin_data=data))
        write(tmp_path / str(number) / FILE, version(), valued(settings), scalars("loss", [1.0]))
    assert 0 < len(reader_of(tmp_path, 200_000).series()) < 5


def test_tags_that_are_gone_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "_MOST", 10)
    asked: list[str] = []

    def refuse(tag: str) -> bool:
        asked.append(tag)
        return False

    reader = LogReader({"": str(tmp_path)}, wanted=refuse, workers=1)
    for number in range(50):
        write(tmp_path / FILE, version(), scalars(f"tag-{number}", [1.0]))
        reader.refresh()
    asked.clear()
    reader.refresh()
    assert len(asked) == 10


def test_a_file_that_does_not_fit_is_read_up_to_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "_PORTION", 1_000)
    monkeypatch.setattr(local.LocalStorage, "block", 500)
    file = write(tmp_path / FILE, version(), scalars("loss", range(1_000)))
    reader = reader_of(tmp_path, ONE_FILE + POINT * 500)
    found = values(reader, ".", "loss")
    assert 600 < len(found) < 800
    assert found == list(range(len(found)))
    assert {one.file for one in reader.warnings} == {".", FILE}
    assert "not read from here on" in reader.warnings[1].what
    append(file, scalars("loss", [1.0]))
    reader.refresh()
    assert values(reader, ".", "loss") == found


def test_a_file_is_read_to_its_end_portion_by_portion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "_PORTION", 1_000)
    monkeypatch.setattr(local.LocalStorage, "block", 500)
    write(tmp_path / FILE, version(), scalars("loss", range(1_000)))
    assert values(reader_of(tmp_path, None), ".", "loss") == list(range(1_000))


def test_more_files_than_memory_are_not_even_listed(logdir: Path) -> None:
    reader = reader_of(logdir, 8 * FILE_WEIGHT)
    listed = len(reader.runs)
    assert 0 < listed <= 5
    assert any(one.what.startswith(f"event files beyond the first {listed} are left out") for one in reader.warnings)


def test_a_flood_of_tags_ends_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "_MOST_TAGS", 100)
    monkeypatch.setattr(follower, "_PORTION", 1_000)
    monkeypatch.setattr(local.LocalStorage, "block", 500)
    flood = [valued(Summary.Value(tag=f"loss-{number}", simple_value=1.0)) for number in range(1_000)]
    write(tmp_path / FILE, version(), *flood)
    reader = reader_of(tmp_path, None)
    assert len(reader.series()) < 200
    assert reader.warnings[0].what.startswith("more than 100 tags")


def test_a_huge_record_is_not_loaded(tmp_path: Path) -> None:
    header = struct.pack("<Q", 2**31 - 1)
    file = write(tmp_path / FILE, version(), scalars("loss", [1.0]), header, checksum(header))
    os.truncate(file, 2**31 + 2**20)
    reader = reader_of(tmp_path, None)
    assert values(reader, ".", "loss") == [1.0]
    assert "record of more than" in reader.warnings[0].what


def test_endless_tags_are_left_out_and_counted(tmp_path: Path) -> None:
    write(tmp_path / FILE, version(), scalars("loss", [1.0]), scalars("x" * 4_097, [1.0]))
    reader = reader_of(tmp_path, None)
    assert [key.tag for key in reader.series()] == ["loss"]
    assert [one.what for one in reader.warnings] == ["1 tags of more than 4096 characters are left out"]


def test_the_page_says_what_is_left_out(logdir: Path) -> None:
    answer = read_out(tensorboard_app(logdir, lossgap_memory=0))
    assert "--lossgap_memory" in answer["warnings"][0]["what"]


def test_the_limit_is_a_part_of_what_there_is() -> None:
    assert 1 << 26 < default_memory() < 1 << 50
