"""The lines of a report: trainings chosen, in order, ranked, and compared with a baseline."""

from __future__ import annotations

import math
from dataclasses import dataclass
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any

from tb_lossgap.analysis import ranks
from tb_lossgap.analysis.compare import differences
from tb_lossgap.analysis.compare import figures
from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.judging import all_rows

if TYPE_CHECKING:
    import argparse
    import re
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from tb_lossgap.analysis import Parameters
    from tb_lossgap.model import Row
    from tb_lossgap.snapshot import Curves
    from tb_lossgap.snapshot import Snapshot


@dataclass(frozen=True)
class Line:
    """One attempt of one training in a report.

    Attributes:
        id: The attempt's id.
        rank: Its rank on its board, None for older attempts and where nothing is finite.
        row: Its judgement.
        curves: What was judged.
        difference: Its figures minus the baseline's by name, None where there is no baseline.
    """

    id: str
    rank: int | None
    row: Row
    curves: Curves
    difference: Mapping[str, float | None] | None = None

    @cached_property
    def figures(self) -> Mapping[str, float | None]:
        """Its columns that are numbers, by name."""
        return figures(self.row)

    @property
    def name(self) -> str:
        """The training's name, with the attempt where there are several."""
        attempt = f" ({self.row.attempt} of {self.row.attempts})" if self.row.attempts > 1 else ""
        return self.row.training.name + attempt

    @property
    def verdict(self) -> str:
        """The verdict with its severity."""
        return " ".join(filter(None, (self.row.judgement.verdict, self.row.judgement.severity)))

    @property
    def latest(self) -> bool:
        """Whether no later training took the same name."""
        return self.row.attempt == self.row.attempts


def judged_lines(snapshot: Snapshot, parameters: Parameters, options: argparse.Namespace) -> list[Line]:
    """Every attempt that `--filter` and `--metric` choose: boards by size, best first in each, unranked ones last.

    Raises:
        BadInput: No training has such a metric.
    """
    rows = all_rows(snapshot, parameters, metric=options.metric)
    if options.metric and not rows and snapshot.fits:
        known = sorted({pair.metric for fit in snapshot.fits.values() for pair in fit.training.pairs})
        raise BadInput(f"no training has a pair of {options.metric!r}; there is {_listed(known)}")
    return ranked_lines(rows, options.filter, lambda known: _curves(snapshot, known, rows[known]))


def ranked_lines(
    rows: Mapping[str, Row], chosen: re.Pattern[str] | None, curves_of: Callable[[str], Curves]
) -> list[Line]:
    """The rows whose training's name an expression finds, in the order of a report."""
    if chosen:
        rows = {known: row for known, row in rows.items() if chosen.search(row.training.name)}
    ranked = ranks(rows)
    order = [*ranked, *(known for known in rows if known not in ranked)]
    return [Line(known, ranked.get(known), rows[known], curves_of(known)) for known in order]


def compared(lines: Sequence[Line], baseline: str) -> list[Line]:
    """The lines with their differences from the one that is named (see `named`)."""
    reference = named(lines, baseline).row
    return [replace(line, difference=differences(line.row, reference)) for line in lines]


def named(lines: Sequence[Line], baseline: str) -> Line:
    """The line of a training; a name without an attempt means the latest one.

    Raises:
        BadInput: There is no such training among them.
    """
    names = {
        name: line
        for line in lines
        for name in (line.row.training.name, line.name)
        if line.latest or name != line.row.training.name
    }
    if baseline not in names:
        import difflib

        near = difflib.get_close_matches(baseline, names, n=3, cutoff=0.3) or list(names)[:3]
        raise BadInput(f"--baseline {baseline!r} is none of the trainings; there is {_listed(near)}")
    return names[baseline]


def failing(lines: Iterable[Line], verdicts: Sequence[str]) -> list[Line]:
    """Those whose latest attempt was given one of some verdicts."""
    return [line for line in lines if line.latest and line.row.judgement.verdict in verdicts]


def by_column(lines: Iterable[Line], cells: Iterable[object], *, falling: bool) -> list[Line]:
    """Lines in the order of their cells in one column; those without a value come last whichever way it goes."""
    known: list[tuple[Any, Line]] = []
    unknown: list[Line] = []
    for line, cell in zip(lines, cells, strict=True):
        if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
            unknown.append(line)
        else:
            known.append((cell, line))
    known.sort(key=lambda pair: pair[0], reverse=falling)
    return [*(line for _, line in known), *unknown]


def _curves(snapshot: Snapshot, known: str, row: Row) -> Curves:
    curves = snapshot.entries[known].curves(row.pair.metric)
    if curves is None:
        raise KeyError(row.pair.metric)
    return curves


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names) or "nothing"
