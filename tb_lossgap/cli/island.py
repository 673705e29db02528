"""What the page of a report is answered in place of a server's answers: its data island."""

from __future__ import annotations

import argparse
import base64
import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import numpy as np

from tb_lossgap.analysis import PATIENCES
from tb_lossgap.analysis import patience_table
from tb_lossgap.analysis.groups import group_names
from tb_lossgap.cli.lines import judged_lines
from tb_lossgap.wire import documents
from tb_lossgap.wire.columns import Chosen
from tb_lossgap.wire.columns import Window
from tb_lossgap.wire.columns import series_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from tb_lossgap.analysis import Parameters
    from tb_lossgap.analysis import PatienceRow
    from tb_lossgap.cli.lines import Line
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray
    from tb_lossgap.model import Row
    from tb_lossgap.snapshot import Curves
    from tb_lossgap.snapshot import Snapshot

# So many pairs at most have so many points a curve: a chart is no wider, and the file is to be sent. Of more pairs the
# file holds one of each training.
_POINTS = ((60, 1000), (250, 500), (2000, 200))
_FEWEST_POINTS = 64
_MOST_PAIRS = _POINTS[-1][0]


class View(NamedTuple):
    """What is seen of one metric.

    Attributes:
        metric: Its name, "" for each training's primary pair.
        lines: The trainings that have it, in their order.
    """

    metric: str
    lines: Sequence[Line]


class Island(NamedTuple):
    """The island, and what the page cannot offer with it.

    Attributes:
        content: As island.js reads it.
        is_reduced: Whether some curves have fewer points than were logged.
    """

    content: dict[str, Any]
    is_reduced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Even(Window):
    """Points at even distances: means of many curves are not drawn to where each has its extremes."""

    def choose(self, steps: IntArray, values: FloatArray) -> Chosen:  # noqa: ARG002  whatever the values are
        where = np.unique(np.linspace(0, len(steps) - 1, min(len(steps), self.points)).astype(np.int64))
        return Chosen(where, len(where), len(steps))


def views(
    snapshot: Snapshot, lines: Sequence[Line], parameters: Parameters, options: argparse.Namespace
) -> dict[str, View]:
    """What the page shows by the name of the metric that its reader chooses.

    A report on one metric shows that one. One on main losses shows every metric of its trainings, where they are not
    too many to be sent; a metric that is every training's main loss is not another view.
    """
    main = View(options.metric, lines)
    found = {options.metric: main}
    ids = {line.id for line in lines}
    if options.metric or sum(len(line.row.training.pairs) for line in lines) > _MOST_PAIRS:
        return found
    for metric in sorted({pair.metric for line in lines for pair in line.row.training.pairs}):
        every = judged_lines(snapshot, parameters, argparse.Namespace(metric=metric, filter=options.filter))
        chosen = [line for line in every if line.id in ids]
        is_main = len(chosen) == len(lines) and all(line.row.pair.primary for line in chosen)
        found[metric] = main if is_main else View(metric, chosen)
    return found


def make_island(
    snapshot: Snapshot, by_metric: Mapping[str, View], parameters: Parameters, *, group_by: str | None = None
) -> Island:
    """Makes the island.

    Args:
        snapshot: What was read.
        by_metric: What is seen of each metric.
        parameters: What was judged by.
        group_by: The regular expression that groups trainings, None for none.
    """
    different = _different(by_metric)
    shown = sum(len(view.lines) for view in different)
    points = next((points for most, points in _POINTS if shown <= most), _FEWEST_POINTS)
    rows = [line.row for view in different for line in view.lines]
    is_reduced = any(max(row.train_points, row.val_points) > points for row in rows)
    even = points // 2 if is_reduced and group_by is not None else 0
    answers = [_answers(snapshot, view, parameters, points=points, even=even) for view in different]
    _count_metrics(answers, by_metric)
    content = {
        "views": answers,
        "metrics": {metric: different.index(view) for metric, view in by_metric.items()},
        "groups": None if group_by is None else _groups(rows, group_by),
        "means": even > 0 or not is_reduced,
        "runs": _runs(snapshot),
    }
    return Island(content, is_reduced)


def _different(by_metric: Mapping[str, View]) -> list[View]:
    """Each view once."""
    return list({id(view): view for view in by_metric.values()}.values())


def _answers(snapshot: Snapshot, view: View, parameters: Parameters, *, points: int, even: int) -> dict[str, Any]:
    """What the routes would answer about one metric."""
    by_id = {line.id: line for line in view.lines}
    document = documents.trainings(snapshot, parameters, metric=view.metric)
    judged = {one["id"]: one for one in document["trainings"] if one["id"] in by_id}
    document["trainings"] = [{**judged[known], "rank": line.rank} for known, line in by_id.items()]
    curves = {known: line.curves for known, line in by_id.items()}
    return {
        "trainings": document,
        "series": _packed(snapshot, curves, Window(points=points)),
        "patience": {known: _shares(one, parameters) for known, one in curves.items()},
        **({"even": _packed(snapshot, curves, _Even(points=even))} if even else {}),
    }


def _packed(snapshot: Snapshot, curves: Mapping[str, Curves], window: Window) -> str:
    return base64.b64encode(gzip.compress(series_bytes(snapshot.version, curves, (), window), mtime=0)).decode()


def _shares(curves: Curves, parameters: Parameters) -> list[dict[str, Any]]:
    """What each patience would have done to one training; none where it has no finite value."""
    measured, points = curves.measured, len(curves.attempt.val)
    patiences = sorted({*PATIENCES, parameters.patience})
    return [
        {
            "patience": row.patience,
            "stopped": row.stopped > 0,
            "kept": row.kept > 0,
            "regret": _regret(row, measured.best.value if measured.best else 0.0),
            "saved": round(row.saved * points),
            "points": points,
        }
        for row in patience_table([measured], patiences=patiences, min_delta=parameters.min_delta)
    ]


def _regret(row: PatienceRow, best: float) -> float | None:
    """What one training adds to a mean: nothing where it was stopped at a value that is no share of its best."""
    is_share = row.regret > 0 or (row.kept > 0 and best != 0)
    return row.regret if is_share or not row.stopped else None


def _groups(rows: Sequence[Row], pattern: str) -> dict[str, Any]:
    """The command's groups: Python's regular expressions are not quite a browser's."""
    groups = group_names(dict.fromkeys(row.training.name for row in rows), pattern)
    return {"by": pattern, "names": {name: group for group, names in groups.items() for name in names}}


def _count_metrics(answers: Sequence[dict[str, Any]], by_metric: Mapping[str, View]) -> None:
    """Leaves those metrics in the reader's menu that are there, with how many of the report's trainings have each."""
    trainings = {metric: len({line.row.training.name for line in view.lines}) for metric, view in by_metric.items()}
    for answer in answers:
        document = answer["trainings"]
        known = (one for one in document["metrics"] if one["name"] in trainings)
        document["metrics"] = [{**one, "trainings": trainings[one["name"]]} for one in known]


def _runs(snapshot: Snapshot) -> list[str]:
    """Runs in the order from which TensorBoard hands out colours: by their first point, then by name."""
    first: dict[str, float] = {}
    for key, series in snapshot.series.items():
        if len(series):
            first[key.run] = min(first.get(key.run, float("inf")), float(series.wall_times[0]))
    return sorted(first, key=lambda run: (first[run], run))
