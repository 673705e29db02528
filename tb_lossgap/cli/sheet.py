"""What a report says of each training or group, as columns that every format shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal
from typing import TypeAlias

from tb_lossgap.cli import words

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence

    from tb_lossgap.cli.lines import Line

Cell: TypeAlias = "str | int | float | bool | None"
Kind: TypeAlias = Literal["text", "int", "float", "bool", "mixed"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a report.

    Attributes:
        name: Its name in data formats.
        get: What it says of a line.
        heading: What stands above it in tables for people; "" where they do not have it.
        write: How such tables write a cell.
        kind: What its cells are; "mixed" for hyperparameters, which may be anything.
    """

    name: str
    get: Callable[[Any], Cell]
    heading: str = ""
    write: Callable[[Any], str] = words.text
    kind: Kind = "text"

    @property
    def number(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind in {"int", "float"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns, and a row of cells for each training or group."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def written(self) -> tuple[list[Column], list[list[str]]]:
        """The columns for people, and their cells as text."""
        shown = [(place, column) for place, column in enumerate(self.columns) if column.heading]
        return [column for _, column in shown], [[column.write(row[at]) for at, column in shown] for row in self.rows]


def make_sheet(columns: Sequence[Column], lines: Iterable[Any]) -> Sheet:
    """The cells of every line."""
    return Sheet(tuple(columns), tuple(tuple(column.get(line) for column in columns) for line in lines))


def _figure(name: str, heading: str = "", write: Callable[[Any], str] = words.value) -> Column:
    def get(line: Line) -> Cell:
        number = line.figures[name]
        return int(number) if write is words.step and number is not None else number

    return Column(name, get, heading, write, kind="int" if write is words.step else "float")


def _difference(name: str, heading: str = "") -> Column:
    def get(line: Line) -> Cell:
        return None if line.difference is None else line.difference[name]

    return Column(f"{name}_difference", get, heading, words.signed, kind="float")


def _hparam(name: str) -> Column:
    def get(line: Line) -> Cell:
        return line.row.hparams.get(name)

    return Column(f"hparam:{name}", get, kind="mixed")


_TRAINING = (
    Column("rank", lambda line: line.rank, "#", lambda rank: "" if rank is None else str(rank), kind="int"),
    Column("name", lambda line: line.row.training.name),
    Column("attempt", lambda line: line.row.attempt, kind="int"),
    Column("attempts", lambda line: line.row.attempts, kind="int"),
    Column("training", lambda line: line.name, "training"),
    Column("metric", lambda line: line.row.pair.metric),
    Column("train_run", lambda line: line.row.pair.train.run),
    Column("train_tag", lambda line: line.row.pair.train.tag),
    Column("train_points", lambda line: line.row.train_points, kind="int"),
    Column("val_run", lambda line: line.row.pair.val.run),
    Column("val_tag", lambda line: line.row.pair.val.tag),
    Column("val_points", lambda line: line.row.val_points, kind="int"),
    Column("judged", lambda line: line.verdict, "verdict"),
    Column("verdict", lambda line: line.row.judgement.verdict),
    Column("severity", lambda line: line.row.judgement.severity),
    _figure("best", "best"),
    _figure("best_step", "@step", words.step),
    _figure("final", "final"),
    _figure("gap_at_best", "gap@best"),
    _figure("final_gap", "final gap"),
    _figure("gl_final", "", words.percent),
    _figure("onset", "onset", words.step),
    _figure("stop", "stop", words.step),
    Column("stop_best_step", lambda line: line.row.judgement.stop and line.row.judgement.stop.best_step, kind="int"),
    Column("regret", lambda line: line.row.judgement.stop and line.row.judgement.stop.regret, kind="float"),
    Column("steps_saved", lambda line: line.row.judgement.stop and line.row.judgement.stop.steps_saved, kind="int"),
    _figure("duration", "", words.duration),
    Column("exact", lambda line: line.row.exact, kind="bool"),
    Column("reason", lambda line: line.row.judgement.reason, "why"),
)
# What only tables for people have: two data columns in one.
_FOR_PEOPLE = ("training", "judged")
SORTABLE = tuple(column.name for column in _TRAINING if column.name not in _FOR_PEOPLE)
_DIFFERENCES = (
    *("best", "best_step", "final", "gap_at_best", "final_gap", "gl_final", "onset", "stop", "points", "duration"),
)
_DIFFERENCE_HEADINGS = {"best": "Δ best", "final": "Δ final", "final_gap": "Δ final gap"}


def column_of(name: str) -> Column:
    """A column of trainings by its name."""
    return next(column for column in _TRAINING if column.name == name)


def trainings_sheet(lines: Sequence[Line], *, people: bool) -> Sheet:
    """One row a training.

    Args:
        lines: The trainings.
        people: Whether it is to be read by people: then two columns are one, and hyperparameters stay out.
    """
    columns = [column for column in _TRAINING if (column.heading if people else column.name not in _FOR_PEOPLE)]
    if any(line.difference for line in lines):
        changes = [_difference(name, _DIFFERENCE_HEADINGS.get(name, "")) for name in _DIFFERENCES]
        at = next(place for place, column in enumerate(columns) if column.name == "reason")
        columns[at:at] = changes
    if not people:
        names = sorted({name for line in lines for name in line.row.hparams})
        columns += map(_hparam, names)
    return make_sheet(columns, lines)
