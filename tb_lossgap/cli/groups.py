"""Trainings that belong together, such as seeds, one line a group."""

from __future__ import annotations

import math
from collections import Counter
from collections import defaultdict
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from tb_lossgap.analysis import board_of
from tb_lossgap.analysis.groups import group_names
from tb_lossgap.analysis.groups import mean_and_std
from tb_lossgap.cli import words
from tb_lossgap.cli.sheet import Column
from tb_lossgap.cli.sheet import make_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tb_lossgap.cli.lines import Line
    from tb_lossgap.cli.sheet import Sheet

_MEASURED = {
    "best": "best",
    "best_step": "@step",
    "final": "final",
    "gap_at_best": "gap@best",
    "final_gap": "final gap",
}


class Spread(NamedTuple):
    """Mean and sample standard deviation; None where there are too few values."""

    mean: float | None
    std: float | None

    def __str__(self) -> str:
        if self.mean is None:
            return words.MISSING
        return words.value(self.mean) if self.std is None else f"{words.value(self.mean)} ± {self.std:.2g}"


class Group(NamedTuple):
    """Trainings of one group that measure the same quantity.

    Attributes:
        name: What their names share.
        metric: The quantity.
        members: The latest attempts.
        figures: Mean and spread of their figures by name.
    """

    name: str
    metric: str
    members: tuple[Line, ...]
    figures: dict[str, Spread]

    @property
    def verdicts(self) -> dict[str, int]:
        """How often each verdict was given, the most frequent first."""
        return dict(Counter(line.row.judgement.verdict for line in self.members).most_common())


def grouped(lines: Sequence[Line], pattern: str) -> list[Group]:
    """Latest attempts by what a regular expression finds in their names, best mean first within one quantity.

    Names in which it finds nothing are in no group; trainings that measure different quantities are never averaged.
    """
    boards: defaultdict[str, dict[str, Line]] = defaultdict(dict)
    for line in lines:
        if line.latest:
            boards[board_of(line.row)][line.row.training.name] = line
    found = []
    for by_name in boards.values():
        groups = [
            _group(name, [by_name[one] for one in names]) for name, names in group_names(by_name, pattern).items()
        ]
        sign = 1.0 if next(iter(by_name.values())).row.pair.direction == "min" else -1.0
        groups.sort(key=lambda group: math.inf if (mean := group.figures["best"].mean) is None else sign * mean)
        found += groups
    return found


def _group(name: str, members: Sequence[Line]) -> Group:
    known = [line.figures for line in members]
    spreads = {one: _spread([value for figure in known if (value := figure[one]) is not None]) for one in _MEASURED}
    return Group(name, members[0].row.pair.metric, tuple(members), spreads)


def _spread(values: Sequence[float]) -> Spread:
    return Spread(*(number if math.isfinite(number) else None for number in mean_and_std(values)))


def groups_sheet(groups: Sequence[Group], *, people: bool) -> Sheet:
    """One row a group."""
    columns = [
        Column("group", lambda group: group.name, "group"),
        Column("metric", lambda group: group.metric),
        Column("trainings", lambda group: len(group.members), "trainings", words.step, kind="int"),
        Column(
            "verdicts", lambda group: ", ".join(f"{n} {verdict}" for verdict, n in group.verdicts.items()), "verdicts"
        ),
    ]
    for name, heading in _MEASURED.items():
        columns += [_joint(name, heading)] if people else [_single(name, "mean"), _single(name, "std")]
    return make_sheet(columns, groups)


def _joint(name: str, heading: str) -> Column:
    def get(group: Group) -> str:
        return str(group.figures[name])

    return Column(name, get, heading, kind="float")


def _single(name: str, which: str) -> Column:
    def get(group: Group) -> float | None:
        number: float | None = getattr(group.figures[name], which)
        return number

    return Column(f"{name}_{which}", get, kind="float")


def group_document(group: Group) -> dict[str, Any]:
    """One group in `report --format json --group-by`."""
    return {
        "name": group.name,
        "metric": group.metric,
        "trainings": [line.row.training.name for line in group.members],
        "verdicts": group.verdicts,
        **{name: {"mean": spread.mean, "std": spread.std} for name, spread in group.figures.items()},
    }
