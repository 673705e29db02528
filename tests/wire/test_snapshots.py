"""The wire as bytes in files, which the front end's tests read too: one contract, checked from both sides."""

from __future__ import annotations

import json
import math
import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tb_lossgap.analysis import Parameters
from tb_lossgap.analysis import patience_table
from tb_lossgap.library import Library
from tb_lossgap.model import ReadWarning
from tb_lossgap.model import SeriesKey
from tb_lossgap.snapshot import Choice
from tb_lossgap.wire import answers
from tb_lossgap.wire import columns
from tb_lossgap.wire import documents
from tb_lossgap.wire.bands import groups_bytes
from tb_lossgap.wire.columns import Window
from tb_lossgap.wire.columns import series_bytes
from tests.sources import FakeSource

if TYPE_CHECKING:
    from tb_lossgap.snapshot import Snapshot

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = "LOSSGAP_UPDATE_SNAPSHOTS"


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    """Three trainings: one overfits, one improves by two metrics, one ends in NaN; and one that has no validation."""
    source = FakeSource()
    steps = range(40)
    source.add("overfits/train", "epoch_loss", [10 / (10 + step) for step in steps])
    source.add("overfits/validation", "epoch_loss", [0.4 + ((step - 12) / 30) ** 2 for step in steps])
    source.add("improves", "train/loss", [30 / (30 + step) for step in steps])
    source.add("improves", "val/loss", [30 / (30 + step) + 0.1 for step in steps])
    source.add("improves", "train/accuracy", [step / (30 + step) for step in steps])
    source.add("improves", "val/accuracy", [0.9 * step / (30 + step) for step in steps])
    source.add("explodes", "loss", [1.0, 2.0, 8.0, math.inf, math.nan, math.nan])
    source.add("explodes", "val_loss", [1.1, 2.2, 9.0, math.inf, math.nan, math.nan])
    source.add("alone", "train_loss", [1.0, 0.5])
    source.warnings = (ReadWarning("broken/events.out.tfevents.1", 81920, "record checksum does not match"),)
    return Library(source, "logs").refresh()


def expect_same(name: str, content: bytes) -> None:
    path = SNAPSHOTS / name
    if os.environ.get(UPDATE):
        path.write_bytes(content)
    assert content == path.read_bytes(), f"{path} differs; if that is meant, run again with {UPDATE}=1"


