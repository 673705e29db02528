from __future__ import annotations

import os
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from werkzeug.test import Client

from tb_lossgap.events import LogReader
from tb_lossgap.events import decoder
from tb_lossgap.events import follower
from tb_lossgap.events import local
from tb_lossgap.events import reference
from tests.events.records import FILE
from tests.events.records import append
from tests.events.records import checksum
from tests.events.records import field
from tests.events.records import framed
from tests.events.records import read
from tests.events.records import scalar
from tests.events.records import scalars
from tests.events.records import values
from tests.events.records import version
from tests.events.records import write
from tests.inprocess import BASE
from tests.inprocess import read_out
from tests.inprocess import tensorboard_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = version() + scalars("loss", [3.0, 2.0])
RUNS = 500
EXTREMES = [-(2**63), -(2**53) - 1, -1, 0, 1, 2**31, 2**53 + 1, 2**62, 2**63 - 1]


@pytest.fixture(params=[decoder.Decoder, reference.Decoder], ids=["chosen", "reference"], autouse=True)
def each_decoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "Decoder", request.param)


@pytest.mark.parametrize("length", [2**31, 2**32, 2**62, 2**63 - 17, 2**63 - 1, 2**63, 2**64 - 17, 2**64 - 1])
def test_a_record_that_claims_to_be_endless_ends_its_file_only(length: int, tmp_path: Path) -> None:
    header = struct.pack("<Q", length)
    write(tmp_path / "bad" / FILE, GOOD, header, checksum(header), b"x" * 100)
    write(tmp_path / "good" / FILE, GOOD)
    reader = read(tmp_path)
    assert values(reader, "bad", "loss") == values(reader, "good", "loss") == [3.0, 2.0]
    (warning,) = reader.warnings
    assert (warning.file, warning.byte) == (f"bad/{FILE}", len(GOOD))


def test_messages_in_messages_in_messages_are_damage(tmp_path: Path) -> None:
    inner = TensorProto().SerializeToString()
    for _ in range(2_000):
        # A variant that holds a tensor that holds a variant.
        inner = field(15, field(3, inner))
    value = field(1, b"deep") + field(8, inner)
    write(tmp_path / FILE, GOOD, framed(field(5, field(1, value))), scalar("loss", 9, 1.0))
    reader = read(tmp_path)
    assert values(reader, ".", "loss") == [3.0, 2.0]
    assert reader.warnings[0].byte == len(GOOD)


def test_steps_and_times_at_the_ends_of_their_range_are_served(tmp_path: Path) -> None:
    times = [0.0, -1e300, 1e300, float("nan"), float("inf"), float("-inf"), 1e-300, 1.7e9, -1.7e9]
    numbers = [1e308, -1e308, 5e-324, float("nan"), float("inf"), float("-inf"), 0.0, -0.0, 1.0]
    for shift in range(3):
        records = [
            framed(
                Event(
                    step=step,
                    wall_time=times[(place + shift) % 9],
                    summary=Summary(
                        value=[Summary.Value(tag=tag, tensor=_double(numbers[(place * (1 + shift) + side) % 9]))]
                    ),
                ).SerializeToString()
            )
            for place, step in enumerate(EXTREMES)
            for side, tag in enumerate(("train_loss", "val_loss"))
        ]
        write(tmp_path / f"run-{shift}" / FILE, version(), *records)
    assert_everything_is_served(tmp_path)


def _double(value: float) -> TensorProto:
    return TensorProto(dtype=2, double_val=[value])


def assert_everything_is_served(logdir: Path) -> Any:
    app = tensorboard_app(logdir)
    answer = read_out(app)
    client = Client(app)
    ids = [one["id"] for one in answer["trainings"]]
    assert ids
    for criterion in ("keras", "lightning", "huggingface", "gl", "pq", "up"):
        assert client.get(f"{BASE}/trainings?criterion={criterion}&patience=1").status_code == 200
        assert client.get(f"{BASE}/judgements?criterion={criterion}").status_code == 200
    for gap in ("absolute", "relative", "ratio"):
        for more in ({}, {"points": 3}, {"smooth": 0.6}, {"from": -1e300, "to": 0}, {"from": 5, "to": -5}):
            assert client.post(f"{BASE}/series", json={"ids": ids, "gap": gap, **more}).status_code == 200, more
        for axis in ("step", "relative", "wall", "fraction"):
            body = {"groups": {"all": ids}, "gap": gap, "x": axis}
            assert client.post(f"{BASE}/groups", json=body).status_code == 200, axis
    assert client.post(f"{BASE}/patience", json={"ids": ids}).status_code == 200
    assert client.get(f"{BASE}/tags?id={ids[0]}").status_code == 200
    return answer


