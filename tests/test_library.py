from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tb_lossgap import library as module
from tb_lossgap.analysis import Parameters
from tb_lossgap.events import LogdirError
from tb_lossgap.events import LogReader
from tb_lossgap.library import Library
from tb_lossgap.library import wanted_tags
from tb_lossgap.model import Progress
from tb_lossgap.model import SeriesKey
from tb_lossgap.snapshot import Choice
from tests.sources import FakeSource
from tests.writing import write_events

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tb_lossgap.snapshot import Snapshot


@pytest.fixture
def source() -> FakeSource:
    source = FakeSource()
    source.add("a/train", "epoch_loss", [1.0, 0.8, 0.6, 0.5, 0.4, 0.35, 0.3])
    source.add("a/validation", "epoch_loss", [1.1, 0.9, 0.7, 0.6, 0.55, 0.5, 0.48])
    return source


def eventually(library: Library, condition: Callable[[Snapshot], bool]) -> Snapshot:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        snapshot = library.snapshot()
        if condition(snapshot):
            return snapshot
        time.sleep(0.01)
    pytest.fail(f"never came about: {library.snapshot()}")


def test_nothing_is_read_before_somebody_asks(source: FakeSource) -> None:
    Library(source, "logs")
    assert source.reads == 0


def test_the_first_answer_does_not_wait_for_a_file(source: FakeSource) -> None:
    source.may_read.clear()
    library = Library(source, "logs")
    assert library.snapshot().state == "loading"
    source.may_read.set()
    library.close()


def test_reading_happens_off_the_thread_that_asks(source: FakeSource) -> None:
    library = Library(source, "logs", reload_interval=0.01)
    eventually(library, lambda snapshot: snapshot.state == "ready")
    library.close()
    assert source.readers == {"lossgap-library"}


def test_new_points_appear_under_a_new_version(source: FakeSource) -> None:
    library = Library(source, "logs", reload_interval=0.01)
    first = eventually(library, lambda snapshot: snapshot.state == "ready")
    source.add("b/train", "epoch_loss", [1.0])
    source.add("b/validation", "epoch_loss", [1.0])
    second = eventually(library, lambda snapshot: len(snapshot.fits) == 2)
    library.close()
    assert first.version != second.version
    assert list(first.fits) == ["a"]


def test_an_unchanged_training_is_not_measured_again(source: FakeSource) -> None:
    library = Library(source, "logs")
    before = library.refresh()
    source.add("b/train", "epoch_loss", [1.0])
    source.add("b/validation", "epoch_loss", [1.0])
    after = library.refresh()
    assert after.fits["a"] is before.fits["a"]


def test_a_look_that_finds_nothing_new_keeps_the_version(source: FakeSource) -> None:
    library = Library(source, "logs")
    assert library.refresh() is library.refresh()


def test_an_unreadable_logdir_is_an_error_state_until_it_can_be_read(source: FakeSource) -> None:
    source.error = LogdirError("logs: does not exist")
    library = Library(source, "logs", reload_interval=0.01)
    snapshot = eventually(library, lambda snapshot: snapshot.state == "error")
    assert "does not exist" in snapshot.error
    source.error = None
    eventually(library, lambda snapshot: snapshot.state == "ready" and not snapshot.error)
    library.close()


def test_an_exception_at_the_first_look_is_said_and_tried_again(source: FakeSource) -> None:
    source.error = ZeroDivisionError("oh")
    library = Library(source, "logs", reload_interval=0.01)
    snapshot = eventually(library, lambda snapshot: snapshot.state == "error")
    assert "ZeroDivisionError" in snapshot.error
    source.error = None
    eventually(library, lambda snapshot: snapshot.state == "ready" and not snapshot.error)
    library.close()


def test_an_exception_later_on_is_a_warning_and_what_was_known_stays(source: FakeSource) -> None:
    library = Library(source, "logs", reload_interval=0.01)
    eventually(library, lambda snapshot: snapshot.state == "ready")
    source.error = ZeroDivisionError("oh")
    snapshot = eventually(library, lambda snapshot: bool(snapshot.warnings))
    assert "ZeroDivisionError" in snapshot.warnings[0].what
    assert list(snapshot.fits) == ["a"]
    source.error = None
    eventually(library, lambda snapshot: snapshot.state == "ready" and not snapshot.warnings)
    library.close()


def test_a_reload_interval_of_zero_looks_once(source: FakeSource) -> None:
    library = Library(source, "logs", reload_interval=0)
    eventually(library, lambda snapshot: snapshot.state == "ready")
    for _ in range(10):
        library.snapshot()
        time.sleep(0.01)
    assert source.reads == 1


