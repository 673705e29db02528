from __future__ import annotations

import importlib
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_lossgap
from tb_lossgap.api import html
from tests.events.records import scalars
from tests.events.records import version
from tests.events.records import write
from tests.fleet.logs import FILE

FIXTURES = Path(__file__).parents[1] / "fixtures"
HOSTILE = "<script>alert(1)<&'\">"


def test_a_training_as_a_data_frame_has_a_row_a_validation_point(demo_runs: Path) -> None:
    training = tb_lossgap.open(demo_runs)["cnn-wide"]
    frame = training.to_pandas()
    assert list(frame.columns) == ["wall_time", "train", "val", "gap"]
    np.testing.assert_array_equal(frame.index, training.val.steps)
    np.testing.assert_array_equal(frame["gap"], training.gap)


def test_a_training_as_an_arrow_table_has_the_same(demo_runs: Path) -> None:
    training = tb_lossgap.open(demo_runs)["cnn-wide"]
    table = training.to_arrow()
    assert table.column_names == ["step", "wall_time", "train", "val", "gap"]
    np.testing.assert_array_equal(table["val"], training.val.values)


def test_a_report_as_a_data_frame_is_best_first(demo_runs: Path) -> None:
    frame = tb_lossgap.open(demo_runs).to_pandas()
    assert len(frame) == 11
    assert frame["rank"].iloc[0] == 1
    assert frame["best"][frame["rank"].notna()].is_monotonic_increasing
    assert "hparams" not in frame.columns


def test_hyperparameters_are_columns_of_a_data_frame_and_json_in_arrow(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "torch/logs", tmp_path / "logs")
    logs = tb_lossgap.open(tmp_path / "logs")
    given = {name for training in logs for name in training.hparams}
    assert given
    assert {f"hparam:{name}" for name in given} <= set(logs.to_pandas().columns)
    assert any(name in text for name in given for text in logs.to_arrow()["hparams"].to_pylist())


def test_pictures_belong_to_no_window(demo_runs: Path) -> None:
    from matplotlib.figure import Figure

    logs = tb_lossgap.open(demo_runs)
    assert isinstance(logs["cnn-wide"].plot(gap="relative", log=True), Figure)
    figure = logs.plot(top=3)
    assert len(figure.legends[0].texts) == 3


@pytest.mark.parametrize(
    ("method", "package", "extra"),
    [("to_pandas", "pandas", "pandas"), ("to_arrow", "pyarrow", "parquet"), ("plot", "matplotlib", "plot")],
)
def test_a_missing_package_is_told_with_its_extra(
    demo_runs: Path, monkeypatch: pytest.MonkeyPatch, method: str, package: str, extra: str
) -> None:
    load = importlib.import_module

    def without(name: str) -> Any:
        if name == package:
            raise ImportError(name)
        return load(name)

    logs = tb_lossgap.open(demo_runs)
    monkeypatch.setattr(importlib, "import_module", without)
    told = re.escape(f"{package} is not installed; pip install 'tb-lossgap[{extra}]'")
    for asked in (logs, logs["cnn-wide"]):
        with pytest.raises(tb_lossgap.MissingPackageError, match=told):
            getattr(asked, method)()


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not any(name.startswith("on") for name, _ in attrs)
        self.seen.add(tag)
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_training_in_a_notebook_shows_its_verdict_its_numbers_and_its_curves(demo_runs: Path) -> None:
    training = tb_lossgap.open(demo_runs)["cnn-wide"]
    shown = Tags(training._repr_html_())
    assert shown.open == []
    assert {"svg", "polyline", "circle"} <= shown.seen
    assert training.reason in shown.text
    assert "stop (p=10)" in shown.text


def test_a_report_in_a_notebook_is_a_table(demo_runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "_ROWS", 4)
    shown = Tags(tb_lossgap.open(demo_runs).report()._repr_html_())
    assert shown.open == []
    assert "11 rows · 3 overfit · 1 diverged" in shown.text
    assert "and 7 more" in shown.text


def test_names_in_a_notebook_are_text_whatever_they_hold(tmp_path: Path) -> None:
    folder = HOSTILE.replace("/", "")
    series = (scalars(f"train {HOSTILE} loss", range(9)), scalars(f"val {HOSTILE} loss", range(9)))
    write(tmp_path / folder / FILE, version(), *series)
    logs = tb_lossgap.open(tmp_path)
    for text in (logs[folder]._repr_html_(), logs.report()._repr_html_()):
        shown = Tags(text)
        assert "script" not in shown.seen
        assert folder in shown.text


def test_a_training_of_nothing_but_nan_is_shown_without_a_picture(tmp_path: Path) -> None:
    write(tmp_path / FILE, version(), scalars("train_loss", [np.nan] * 9), scalars("val_loss", [np.nan] * 9))
    shown = Tags(tb_lossgap.open(tmp_path)["."]._repr_html_())
    assert "svg" not in shown.seen
    assert "diverged" in shown.text


def test_curves_have_gaps_where_values_are_not_finite(tmp_path: Path) -> None:
    values = [3.0, 2.0, np.nan, 1.0, 0.5, np.inf]
    write(tmp_path / FILE, version(), scalars("train_loss", values), scalars("val_loss", values))
    assert tb_lossgap.open(tmp_path)["."]._repr_html_().count("<polyline") == 4
