from __future__ import annotations

import os
from typing import TYPE_CHECKING

from werkzeug.test import Client

from tests.events.records import FILE
from tests.events.records import scalars
from tests.events.records import version
from tests.events.records import write
from tests.inprocess import BASE
from tests.inprocess import read_out
from tests.inprocess import tensorboard_app

if TYPE_CHECKING:
    from pathlib import Path

LOSSES = version() + scalars("loss", [3.0, 2.0]) + scalars("val_loss", [3.0, 2.5])
# What Linux takes for a path, with the zero behind it.
LONGEST = 4_096


def test_runs_with_the_longest_paths_there_are_are_read_and_served(tmp_path: Path) -> None:
    room = LONGEST - 1 - len(os.fsencode(tmp_path / "x" / FILE))
    parts = ["ü" * 100] * (room // 201)
    write(tmp_path.joinpath(*parts, "y" * (room % 201)) / FILE, LOSSES)
    answer = read_out(tensorboard_app(tmp_path))
    assert [one["name"] for one in answer["trainings"]] == ["/".join([*parts, "y" * (room % 201)])]
    assert not answer["warnings"]


def test_runs_and_files_with_names_that_are_no_text_are_read_and_served(tmp_path: Path) -> None:
    for name in (b"caf\xe9", b"\xff\xfe\x80", b"\xed\xa0\x80", b"half\xc3"):
        write(tmp_path / os.fsdecode(name) / os.fsdecode(b"\xf0" + FILE.encode()), LOSSES)
    write(tmp_path / "damaged" / os.fsdecode(b"\xff" + FILE.encode()), b"no record, and long enough")
    app = tensorboard_app(tmp_path)
    answer = read_out(app)
    # What cannot be told apart is one run, as in TensorBoard.
    told = sorted((one["name"], one["attempts"]) for one in answer["trainings"] if one["latest"])
    assert told == [("caf\ufffd", 1), ("half\ufffd", 1), ("\ufffd\ufffd\ufffd", 2)]
    assert [one["file"] for one in answer["warnings"]] == [f"damaged/\ufffd{FILE}"]
    ids = [one["id"] for one in answer["trainings"]]
    client = Client(app)
    for one in ids:
        assert client.get(f"{BASE}/tags", query_string={"id": one}).get_json()["tags"]
    assert client.post(f"{BASE}/series", json={"ids": ids}).status_code == 200
