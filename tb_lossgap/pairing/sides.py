"""The series of one training as a plan sees them: slots in members, read as sides, gathered by quantity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import TypeAlias

from tb_lossgap.pairing import words as w

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterator

    from tb_lossgap.pairing.readings import Reading
    from tb_lossgap.pairing.words import Split

Spot: TypeAlias = tuple[int, int]
"""Where a series stands: the index of its member, and of its slot there."""


class Slot(NamedTuple):
    """A series as a plan sees it: tag, key of `add_scalars` or "", and whether it has more than one point."""

    tag: str
    key: str
    many: bool


class Member(NamedTuple):
    """One run of a training as a plan sees it.

    Attributes:
        split: What the run is for, None where its name does not say or does not matter.
        segment: The path segment that says so, "" where none does.
        set: Which of several validation sets.
        weak: Whether the word that says so also means other things.
        slots: Its series, sorted.
        bare_is_val: Whether the run is called "validation": what its tags leave open was not measured in training.
    """

    split: Split | None
    segment: str
    set: str
    weak: bool
    slots: tuple[Slot, ...]
    bare_is_val: bool = False


class Side(NamedTuple):
    """A series, read in one way."""

    spot: Spot
    slot: Slot
    reading: Reading
    split: Split | None
    set: str
    weak: bool


@dataclass(slots=True)
class Group:
    """All sides of one quantity, by split; `bare` are those whose split nothing tells."""

    train: list[Side] = field(default_factory=list)
    val: dict[str, list[Side]] = field(default_factory=dict)
    test: dict[str, list[Side]] = field(default_factory=dict)
    bare: list[Side] = field(default_factory=list)

    def add(self, side: Side) -> None:
        """Put a side where it belongs."""
        if side.split == "train":
            self.train.append(side)
        elif side.split is None:
            self.bare.append(side)
        else:
            self.sets(side.split).setdefault(side.set, []).append(side)

    def sets(self, split: Split) -> dict[str, list[Side]]:
        """Return the validation or test sides by their set."""
        return self.val if split == "val" else self.test

    def __iter__(self) -> Iterator[Side]:
        yield from self.train
        yield from self.bare
        for sets in (self.val, self.test):
            for sides in sets.values():
                yield from sides


def rank(side: Side) -> tuple[object, ...]:
    """Order sides of one quantity and split: many points, epoch means, plain names first."""
    reading, slot = side.reading, side.slot
    odd = (bool(reading.convention), reading.repeated, bool(slot.key))
    return (not slot.many, reading.scale, *odd, len(slot.tag), slot.tag, slot.key, side.spot)


def same_scale(first: Side, second: Side) -> bool:
    """Whether two sides may stand against each other: epoch means, plain values, or values of batches."""
    classes = {w.EPOCH: w.EPOCH, w.MEAN: w.EPOCH, w.PLAIN: w.PLAIN}
    return classes.get(first.reading.scale, w.BATCH) == classes.get(second.reading.scale, w.BATCH)


def may_be_bare(side: Side, val: Side, *, in_company: bool) -> bool:
    """Whether an unmarked tag may be the training side: "loss" beside "val_loss", never "max" beside "max_val".

    Args:
        side: The unmarked side.
        val: The validation side.
        in_company: Whether a quantity that is known for a measure was paired so in the same run.
    """
    if val.reading.foreign or (val.reading.scale == w.OTHER_AXIS) != (side.reading.scale == w.OTHER_AXIS):
        return False
    return side.reading.quantity.measured or (in_company and val.reading.prefixed and not val.weak)


def names_languages(side: Side, tags: Collection[str]) -> bool:
    """Whether the doubtful split word of a tag is one of several two-letter codes: "bleu/tr" beside "bleu/de"."""
    found = [match for match in re.finditer(r"[A-Za-z]+", side.slot.tag) if match.group().lower() in w.SPLIT_WORDS]
    for match in found:
        start, end = re.escape(side.slot.tag[: match.start()]), re.escape(side.slot.tag[match.end() :])
        like = re.compile(f"{start}([A-Za-z]{{2}}){end}")
        codes = {code[1].lower() for code in map(like.fullmatch, tags) if code}
        if not codes <= w.SPLIT_WORDS.keys():
            return True
    return False
