"""Trainings side by side: boards and ranks, differences from a baseline, patience, fit map, hyperparameters."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

import numpy as np

from tb_lossgap.analysis.stops import keras

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from tb_lossgap.analysis.measure import Measured
    from tb_lossgap.model import HParam
    from tb_lossgap.model import Judgement
    from tb_lossgap.model import Row

PATIENCES: Final = (1, 2, 5, 10, 20, 50, 100)


def board_of(row: Row, joined: Collection[str] = ()) -> str:
    """Return the board of a row: the tag of its validation series, or all tags that a reader joined with it.

    What is better when higher never stands on one board with what is better when lower.
    """
    tag = row.pair.val.tag
    if tag not in joined:
        return tag
    return " + ".join(sorted(joined)) + (" (higher is better)" if row.pair.direction == "max" else "")


def boards(rows: Mapping[str, Row], *, joined: Collection[str] = ()) -> dict[str, list[str]]:
    """Sort trainings into boards, each of which measures one quantity.

    Only the latest attempt of a training that has a best is on a board.

    Args:
        rows: Judged attempts by id.
        joined: Tags of validation series that a reader says measure the same quantity.

    Returns:
        Ids by board (`board_of`), best first; ties go to the earlier best step, then to the name. The largest board
        comes first.
    """
    places = defaultdict(list)
    for known, row in rows.items():
        best = row.judgement.best
        if best is not None and row.attempt == row.attempts:
            value = best.value if row.pair.direction == "min" else -best.value
            places[board_of(row, joined)].append((value, best.step, row.training.name, known))
    ordered = sorted(places.items(), key=lambda board: (-len(board[1]), board[0]))
    return {tag: [place[-1] for place in sorted(board)] for tag, board in ordered}


def ranks(rows: Mapping[str, Row], *, joined: Collection[str] = ()) -> dict[str, int]:
    """Rank trainings within their boards.

    Args:
        rows: Judged attempts by id.
        joined: Tags of validation series that a reader says measure the same quantity.

    Returns:
        Ranks from 1 by id, in the order in which trainings are listed: the largest board first, best first in each.
    """
    return {known: rank for board in boards(rows, joined=joined).values() for rank, known in enumerate(board, start=1)}


def figures(row: Row) -> dict[str, float | None]:
    """Return the columns of a row that are numbers, by name; None where there is none. Steps count as floats."""
    j: Judgement = row.judgement
    return {
        "best": j.best.value if j.best else None,
        "best_step": float(j.best.step) if j.best else None,
        "final": j.final.value if j.final and np.isfinite(j.final.value) else None,
        "gap_at_best": j.gap_at_best,
        "final_gap": j.final_gap,
        "gl_final": j.gl_final,
        "onset": None if j.onset is None else float(j.onset),
        "stop": None if j.stop is None else float(j.stop.step),
        "points": float(row.val_points),
        "duration": j.duration,
    }


def differences(row: Row, baseline: Row) -> dict[str, float | None]:
    """Return each figure of a row minus the baseline's, None where either has none."""
    theirs = figures(baseline)
    return {
        name: None if value is None or (other := theirs[name]) is None else value - other
        for name, value in figures(row).items()
    }


class PatienceRow(NamedTuple):
    """What one patience of Keras' EarlyStopping would have done to a set of trainings.

    Attributes:
        patience: Validation points without improvement.
        stopped: How many trainings it would have stopped.
        kept: Share of the trainings whose best it would have kept, 0 to 1.
        regret: Mean loss of quality of the restored weights, as a share of the best value's size.
        saved: Share of all validation points that it would have saved, 0 to 1.
    """

    patience: int
    stopped: int
    kept: float
    regret: float
    saved: float


def patience_table(
    measured: Iterable[Measured], *, patiences: Sequence[int] = PATIENCES, min_delta: float = 0.0
) -> tuple[PatienceRow, ...]:
    """Replay EarlyStopping with several patiences over trainings; those without a finite value are left out."""
    trainings = [(m, m.best.value) for m in measured if m.best is not None]
    return tuple(_patience_row(trainings, patience, min_delta) for patience in patiences) if trainings else ()


def _patience_row(trainings: Sequence[tuple[Measured, float]], patience: int, min_delta: float) -> PatienceRow:
    stopped, kept, points, saved = 0, 0, 0, 0
    regrets = []
    for m, best in trainings:
        values = m.val_series.values
        halt = keras(values, patience=patience, min_delta=min_delta, direction=m.direction)
        points += len(values)
        if halt is None:
            kept += 1
            regrets.append(0.0)
            continue
        stopped += 1
        saved += len(values) - 1 - halt.stopped
        lost = abs(float(values[halt.best]) - best)
        kept += lost == 0
        if np.isfinite(lost) and best:
            regrets.append(lost / abs(best))
    regret = float(np.mean(regrets)) if regrets else 0.0
    return PatienceRow(patience, stopped, kept / len(trainings), regret, saved / points)


class FitPoint(NamedTuple):
    """A training on the fit map: its two losses at the best step; the diagonal is "no gap"."""

    id: str
    train: float
    val: float


def fit_map(rows: Mapping[str, Row]) -> tuple[FitPoint, ...]:
    """Return a point for every row that has a gap at its best."""
    return tuple(
        FitPoint(known, j.best.value - j.gap_at_best, j.best.value)
        for known, row in rows.items()
        if (j := row.judgement).best is not None and j.gap_at_best is not None
    )


def varying_hparams(rows: Mapping[str, Row]) -> dict[str, dict[str, HParam]]:
    """Return the hyperparameters that tell trainings apart: for each name its value by id, where it is known."""
    names = dict.fromkeys(name for row in rows.values() for name in row.hparams)
    columns = {name: {known: row.hparams[name] for known, row in rows.items() if name in row.hparams} for name in names}
    return {
        name: column
        for name, column in columns.items()
        if len({(type(value).__name__, value) for value in column.values()}) > 1 or len(column) < len(rows)
    }
