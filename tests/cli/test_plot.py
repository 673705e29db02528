from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.console import DEMO_RUNS
from tests.cli.console import command
from tests.cli.console import told
from tests.cli.logs import write_traps

if TYPE_CHECKING:
    from pathlib import Path


def test_a_picture_shows_curves_gap_and_markers(tmp_path: Path) -> None:
    path = tmp_path / "wide.svg"
    finished = command(
        *("plot", DEMO_RUNS, path, "--filter", "wide", "--gap", "relative", "--log", "--metric", "loss"),
        *("--patience", "5"),
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    drawn = path.read_text()
    for text in ("cnn-wide", "best 0.38 @8", "onset @10", "stop @13 (p=5)", "gap / |training|"):
        assert text in drawn


@pytest.mark.parametrize(("ending", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_the_ending_says_what_kind_of_picture_it_is(ending: str, start: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"all.{ending}"
    finished = command("plot", DEMO_RUNS, path, "--top", "3")
    assert finished.returncode == 0
    assert "drew 3 of 11 trainings" in finished.stderr
    assert path.read_bytes().startswith(start)


def test_a_name_is_no_formula_in_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "traps.svg"
    finished = command("plot", write_traps(tmp_path / "logs"), path)
    assert finished.returncode == 0
    assert "a&amp;b_c %$#{x}" in path.read_text()


@pytest.mark.parametrize(
    ("arguments", "said"), [(["x.bmp"], ".png, .svg, .pdf"), (["x.png", "--filter", "nobody"], "nothing to draw")]
)
def test_what_cannot_be_drawn_is_refused(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = told(capsys, "plot", DEMO_RUNS, tmp_path / arguments[0], *arguments[1:])
    assert status == 2
    assert said in err
    assert list(tmp_path.iterdir()) == []
