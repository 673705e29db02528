"""The order of trainings: best first, within each board of the same quantity."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tb_lossgap.model import Row


def ranks(rows: Mapping[str, Row]) -> dict[str, int]:
    """Ranks by id, in the order in which trainings are listed: the largest board first, best first in each.

    Only the latest attempt of a training that has a best is ranked. A board holds the trainings whose validation
    series has the same tag; ties go to the earlier best step, then to the name.
    """
    boards = defaultdict(list)
    for known, row in rows.items():
        best = row.judgement.best
        if best is not None and row.attempt == row.attempts:
            value = best.value if row.pair.direction == "min" else -best.value
            boards[row.pair.val.tag].append((value, best.step, row.training.name, known))
    ordered = sorted(boards.items(), key=lambda board: (-len(board[1]), board[0]))
    return {place[-1]: rank for _, board in ordered for rank, place in enumerate(sorted(board), start=1)}