def test_a_folder_deeper_than_paths_may_be_long_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path / "good" / FILE, GOOD)
    home = os.getcwd()  # noqa: PTH109  what chdir goes back to
    os.chdir(tmp_path)
    try:
        for _ in range(30):
            os.mkdir("d" * 200)  # noqa: PTH102  the path would be too long
            os.chdir("d" * 200)
    finally:
        os.chdir(home)
    reader = read(tmp_path)
    assert reader.runs == ("good",)
    (warning,) = reader.warnings
    assert "folder cannot be read" in warning.what


def test_links_in_circles_end(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b" / FILE, GOOD)
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "top").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "gone" / "x").parent.mkdir()
    (tmp_path / "gone" / FILE).symlink_to(tmp_path / "nowhere")
    for place in range(6):
        for other in range(6):
            (tmp_path / f"n{place}").mkdir(exist_ok=True)
            (tmp_path / f"n{place}" / f"to{other}").symlink_to(tmp_path / f"n{other}", target_is_directory=True)
    began = time.monotonic()
    reader = read(tmp_path)
    assert "a/b" in reader.runs
    assert time.monotonic() - began < 10


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "good" / FILE, GOOD)
    for name in ("pipe", "socket", "zero", "folder"):
        (tmp_path / name).mkdir()
    os.mkfifo(tmp_path / "pipe" / FILE)
    # A socket's path may not be long.
    monkeypatch.chdir(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(FILE)
    (tmp_path / "zero" / FILE).symlink_to("/dev/zero")
    (tmp_path / "folder" / FILE).mkdir()
    reader = read(tmp_path)
    assert reader.runs == ("good",)
    assert not reader.warnings


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_takes_the_place_of_a_file_before_it_is_opened_keeps_nobody_waiting(
    make: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / FILE, GOOD)
    opened = local.LocalStorage.open

    def replace(self: local.LocalStorage, path: str) -> local.LocalFile:
        file.unlink()
        make(file)
        return opened(self, path)

    monkeypatch.setattr(local.LocalStorage, "open", replace)
    reader = LogReader({"": str(tmp_path)})
    reading = threading.Thread(target=reader.refresh, daemon=True)
    reading.start()
    reading.join(20)
    assert not reading.is_alive()
    assert not reader.series()


def test_an_unreadable_folder_is_named_and_the_rest_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "good" / FILE, GOOD)
    write(tmp_path / "closed" / FILE, GOOD)
    scan = os.scandir

    def refuse(path: str) -> Any:
        # Permissions do not hold for root, who may run the tests.
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    reader = read(tmp_path)
    assert reader.runs == ("good",)
    assert [(one.file, one.what) for one in reader.warnings] == [("closed", "folder cannot be read: Permission denied")]


def test_a_file_that_grows_while_it_is_read_is_never_damaged(tmp_path: Path) -> None:
    file = write(tmp_path / FILE, version())
    reader = LogReader({"": str(tmp_path)})
    records = scalars("loss", np.arange(3_000).tolist())

    def log() -> None:
        for at in range(0, len(records), 997):
            append(file, records[at : at + 997])

    logging = threading.Thread(target=log)
    logging.start()
    while logging.is_alive():
        reader.refresh()
        assert not reader.warnings
    logging.join()
    reader.refresh()
    assert values(reader, ".", "loss") == list(range(3_000))


def test_very_many_runs_of_one_point_are_listed(tmp_path: Path) -> None:
    one = version() + scalar("loss", 0, 1.0) + scalar("val_loss", 0, 1.0)
    for number in range(RUNS):
        write(tmp_path / f"{number}" / FILE, one)
    began = time.monotonic()
    answer = read_out(tensorboard_app(tmp_path))
    assert len(answer["trainings"]) == RUNS
    assert time.monotonic() - began < 30
