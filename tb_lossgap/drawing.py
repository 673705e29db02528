"""Curves, their gap and their markers on a figure of matplotlib, as the tab draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import Final
from typing import NamedTuple

import numpy as np

from tb_lossgap.analysis import gap_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tb_lossgap.analysis.align import GapKind
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import Judgement
    from tb_lossgap.model import Stop
    from tb_lossgap.snapshot import Curves

# TensorBoard's own colours of runs (2.14 to 2.21), and what tells apart those who share one.
_COLOURS: Final = ("#425066", "#12b5cb", "#e52592", "#f9ab00", "#9334e6", "#7cb342", "#e8710a")
_SHAPES: Final = ("o", "s", "^", "D", "v", "P", "X")
# Lines from top to bottom and their labels are for so few trainings that they can be told apart.
_FEW: Final = 3
_SIZE: Final = (10.0, 6.5)
_GAPS: Final = {
    "absolute": "gap (validation − training)",
    "relative": "gap / |training|",
    "ratio": "validation / training",
}


class Drawn(NamedTuple):
    """One curve to draw: a training's name, its curves of one quantity, what was said of them, by which rule."""

    name: str
    curves: Curves
    judgement: Judgement
    rule: str


def make_figure(drawn: Sequence[Drawn], *, gap: GapKind = "absolute", log: bool = False) -> Any:
    """Draws training (solid) and validation (dashed) of each above their gap, on one axis of steps.

    Best points are dots, onsets triangles; where there are few trainings, onset and stop are lines with labels. The
    axes fit the trainings that did not diverge.

    Args:
        drawn: What to draw, first in the legend first.
        gap: The kind of gap.
        log: Whether the losses' axis is logarithmic.

    Returns:
        A `matplotlib.figure.Figure` that belongs to no window.

    Raises:
        ImportError: matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE, layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    keys = [_draw_one(above, below, place, one, gap) for place, one in enumerate(drawn)]
    if len(drawn) <= _FEW:
        for place, one in enumerate(drawn):
            _label(above, place, one)
    _dress(above, below, drawn, gap, log=log)
    if keys:
        names = [_plain(one.name) for one in drawn]
        figure.legend(keys, names, loc="outside right upper", fontsize="small", frameon=False)
    return figure


def _draw_one(above: Any, below: Any, place: int, one: Drawn, gap: GapKind) -> Any:
    colour, shape = _COLOURS[place % len(_COLOURS)], _SHAPES[place // len(_COLOURS) % len(_SHAPES)]
    train, val, alignment = one.curves.attempt.train, one.curves.attempt.val, one.curves.measured.alignment
    above.plot(train.steps, _drawable(train.values), color=colour, linewidth=1.2)
    above.plot(val.steps, _drawable(val.values), color=colour, linewidth=1.2, linestyle=(0, (4, 2)))
    below.plot(val.steps, _drawable(gap_of(alignment, gap)), color=colour, linewidth=1.2)
    best, onset = one.judgement.best, one.judgement.onset
    if best is not None:
        above.plot([best.step], [best.value], color=colour, marker=shape, markersize=7, linestyle="none")
    if onset is not None:
        value = val.values[int(np.searchsorted(val.steps, onset))]
        hollow = {"markerfacecolor": "none", "markersize": 9, "linestyle": "none"}
        above.plot([onset], [value], color=colour, marker="^", **hollow)
    (key,) = above.plot([], [], color=colour, linewidth=1.2, marker=shape)
    return key


def _label(axes: Any, place: int, one: Drawn) -> None:
    colour, judged = _COLOURS[place % len(_COLOURS)], one.judgement
    if judged.best is not None:
        text = f"best {judged.best.value:.4g} @{judged.best.step}"
        at = (judged.best.step, judged.best.value)
        axes.annotate(text, at, xytext=(6, -12), textcoords="offset points", fontsize="small", color=colour)
    # At different heights, since a stop often lies at an onset.
    for step, text, height in (
        (judged.onset, f"onset @{judged.onset}", 0.97),
        (judged.stop and judged.stop.step, _stop_label(judged.stop, one.rule), 0.9),
    ):
        if step is not None:
            axes.axvline(step, color=colour, linewidth=0.8, linestyle=":")
            beside = {"xycoords": ("data", "axes fraction"), "xytext": (3, 0), "textcoords": "offset points"}
            axes.annotate(text, (step, height - 0.14 * place), fontsize="small", color=colour, **beside)


def _stop_label(stop: Stop | None, rule: str) -> str:
    """A stop never stands without the rule that made it."""
    return f"stop @{stop.step} ({rule})" if stop else ""


def _dress(above: Any, below: Any, drawn: Sequence[Drawn], gap: GapKind, *, log: bool) -> None:
    metrics = dict.fromkeys(one.curves.pair.metric for one in drawn)
    above.set_ylabel(_plain(", ".join(metrics)))
    above.set_title("training solid, validation dashed", fontsize="small", loc="left")
    below.set_ylabel(_GAPS[gap])
    below.set_xlabel("step")
    below.axhline(1.0 if gap == "ratio" else 0.0, color="black", linewidth=0.8)
    for axes in (above, below):
        axes.grid(visible=True, alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    if log:
        above.set_yscale("log", nonpositive="mask")
    sound = [one for one in drawn if one.judgement.verdict != "diverged"]
    if 0 < len(sound) < len(drawn):
        _fit(
            above, [each for one in sound for each in (one.curves.attempt.train.values, one.curves.attempt.val.values)]
        )
        _fit(below, [gap_of(one.curves.measured.alignment, gap) for one in sound])


def _fit(axes: Any, columns: Sequence[FloatArray]) -> None:
    values = np.concatenate(columns)
    if axes.get_yscale() == "log":
        values = values[values > 0]
    values = values[np.isfinite(values)]
    if len(values) and (low := float(values.min())) < (high := float(values.max())):
        margin = 0.0 if axes.get_yscale() == "log" else 0.05 * (high - low)
        axes.set_ylim(low - margin, high + margin)


def _drawable(values: FloatArray) -> FloatArray:
    """Infinities are drawn as gaps, as NaN is."""
    return np.where(np.isfinite(values), values, np.nan)


def _plain(name: str) -> str:
    r"""A name that matplotlib takes for no formula ("$") and does not leave out of a legend ("_" first)."""
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in name).replace("$", r"\$")
    return f" {shown}" if shown.startswith("_") else shown