def test_a_rule_file_pairs_what_grammar_cannot(source: FakeSource, tmp_path: Path) -> None:
    source.add("c", "fitting_cost", [1.0, 0.5])
    source.add("c", "heldout_cost", [1.0, 0.5])
    rules = tmp_path / "lossgap.toml"
    library = Library(source, "logs", rules_file=str(rules))
    assert "c" not in library.refresh().fits
    rules.write_text("[[pair]]\ntrain = '^(?P<run>.*)/fitting_cost$'\nval = '^(?P<run>.*)/heldout_cost$'\n")
    assert "c" in library.refresh().fits


def test_a_rule_file_that_appears_pairs_tags_that_were_of_no_use_before(tmp_path: Path) -> None:
    points = [(step, 1000.0 + step, 1 / (1 + step)) for step in range(8)]
    write_events(tmp_path / "c", {"alpha": points, "beta": points, "loss": points})
    rules = tmp_path / "lossgap.toml"
    reader = LogReader({"": str(tmp_path)}, wanted=wanted_tags((), str(rules)))
    library = Library(reader, "logs", rules_file=str(rules))
    assert "c" not in library.refresh().fits
    assert SeriesKey("c", "beta") not in reader.series()
    rules.write_text("[[pair]]\ntrain = '^(?P<run>.*)/alpha$'\nval = '^(?P<run>.*)/beta$'\n")
    assert "c" in library.refresh().fits


def test_reading_pauses_when_nobody_asks_and_goes_on_when_somebody_does(
    source: FakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_IDLE_SECONDS", 0.3)
    library = Library(source, "logs", reload_interval=0.01)
    eventually(library, lambda snapshot: snapshot.state == "ready")
    time.sleep(1)
    reads = source.reads
    time.sleep(0.3)
    assert source.reads == reads
    source.add("b/train", "epoch_loss", [1.0])
    source.add("b/validation", "epoch_loss", [1.0])
    eventually(library, lambda snapshot: len(snapshot.fits) == 2)
    library.close()


def test_two_looks_never_overlap(source: FakeSource) -> None:
    source.may_read.clear()
    library = Library(source, "logs", reload_interval=0.01)
    library.snapshot()
    other = threading.Thread(target=library.refresh)
    other.start()
    other.join(0.1)
    assert source.at_once == 1
    source.may_read.set()
    other.join()
    assert source.most_at_once == 1
    library.close()


def test_a_broken_rule_file_is_a_warning_that_names_it(source: FakeSource, tmp_path: Path) -> None:
    (tmp_path / "lossgap.toml").write_text("[[pair\n")
    snapshot = Library(source, "logs", rules_file=str(tmp_path / "lossgap.toml")).refresh()
    assert "lossgap.toml" in snapshot.warnings[0].file
    assert list(snapshot.fits) == ["a"]


def test_rows_are_judged_by_the_parameters_asked_for(source: FakeSource) -> None:
    snapshot = Library(source, "logs").refresh()
    (row,) = snapshot.rows(Parameters(patience=1)).values()
    assert row.training.name == "a"
    assert row.judgement.stop is None
    assert snapshot.rows(Parameters(patience=1)) is snapshot.rows(Parameters(patience=1))


def test_an_accuracy_that_still_rises_is_said_beside_a_loss_that_overfits(source: FakeSource) -> None:
    steps = range(60)
    source.add("b/train", "epoch_loss", [10 / (10 + step) for step in steps])
    source.add("b/validation", "epoch_loss", [0.5 + ((step - 12) / 30) ** 2 for step in steps])
    source.add("b/train", "epoch_accuracy", [step / (step + 10) for step in steps])
    source.add("b/validation", "epoch_accuracy", [0.9 * step / (step + 10) for step in steps])
    rows = Library(source, "logs").refresh().rows(Parameters()).values()
    (row,) = (row for row in rows if row.training.name == "b")
    assert row.judgement.verdict == "overfit"
    assert any("accuracy" in caveat for caveat in row.judgement.caveats)


def test_only_so_many_settings_are_remembered(source: FakeSource) -> None:
    snapshot = Library(source, "logs").refresh()
    for patience in range(1, 100):
        snapshot.rows(Parameters(patience=patience))
    assert len(snapshot._rows) <= 16


def test_a_pair_chosen_by_hand_is_looked_at_as_of_now(source: FakeSource) -> None:
    snapshot = Library(source, "logs").refresh()
    choice = Choice("a", SeriesKey("a/validation", "epoch_loss"), SeriesKey("a/train", "epoch_loss"))
    chosen = snapshot.with_choices((choice,))
    assert snapshot.with_choices((choice,)) is chosen
    later = replace(snapshot, version="later", progress=Progress(files=3))
    again = later.with_choices((choice,))
    assert (again.version, again.progress.files, again.fits["a"]) == ("later", 3, chosen.fits["a"])
    assert again.rows(Parameters()) is chosen.rows(Parameters())
