"""Pairs the tags of the runs of one training, whatever the runs are called: a pure function of names, so it is cached."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import TypeAlias

from tb_lossgap.pairing import words as w
from tb_lossgap.pairing.conventions import Convention
from tb_lossgap.pairing.conventions import annotation
from tb_lossgap.pairing.conventions import never_paired
from tb_lossgap.pairing.conventions import taught_readings
from tb_lossgap.pairing.readings import Quantity
from tb_lossgap.pairing.readings import Reading
from tb_lossgap.pairing.readings import names_several_splits
from tb_lossgap.pairing.readings import read_blindly
from tb_lossgap.pairing.readings import read_tag

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from tb_lossgap.model import Direction
    from tb_lossgap.model import TrainValue
    from tb_lossgap.pairing.words import Split

Spot: TypeAlias = tuple[int, int]
"""Where a series stands: the index of the member, the index of the slot in it."""


class Slot(NamedTuple):
    """A series as a plan sees it: tag, key of `add_scalars` or "", and whether it has more than one point."""

    tag: str
    key: str
    many: bool


class Member(NamedTuple):
    """One run of a training as a plan sees it.

    Attributes:
        split: What the run is for, None where its name does not matter.
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


@dataclass(frozen=True, slots=True)
class PlannedPair:
    """A pair, its sides given as spots; the fields are those of `Pair`."""

    quantity: Quantity
    metric: str
    train: Spot
    val: Spot
    test: Spot | None
    alternatives: tuple[tuple[Spot, Spot], ...]
    direction: Direction
    train_value: TrainValue
    convention: str
    note: str
    set: str
    framework_loss: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The pairs of one training, and why each other series is in none."""

    pairs: tuple[PlannedPair, ...]
    reasons: tuple[tuple[Spot, str], ...]


@dataclass(frozen=True, slots=True)
class _Side:
    spot: Spot
    slot: Slot
    reading: Reading


@dataclass(slots=True)
class _Group:
    """All readings of one quantity."""

    train: list[_Side] = field(default_factory=list)
    val: dict[str, list[_Side]] = field(default_factory=dict)
    test: dict[str, list[_Side]] = field(default_factory=dict)
    bare: list[_Side] = field(default_factory=list)

    def add(self, side: _Side, split: Split | None, which: str) -> None:
        """Put a side where its split says."""
        if split == "train":
            self.train.append(side)
        elif split is None:
            self.bare.append(side)
        else:
            (self.val if split == "val" else self.test).setdefault(which, []).append(side)


@lru_cache(maxsize=16384)
def plan(members: tuple[Member, ...]) -> Plan:
    """Return the pairs among the series of `members`, which belong to one training.

    Validation is taken where any of its series has a training series; test stands in only where none has.
    """
    return _Planner(members).plan()


def planned_by_rule(tag: str) -> PlannedPair:
    """Return the pair that a person's rule made, described by its training tag."""
    quantity, scale = read_blindly(tag)
    return PlannedPair(
        quantity=quantity,
        metric=quantity.label,
        train=(0, 0),
        val=(0, 0),
        test=None,
        alternatives=(),
        direction=_direction(quantity, None),
        train_value=_train_value(Reading("train", quantity, scale), None),
        convention="rule",
        note="",
        set="",
        framework_loss=None,
    )


