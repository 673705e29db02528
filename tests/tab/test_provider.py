from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer

from tb_lossgap.analysis import Parameters
from tb_lossgap.events import LogdirError
from tb_lossgap.events import LogReader
from tb_lossgap.library import Library
from tb_lossgap.tab.provider import FallbackSource
from tb_lossgap.tab.provider import ProviderSource
from tests.writing import write_events

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    points = [(step, 1_700_000_000.0 + step, 1 / (1 + step)) for step in range(3000)]
    write_events(tmp_path / "long", {"loss": points, "val_loss": points, "text": points})
    return tmp_path


def provider(logdir: Path) -> MultiplexerDataProvider:
    multiplexer = EventMultiplexer(tensor_size_guidance={"scalars": 1000})
    multiplexer.AddRunsFromDirectory(str(logdir))
    multiplexer.Reload()
    return MultiplexerDataProvider(multiplexer, str(logdir))


def test_a_sample_is_judged_and_marked_as_one(logdir: Path) -> None:
    snapshot = Library(ProviderSource(provider(logdir)), "remote").refresh()
    (row,) = snapshot.rows(Parameters()).values()
    assert row.exact is False
    assert snapshot.exact is False
    assert row.val_points <= 1000


def test_one_call_reads_every_series(logdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_events(logdir / "other", {"loss": [(0, 1_700_000_000.0, 1.0)]})
    sampled = provider(logdir)
    read = Mock(wraps=sampled.read_scalars)
    monkeypatch.setattr(sampled, "read_scalars", read)
    source = ProviderSource(sampled)
    assert source.refresh() is True
    read.assert_called_once()
    assert {key.run for key in source.series()} == {"long", "other"}


def test_all_tags_are_read_where_all_are_wanted(logdir: Path) -> None:
    for wanted, tags in ((None, {"loss", "val_loss", "text"}), (lambda tag: tag == "text", {"text"})):
        source = ProviderSource(provider(logdir), wanted=wanted)
        source.refresh()
        assert {key.tag for key in source.series()} == tags


def test_a_second_look_at_the_same_sample_changes_nothing(logdir: Path) -> None:
    source = ProviderSource(provider(logdir))
    source.refresh()
    before = dict(source.series())
    assert source.refresh() is False
    assert all(source.series()[key] is series for key, series in before.items())


def test_an_empty_provider_has_no_series(tmp_path: Path) -> None:
    source = ProviderSource(provider(tmp_path))
    assert source.refresh() is False
    assert source.series() == {}


def test_files_are_read_where_they_can_be_opened(logdir: Path) -> None:
    source = FallbackSource(LogReader({"": str(logdir)}), ProviderSource(provider(logdir)))
    snapshot = Library(source, str(logdir)).refresh()
    (row,) = snapshot.rows(Parameters()).values()
    assert (row.exact, row.val_points) == (True, 3000)


def test_the_provider_serves_where_no_file_can_be_opened_and_says_why(logdir: Path) -> None:
    source = FallbackSource(LogReader({"": "/does/not/exist"}), ProviderSource(provider(logdir)))
    snapshot = Library(source, "/does/not/exist").refresh()
    assert snapshot.exact is False
    assert "sample" in snapshot.warnings[0].what
    assert "/does/not/exist" in snapshot.warnings[0].what


def test_without_files_and_without_scalars_the_reason_is_the_error(tmp_path: Path) -> None:
    source = FallbackSource(LogReader({"": "/does/not/exist"}), ProviderSource(provider(tmp_path)))
    with pytest.raises(LogdirError, match="/does/not/exist"):
        source.refresh()
