"""Trainings and reports as HTML for notebooks: text and pictures only, no script."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING
from typing import Final

import numpy as np

from tb_lossgap.wire.reduce import reduced

if TYPE_CHECKING:
    from collections.abc import Callable

    from tb_lossgap.api.report import Report
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import Row
    from tb_lossgap.model import Series
    from tb_lossgap.snapshot import Curves

_ROWS: Final = 50
_WIDTH: Final = 420
_HEIGHT: Final = 140
_MARGIN: Final = 8
_TRAIN: Final = "#425066"
_VAL: Final = "#e8710a"
_COLOURS: Final = {
    "diverged": "#c5221f",
    "overfit": "#c5221f",
    "underfit": "#a56300",
    "still-improving": "#00796b",
    "good-fit": "#188038",
}
# Text takes the notebook's own colours, so that it can be read in the dark as well.
_LEFT: Final = "text-align:left"
_CARD: Final = "font-family:sans-serif;font-size:13px;line-height:1.5;max-width:46em"


def training_card(row: Row, curves: Curves, rule: str) -> str:
    """Return one attempt of a training: what is said of it, by which rule, and a picture of its curves."""
    said = row.judgement
    attempt = f" (attempt {row.attempt} of {row.attempts})" if row.attempts > 1 else ""
    figures = [
        ("best", _at(said.best.value, said.best.step) if said.best else "–"),
        ("final", _at(said.final.value, said.final.step) if said.final else "–"),
        ("gap at best", _number(said.gap_at_best)),
        ("final gap", _number(said.final_gap)),
        ("onset", _step(said.onset)),
        # A stop never stands without the rule that made it.
        (f"stop ({rule})", _step(said.stop.step if said.stop else None)),
    ]
    cells = "".join(f"<td style='{_LEFT}'>{escape(name)} <b>{escape(value)}</b></td>" for name, value in figures)
    caveats = "".join(f"<li>{escape(caveat)}</li>" for caveat in said.caveats)
    return (
        f"<div style='{_CARD}'><b>{escape(row.training.name + attempt)}</b> · {escape(row.pair.metric)} · {_chip(row)}"
        f"<div>{escape(said.reason)}. {escape(said.advice)}</div>"
        f"{_picture(curves.attempt.train, curves.attempt.val, row)}"
        f"<table><tr>{cells}</tr></table>" + (f"<ul>{caveats}</ul>" if caveats else "") + "</div>"
    )


def report_table(report: Report) -> str:
    """Return the first rows of a report as a table, below how many there are of which verdict."""
    counts: dict[str, int] = {}
    for row in report.rows:
        counts[row.judgement.verdict] = counts.get(row.judgement.verdict, 0) + 1
    parts = [f"{len(report)} rows", *(f"{n} {verdict}" for verdict, n in sorted(counts.items(), key=_most_first))]
    headings = ("#", "training", "verdict", "best", "@step", "final", "gap at best", "final gap", "onset", "why")
    head = "".join(f"<th style='{_LEFT}'>{escape(heading)}</th>" for heading in headings)
    shown = list(zip(report.ranks, report.rows, strict=True))[:_ROWS]
    body = "".join(_line(rank, row) for rank, row in shown)
    rest = f"<div>and {len(report) - _ROWS} more</div>" if len(report) > _ROWS else ""
    return (
        f"<div style='{_CARD};max-width:none'><div><b>{escape(report.logdir)}</b> · {escape(' · '.join(parts))}</div>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}</div>"
    )


def _most_first(count: tuple[str, int]) -> tuple[int, str]:
    return -count[1], count[0]


def _line(rank: int | None, row: Row) -> str:
    said = row.judgement
    attempt = f" ({row.attempt} of {row.attempts})" if row.attempts > 1 else ""
    cells = (
        escape("" if rank is None else str(rank)),
        escape(row.training.name + attempt),
        _chip(row),
        _number(said.best.value if said.best else None),
        _step(said.best.step if said.best else None),
        _number(said.final.value if said.final else None),
        _number(said.gap_at_best),
        _number(said.final_gap),
        _step(said.onset),
        escape(said.reason),
    )
    return "<tr>" + "".join(f"<td style='{_LEFT}'>{cell}</td>" for cell in cells) + "</tr>"


def _chip(row: Row) -> str:
    words = " ".join(filter(None, (row.judgement.verdict, row.judgement.severity)))
    return f"<b style='color:{_COLOURS.get(row.judgement.verdict, 'inherit')}'>{escape(words)}</b>"


def _picture(train: Series, val: Series, row: Row) -> str:
    """Draw training solid and validation dashed, with a dot at the best, as SVG."""
    steps = np.concatenate((train.steps, val.steps)).astype(np.float64)
    values = np.concatenate((train.values, val.values))
    finite = np.isfinite(values)
    if not finite.any():
        return ""
    across = _scale(steps, _MARGIN, _WIDTH - _MARGIN)
    up = _scale(values[finite], _HEIGHT - _MARGIN, _MARGIN)
    dashed = f"stroke='{_VAL}' stroke-dasharray='5 3'"
    lines = _lines(train, across, up, f"stroke='{_TRAIN}'") + _lines(val, across, up, dashed)
    best = row.judgement.best
    dot = f"<circle cx='{across(best.step):.1f}' cy='{up(best.value):.1f}' r='4' fill='{_VAL}'/>" if best else ""
    label = f"Curves of {row.training.name}: training solid, validation dashed"
    look = f"width='{_WIDTH}' height='{_HEIGHT}' fill='none' stroke-width='1.5'"
    return f"<svg role='img' aria-label='{escape(label)}' {look}>{lines}{dot}</svg>"


def _scale(values: FloatArray, start: float, end: float) -> Callable[[float], float]:
    low, high = float(values.min()), float(values.max())
    spread = (high - low) or 1.0
    return lambda value: start + (value - low) / spread * (end - start)


def _lines(series: Series, across: Callable[[float], float], up: Callable[[float], float], look: str) -> str:
    """Draw a series as lines, one for each stretch of finite values."""
    kept = reduced(series.values, _WIDTH)
    steps, values = series.steps[kept].astype(np.float64), series.values[kept]
    breaks = np.flatnonzero(np.diff(np.isfinite(values))) + 1
    drawn = []
    for part in np.split(np.arange(len(values)), breaks):
        if len(part) and np.isfinite(values[part[0]]):
            points = " ".join(f"{across(steps[i]):.1f},{up(values[i]):.1f}" for i in part)
            drawn.append(f"<polyline points='{points}' {look}/>")
    return "".join(drawn)


def _at(value: float, step: int) -> str:
    return f"{_number(value)} @{step}"


def _number(value: float | None) -> str:
    return "–" if value is None or not math.isfinite(value) else f"{value:.4g}"


def _step(step: int | None) -> str:
    return "–" if step is None else str(step)