def expect_close(name: str, content: bytes) -> None:
    """Compares columns that are sums of products: their last bits differ between NumPys and processors."""
    if os.environ.get(UPDATE):
        expect_same(name, content)
    expected = (SNAPSHOTS / name).read_bytes()
    columns = -(-(4 + int.from_bytes(expected[:4], "little")) // 8) * 8
    assert content[:columns] == expected[:columns]
    assert np.allclose(np.frombuffer(content[columns:]), np.frombuffer(expected[columns:]), rtol=1e-12, equal_nan=True)


def trainings(snapshot: Snapshot, metric: str = "") -> bytes:
    document = documents.trainings(snapshot, Parameters(), metric=metric)
    document["version"] = "snapshot-1"
    return documents.dumps(document, indent=1).encode() + b"\n"


@pytest.mark.parametrize(("name", "metric"), [("trainings.json", ""), ("trainings-accuracy.json", "accuracy")])
def test_the_trainings_document_is_as_it_was(snapshot: Snapshot, name: str, metric: str) -> None:
    expect_same(name, trainings(snapshot, metric))


def test_the_series_columns_are_as_they_were(snapshot: Snapshot) -> None:
    curves = {known: found for known, entry in snapshot.entries.items() if (found := entry.curves(""))}
    expect_same("series.bin", series_bytes("snapshot-1", curves, ["0000000000"], Window()))


def test_the_smoothed_columns_are_as_they_were(snapshot: Snapshot) -> None:
    curves = {known: found for known, entry in snapshot.entries.items() if (found := entry.curves(""))}
    expect_close("series-smooth.bin", series_bytes("snapshot-1", curves, [], Window(smooth=0.6)))


def test_the_bands_of_groups_are_as_they_were(snapshot: Snapshot) -> None:
    found = [found for entry in snapshot.entries.values() if (found := entry.curves(""))]
    groups = {"all": found, "none": []}
    expect_close("groups.bin", groups_bytes("snapshot-1", groups, ["0000000000"], Window(), "step"))


def test_the_smaller_documents_are_as_they_were(snapshot: Snapshot) -> None:
    entries = [*snapshot.entries.values()]
    measured = [found.measured for entry in entries if (found := entry.curves(""))]
    said = {
        "judgements": answers.judgements(snapshot, Parameters(criterion="gl", tolerance=500), Parameters()),
        "patience": answers.patience(snapshot, patience_table(measured), len(measured), ["0000000000"]),
        "tags": answers.tags(snapshot, entries[0]),
    }
    for answer in said.values():
        answer["version"] = "snapshot-1"
    expect_same("small.json", documents.dumps(said, indent=1).encode() + b"\n")


def test_a_choice_by_hand_is_told_with_the_rule_that_makes_it_permanent(snapshot: Snapshot) -> None:
    choices = (
        Choice("improves", SeriesKey("improves", "train/loss"), SeriesKey("improves", "val/accuracy")),
        Choice("gone", SeriesKey("gone", "loss"), SeriesKey("gone", "val_loss")),
    )
    expect_same("trainings-hand.json", trainings(snapshot.with_choices(choices)))


def test_columns_read_back_as_what_was_logged(snapshot: Snapshot) -> None:
    (known,) = (one.id for one in snapshot.entries.values() if one.fit.training.name == "overfits")
    curves = snapshot.entries[known].curves("")
    assert curves
    content = series_bytes("v", {known: curves}, [], Window(gap="relative"))
    (length,) = struct.unpack_from("<I", content)
    header = json.loads(content[4 : 4 + length])
    base = -(-(4 + length) // 8) * 8
    (one,) = header["series"]

    def column(curve: str, name: str) -> np.ndarray:
        found = one[curve]
        return np.frombuffer(content, "<f8", found["points"], base + found[name])

    assert column("val", "step").tolist() == list(range(40))
    assert column("val", "value").tolist() == curves.attempt.val.values.tolist()
    assert column("train", "wall_time").tolist() == curves.attempt.train.wall_times.tolist()
    expected = (column("val", "value") - column("gap", "train")) / column("gap", "train")
    assert np.allclose(column("gap", "value"), expected)


def test_steps_that_curves_share_are_sent_once(snapshot: Snapshot) -> None:
    (entry,) = (one for one in snapshot.entries.values() if one.fit.training.name == "overfits")
    curves = entry.curves("")
    assert curves
    content = series_bytes("v", {entry.id: curves}, [], Window())
    (length,) = struct.unpack_from("<I", content)
    (one,) = json.loads(content[4 : 4 + length])["series"]
    assert one["gap"]["step"] == one["val"]["step"]
    assert one["gap"]["wall_time"] == one["val"]["wall_time"]


def test_a_curve_is_reduced_once_for_many_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    source = FakeSource()
    source.add("a", "loss", [1 / (1 + step) for step in range(500)])
    source.add("a", "val_loss", [1 / (1 + step) for step in range(500)])
    (entry,) = Library(source, "logs").refresh().entries.values()
    curves = entry.curves("")
    assert curves
    first = series_bytes("v", {entry.id: curves}, [], Window(points=100))
    monkeypatch.setattr(columns, "reduced", None)
    assert series_bytes("v", {entry.id: curves}, [], Window(points=100)) == first


def test_a_window_sends_its_steps_and_one_neighbour_on_each_side(snapshot: Snapshot) -> None:
    (known,) = (one.id for one in snapshot.entries.values() if one.fit.training.name == "overfits")
    curves = snapshot.entries[known].curves("")
    assert curves
    steps = curves.attempt.val.steps
    chosen = Window(first=9.5, last=12.0).choose(steps, curves.attempt.val.values)
    assert steps[chosen.where].tolist() == [9, 10, 11, 12, 13]
    assert chosen.total == 5


def test_a_window_beyond_all_steps_is_not_an_error() -> None:
    steps = np.arange(10)
    assert Window(first=100.0, last=50.0).choose(steps, steps.astype(np.float64)).points <= 2


def test_every_document_is_strict_json(snapshot: Snapshot) -> None:
    def refuse(literal: str) -> None:
        raise AssertionError(literal)

    for document in (
        documents.trainings(snapshot, Parameters()),
        documents.pairs(snapshot),
        documents.report(snapshot, snapshot.rows(Parameters()).values()),
        documents.progress(snapshot),
    ):
        json.loads(documents.dumps(document), parse_constant=refuse)


def test_what_commands_print_is_the_document_a_line_an_item(snapshot: Snapshot) -> None:
    document = documents.report(snapshot, snapshot.rows(Parameters()).values())
    printed = documents.printed(document)
    assert json.loads(printed) == document
    assert printed.count("\n") == len(document["trainings"]) + len(document["warnings"]) + 7
    assert json.loads(documents.printed({"items": []})) == {"items": []}