class _Planner:
    def __init__(self, members: tuple[Member, ...]) -> None:
        self.members = members
        self.tags = frozenset(slot.tag for member in members for slot in member.slots)
        self.taught = taught_readings(self.tags)
        self.used: set[Spot] = set()
        self.spoken: dict[Spot, str] = {}
        self.sides = [side for m, member in enumerate(members) for side in self._sides_of(m, member)]

    def plan(self) -> Plan:
        groups = self._groups()
        pairs = list(self._pairs(groups, "val")) or list(self._pairs(groups, "test"))
        losses = [pair for pair in pairs if _stands_for_fit(pair)]
        if not losses:
            for pair in [pair for pair in pairs if _is_regularisation(pair.quantity)]:
                pairs.remove(pair)
                self.used -= {pair.train, pair.val}
                self.spoken[pair.train] = self.spoken[pair.val] = "a regularisation term alone says nothing of the fit"
        reasons = tuple(
            ((m, s), self._reason((m, s), groups, paired=bool(pairs)))
            for m, member in enumerate(self.members)
            for s in range(len(member.slots))
            if (m, s) not in self.used
        )
        return Plan(tuple(pairs), reasons)

    def _sides_of(self, m: int, member: Member) -> Iterator[tuple[_Side, Split | None, str]]:
        for s, slot in enumerate(member.slots):
            why = never_paired(slot.tag, self.tags)
            if why:
                self.spoken[m, s] = why
                continue
            readings = read_tag(slot.tag, slot.key)
            several = names_several_splits(readings)
            if member.split is not None and several and not slot.key:
                quantity, scale = read_blindly(slot.tag)
                readings = (Reading(None, quantity, scale),)
            seen: set[tuple[Split | None, str, str]] = set()
            for reading in (*readings, *self.taught.get(slot.tag, ())):
                if reading.quantity.refused:
                    self.spoken.setdefault((m, s), f"{reading.quantity.label}: {reading.quantity.refused}")
                    continue
                split = reading.split or member.split
                if member.split is not None and split != member.split:
                    continue
                if split is None and member.bare_is_val:
                    continue
                meaning = (split, reading.quantity.key, reading.set)
                if meaning in seen:
                    continue
                seen.add(meaning)
                yield _Side((m, s), slot, reading), split, reading.set or (member.set if split != "train" else "")

    def _groups(self) -> dict[str, _Group]:
        groups: dict[str, _Group] = {}
        for side, split, which in self.sides:
            groups.setdefault(side.reading.quantity.key, _Group()).add(side, split, which)
        return groups

    def _pairs(self, groups: dict[str, _Group], split: Split) -> Iterator[PlannedPair]:
        ordered = sorted(groups.items(), key=lambda item: (_foreign(item[1]), item[0]))
        for _, group in ordered:
            yield from self._pair_group(group, split)
        for group in self._joined_by_total(groups, split):
            yield from self._pair_group(group, split)

    def _joined_by_total(self, groups: dict[str, _Group], split: Split) -> Iterator[_Group]:
        """Join a loss that only training has with the one total of it that only validation has, or the reverse."""
        by_total: dict[str, list[_Group]] = {}
        for _, group in sorted(groups.items()):
            sides = [*group.train, *group.bare, *(side for listed in group.val.values() for side in listed)]
            sides += [side for listed in group.test.values() for side in listed]
            if sides and w.is_loss(sides[0].reading.quantity.words):
                by_total.setdefault(sides[0].reading.quantity.total_key, []).append(group)
        for listed in by_total.values():
            one = [group for group in listed if not self._free(group, split)]
            other = [group for group in listed if self._free(group, split) and not self._trains(group)]
            one = [group for group in one if self._trains(group)]
            if len(one) == len(other) == 1:
                yield _Group(one[0].train, other[0].val, other[0].test, one[0].bare)

    def _trains(self, group: _Group) -> list[_Side]:
        return [side for side in (*group.train, *group.bare) if side.spot not in self.used]

    def _free(self, group: _Group, split: Split) -> list[_Side]:
        sets = group.val if split == "val" else group.test
        return [side for listed in sets.values() for side in listed if side.spot not in self.used]

    def _pair_group(self, group: _Group, split: Split) -> Iterator[PlannedPair]:
        sets = group.val if split == "val" else group.test
        taken: set[Spot] = set()
        for which in sorted(sets):
            trains = [side for side in group.train if side.spot not in self.used]
            vals = [side for side in sets[which] if side.spot not in self.used | {train.spot for train in trains}]
            trains = trains or [side for side in group.bare if side.spot not in self.used and _may_be_bare(side, vals)]
            if not trains or not vals:
                continue
            train = min(trains, key=_train_preference)
            val = min(vals, key=lambda side: _val_preference(side, train))
            if not self._believable(train, val, split):
                continue
            test = group.test.get("", []) if split == "val" and not which else []
            pair = self._planned(train, val, min(test, key=_train_preference, default=None), split, which)
            others = self._alternatives(train, val, trains, vals)
            yield _with_alternatives(pair, tuple((first.spot, second.spot) for first, second in others))
            taken |= {train.spot, val.spot}
            taken |= {side.spot for pair_ in others for side in pair_}
            taken |= {pair.test} if pair.test else set()
        self.used |= taken

    def _believable(self, train: _Side, val: _Side, split: Split) -> bool:
        measured = w.is_measure(train.reading.quantity.words)
        weak = self._weak(train) + (self._weak(val) or split == "test")
        if not train.slot.many and val.slot.many:
            self.spoken[train.spot] = "one point: a final summary"
            return False
        if split == "test" and train.slot.many and not val.slot.many:
            self.spoken[val.spot] = "one point: a final test"
            return False
        doubtful = weak > 1 and not measured
        return not doubtful or annotation(self._place(train), self._place(val), self.tags) is not None

    def _weak(self, side: _Side) -> bool:
        member = self.members[side.spot[0]]
        return side.reading.weak if side.reading.split else member.weak

    def _alternatives(
        self, train: _Side, val: _Side, trains: Iterable[_Side], vals: Iterable[_Side]
    ) -> list[tuple[_Side, _Side]]:
        """Match what was not chosen, by scale where that fits, else with the chosen other side."""
        left = sorted((side for side in vals if side.spot != val.spot), key=_train_preference)
        others: list[tuple[_Side, _Side]] = []
        for side in sorted((side for side in trains if side.spot != train.spot), key=_train_preference):
            if train.slot.many and not side.slot.many:
                self.spoken[side.spot] = "one point: a final summary"
                continue
            twin = next((other for other in left if _scale_class(other) == _scale_class(side)), None)
            if twin is not None:
                left.remove(twin)
            others.append((side, twin or val))
        return others + [(train, side) for side in left]

    def _planned(self, train: _Side, val: _Side, test: _Side | None, split: Split, which: str) -> PlannedPair:
        quantity = train.reading.quantity
        known = annotation(self._place(train), self._place(val), self.tags)
        notes = [known.note] if known and known.note else []
        if split == "test":
            notes.append("The test series stands in for validation: there is none.")
        return PlannedPair(
            quantity=quantity,
            metric=f"{quantity.label} ({which})" if which else quantity.label,
            train=train.spot,
            val=val.spot,
            test=test.spot if test else None,
            alternatives=(),
            direction=_direction(quantity, known),
            train_value=_train_value(train.reading, known),
            convention=known.name if known else train.reading.convention or val.reading.convention or "grammar",
            note=" ".join(notes),
            set=which,
            framework_loss=_framework_loss(quantity, known),
        )

    def _place(self, side: _Side) -> tuple[str, str]:
        return self.members[side.spot[0]].segment, side.slot.tag

    def _reason(self, spot: Spot, groups: dict[str, _Group], *, paired: bool) -> str:
        m, s = spot
        member, slot = self.members[m], self.members[m].slots[s]
        if spot in self.spoken:
            return self.spoken[spot]
        reading = read_tag(slot.tag, slot.key)[0]
        split = reading.split or member.split
        if split is None:
            group = groups.get(reading.quantity.key)
            if group and any(side.spot in self.used for side in group.train):
                return "unmarked: the series of this name that says “train” was paired"
            return "neither its tag nor its run says training or validation"
        if split == "train":
            return f"training only: no validation series of “{reading.quantity.label}” beside it"
        named = "validation" if split == "val" else "test"
        if split == "test" and paired:
            return f"test only: no training series of “{reading.quantity.label}”, and validation comes first"
        return f"{named} only: no training series of “{reading.quantity.label}” beside it"


