"""The table of what grammar cannot know: conventions.toml, and the questions that pairing asks it."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from tb_lossgap.pairing.readings import Reading
from tb_lossgap.pairing.readings import read_blindly

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from tb_lossgap.model import Direction
    from tb_lossgap.model import TrainValue
    from tb_lossgap.pairing.words import Split

_PLACEHOLDERS = {"quantity": r"(?P<quantity>.+)", "set": r"(?P<set>[^/]+)", "number": r"\d+", "any": r".*"}


class Side(NamedTuple):
    """Where a framework writes one side of its pairs: templates for the run's last segments and for the tag."""

    run: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Convention:
    """One entry of conventions.toml.

    Attributes:
        name: Short name, as in `Pair.convention`.
        framework: What writes so.
        versions: Which versions of it.
        train: The training side.
        val: The validation side.
        x: What a step counts.
        train_value: What one training value is.
        source: Where this was seen.
        witness: Templates of tags of which one must be in the training's runs; none asked for when empty.
        teach: The sides that grammar would not find, for which the entry adds readings.
        direction: Whether lower or higher is better, where the name does not tell.
        quantity: What the quantity is called; an entry that says so vouches for it.
        losses: Quantities that are this framework's losses without being called so.
        note: What a reader of a pair should know.
    """

    name: str
    framework: str
    versions: str
    train: Side
    val: Side
    x: str
    train_value: TrainValue
    source: str
    witness: tuple[str, ...] = ()
    teach: tuple[Split, ...] = ()
    direction: Direction | None = None
    quantity: str = ""
    losses: tuple[str, ...] = ()
    note: str = ""

    def side(self, split: Split) -> Side:
        """Return the training side, else the validation side."""
        return self.train if split == "train" else self.val


class NeverPaired(NamedTuple):
    """An entry of conventions.toml for series that look like a side of a pair and are none."""

    framework: str
    tag: str
    reason: str
    source: str
    witness: tuple[str, ...] = ()


class Table(NamedTuple):
    """The whole of conventions.toml."""

    conventions: tuple[Convention, ...]
    never: tuple[NeverPaired, ...]


@lru_cache(maxsize=1)
def table() -> Table:
    """Return conventions.toml as it ships with the package."""
    document = tomllib.loads(Path(__file__).with_name("conventions.toml").read_text(encoding="utf-8"))
    return Table(
        tuple(_convention(entry) for entry in document["convention"]),
        tuple(NeverPaired(**{**entry, "witness": tuple(entry.get("witness", ()))}) for entry in document["never"]),
    )


class Lore:
    """What the table says of one training, by the tags of its runs.

    Attributes:
        vouches: Whether an entry that fits vouches for quantities that grammar would refuse.
    """

    def __init__(self, tags: Iterable[str]) -> None:
        self._tags = sorted(tags)
        witnessed = ((entry, self._witnessed(entry.witness)) for entry in table().conventions)
        self._conventions = [(entry, knowns) for entry, knowns in witnessed if knowns]
        self.vouches = any(entry.quantity for entry, _ in self._conventions)
        self._never = [entry for entry in table().never if self._witnessed(entry.witness)]
        self._taught: dict[str, list[tuple[str, Reading]]] = {}
        for convention, knowns in self._conventions:
            for split in convention.teach:
                self._teach(convention, split, knowns)

    def taught(self, tag: str, segment: str) -> list[Reading]:
        """Return the readings that the table adds to a tag, in a run whose split a path segment names, or none."""
        return [reading for run, reading in self._taught.get(tag, ()) if not run or _pattern(run).fullmatch(segment)]

    def annotation(self, train: tuple[str, str], val: tuple[str, str]) -> Convention | None:
        """Return the first entry that describes a pair.

        Args:
            train: The segment of the run's path that names the split ("" where none does), and the tag.
            val: The same of the validation side.
        """
        for convention, _ in self._conventions:
            first, second = _groups(convention.train, *train), _groups(convention.val, *val)
            if first is not None and second is not None and _same_quantity(first, second):
                return convention
        return None

    def never(self, tag: str) -> str:
        """Return why a tag is no side of a pair, whatever grammar says, or ""."""
        return next((entry.reason for entry in self._never if _pattern(entry.tag).fullmatch(tag)), "")

    def _teach(self, convention: Convention, split: Split, knowns: list[tuple[tuple[str, str], ...]]) -> None:
        side, fitted = convention.side(split), set[str]()
        for template in side.tags:
            tags = set[str]()
            for known in knowns if template != "{quantity}" else ():
                for tag, match in self._matches(template, known):
                    if tag not in fitted:
                        reading = _taught(convention, None if side.run else split, match, known)
                        self._taught.setdefault(tag, []).append((side.run, reading))
                        tags.add(tag)
            fitted |= tags

    def _witnessed(self, witness: Iterable[str]) -> list[tuple[tuple[str, str], ...]]:
        """Return what each witness among the tags makes known, such as {set}; [()] when none is asked for."""
        if not witness:
            return [()]
        found = (tuple(match.groupdict().items()) for template in witness for _, match in self._matches(template, ()))
        return list(dict.fromkeys(found))

    def _matches(self, template: str, known: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, re.Match[str]]]:
        """Yield the tags that a template fits; they are sorted, so only those that begin like it are looked at."""
        pattern, opening = _pattern(template, known), _opening(template, known)
        for place in range(bisect_left(self._tags, opening), len(self._tags)):
            tag = self._tags[place]
            if not tag.startswith(opening):
                break
            match = pattern.fullmatch(tag)
            if match:
                yield tag, match