def _with_alternatives(pair: PlannedPair, alternatives: tuple[tuple[Spot, Spot], ...]) -> PlannedPair:
    values = {name: getattr(pair, name) for name in PlannedPair.__slots__}
    return PlannedPair(**{**values, "alternatives": alternatives})


def _may_be_bare(side: _Side, vals: list[_Side]) -> bool:
    """Whether an unmarked tag may be the training side: "loss" beside "val_loss", never "max" beside "max_val"."""
    return any(
        (w.is_measure(side.reading.quantity.words) or (val.reading.prefixed and not val.reading.weak))
        and (val.reading.scale != w.OTHER_AXIS or side.reading.scale == w.OTHER_AXIS)
        for val in vals
    )


def _foreign(group: _Group) -> int:
    sides = [*group.train, *group.bare]
    sides += [side for sets in (group.val, group.test) for listed in sets.values() for side in listed]
    return max(side.reading.foreign for side in sides)


def _train_preference(side: _Side) -> tuple[bool, int, bool, int, str, str, Spot]:
    reading, slot = side.reading, side.slot
    return not slot.many, reading.scale, bool(reading.convention), len(slot.tag), slot.tag, slot.key, side.spot


def _val_preference(side: _Side, train: _Side) -> tuple[bool, bool, int, bool, int, str, str, Spot]:
    preference = _train_preference(side)
    return preference[0], _scale_class(side) != _scale_class(train), *preference[1:]


def _scale_class(side: _Side) -> int:
    """Epoch means, plain values and batch values: what may stand against each other."""
    return {w.EPOCH: w.EPOCH, w.MEAN: w.EPOCH, w.PLAIN: w.PLAIN}.get(side.reading.scale, w.BATCH)


def _direction(quantity: Quantity, known: Convention | None) -> Direction:
    if known and known.direction:
        return known.direction
    return "max" if w.higher_is_better(quantity.words) else "min"


def _train_value(reading: Reading, known: Convention | None) -> TrainValue:
    told: dict[int, TrainValue] = {w.EPOCH: "mean", w.WINDOW: "window", w.BATCH: "batch"}
    if reading.scale in told and not (known and reading.convention):
        return told[reading.scale]
    return known.train_value if known else "unknown"


def _framework_loss(quantity: Quantity, known: Convention | None) -> int | None:
    """Return the rank of a quantity among its framework's losses, None where it is none."""
    if known is None:
        return None
    names = [name.lower() for name in known.losses]
    return names.index(quantity.label.lower()) if quantity.label.lower() in names else None


def _is_regularisation(quantity: Quantity) -> bool:
    return not {"reg", "regularization", "regularisation", "regularizer", "regulariser"}.isdisjoint(quantity.words)


def _stands_for_fit(pair: PlannedPair) -> bool:
    return not _is_regularisation(pair.quantity)