@lru_cache(maxsize=1)
def taught_runs() -> tuple[tuple[re.Pattern[str], Split], ...]:
    """Return, for each run template that grammar cannot read: its pattern and its split."""
    found: list[tuple[re.Pattern[str], Split]] = []
    for convention in table().conventions:
        sides = ((split, convention.side(split)) for split in convention.teach)
        found += [
            (re.compile(rf"(?P<base>|.*/){_pattern(side.run).pattern}"), split)
            for split, side in sides
            if side.run and side.tags == ("{quantity}",)
        ]
    return tuple(found)


def _convention(entry: Mapping[str, Any]) -> Convention:
    lists = {key: tuple(entry.get(key, ())) for key in ("witness", "losses", "teach")}
    return Convention(**{**entry, **lists, "train": _side(entry["train"]), "val": _side(entry["val"])})


def _side(entry: Mapping[str, Any]) -> Side:
    tag = entry["tag"]
    return Side(entry.get("run", ""), (tag,) if isinstance(tag, str) else tuple(tag))


@lru_cache(maxsize=4096)
def _pattern(template: str, known: tuple[tuple[str, str], ...] = ()) -> re.Pattern[str]:
    parts = []
    literal = {name: re.escape(value) for name, value in known}
    for i, part in enumerate(re.split(r"\{(\w+)\}", template)):
        parts.append((literal.get(part) or _PLACEHOLDERS[part]) if i % 2 else re.escape(part))
    return re.compile("".join(parts))


def _opening(template: str, known: tuple[tuple[str, str], ...]) -> str:
    """Return the text with which every tag begins that a template fits."""
    for name, value in known:
        template = template.replace(f"{{{name}}}", value)
    return template.partition("{")[0]


def _taught(
    convention: Convention, split: Split | None, match: re.Match[str], known: tuple[tuple[str, str], ...]
) -> Reading:
    """Return the reading of a tag that a template fits; its split is left to the run where the run names it."""
    groups = match.groupdict()
    text = groups.get("quantity") or "loss"
    quantity, scale = read_blindly(convention.quantity.replace("{quantity}", text) or text)
    which = dict(known).get("set", groups.get("set") or "") if split == "val" else ""
    if convention.quantity:
        quantity = quantity._replace(refused="")
    return Reading(split, quantity, scale, prefixed=True, set=which, convention=convention.name)


def _groups(side: Side, segment: str, tag: str) -> dict[str, str] | None:
    if not _pattern(side.run).fullmatch(segment):
        return None
    matches = (_pattern(template).fullmatch(tag) for template in side.tags)
    return next((match.groupdict() for match in matches if match), None)


def _same_quantity(first: Mapping[str, str], second: Mapping[str, str]) -> bool:
    """Whether both sides name one quantity, or one of them leaves it open."""
    one, other = first.get("quantity"), second.get("quantity")
    return one is None or other is None or one == other or read_blindly(one)[0].key == read_blindly(other)[0].key
