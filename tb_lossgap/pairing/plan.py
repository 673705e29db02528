"""Pairs the tags of the runs of one training: a pure function of names, so that what repeats costs nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import NamedTuple

from tb_lossgap.pairing import words as w
from tb_lossgap.pairing.conventions import Lore
from tb_lossgap.pairing.quantities import STAND_IN
from tb_lossgap.pairing.readings import Reading
from tb_lossgap.pairing.readings import names_several_splits
from tb_lossgap.pairing.readings import read_blindly
from tb_lossgap.pairing.readings import read_initial
from tb_lossgap.pairing.readings import read_tag
from tb_lossgap.pairing.refusals import REINFORCEMENT
from tb_lossgap.pairing.sides import Group
from tb_lossgap.pairing.sides import Member
from tb_lossgap.pairing.sides import Side
from tb_lossgap.pairing.sides import Slot
from tb_lossgap.pairing.sides import Spot
from tb_lossgap.pairing.sides import may_be_bare
from tb_lossgap.pairing.sides import names_languages
from tb_lossgap.pairing.sides import rank
from tb_lossgap.pairing.sides import same_scale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tb_lossgap.model import Direction
    from tb_lossgap.model import TrainValue
    from tb_lossgap.pairing.conventions import Convention
    from tb_lossgap.pairing.quantities import Quantity
    from tb_lossgap.pairing.words import Split

_REGULARISATION = frozenset({"reg", "regularization", "regularisation", "regularizer", "regulariser"})
_SUMMARY_WORDS = frozenset({"final", "last", "end"})
_STANDS_IN_FOR_VAL = "The test series stands in for validation: there is none."
_ONE_POINT = "one point: a final summary"


class PlannedPair(NamedTuple):
    """A pair, its sides given as spots; those fields that are not told here are those of `Pair`.

    Attributes:
        quantity: What is paired.
        set: On which of several validation sets.
        stands_in: Whether the quantity may stand in for a loss.
        order: Sorts the pairs of a training, its primary pair first.
    """

    quantity: Quantity
    train: Spot
    val: Spot
    test: Spot | None = None
    alternatives: tuple[tuple[Spot, Spot], ...] = ()
    direction: Direction = "min"
    train_value: TrainValue = "unknown"
    convention: str = "grammar"
    note: str = ""
    set: str = ""
    stands_in: bool = False
    order: tuple[object, ...] = ()

    @property
    def metric(self) -> str:
        """What is paired, and on which of several validation sets."""
        return f"{self.quantity.label} ({self.set})" if self.set else self.quantity.label


class Plan(NamedTuple):
    """The pairs of one training, and why each other series is in none."""

    pairs: tuple[PlannedPair, ...]
    reasons: tuple[tuple[Spot, str], ...]


@lru_cache(maxsize=16384)
def plan(members: tuple[Member, ...]) -> Plan:
    """Return the pairs among the series of `members`, which belong to one training.

    Test stands in for validation only where no validation series has a training series.
    """
    planner = _Planner(members)
    chosen = planner.choose("val") or planner.choose("test")
    chosen = planner.without_lone_regularisation(chosen)
    return Plan(tuple(planner.planned(choice) for choice in chosen), tuple(planner.reasons(paired=bool(chosen))))


def planned_by_rule(tag: str) -> PlannedPair:
    """Return the pair that a person's rule made, described by its training tag."""
    quantity, scale = read_blindly(tag)
    return PlannedPair(
        quantity,
        (0, 0),
        (1, 0),
        direction="max" if quantity.higher else "min",
        train_value=_train_value(scale, None),
        convention="rule",
        stands_in=quantity.stand_in is not None,
        order=(quantity.prominence, False, _set_order(""), quantity.label),
    )


class _Choice(NamedTuple):
    """The two sides chosen for one quantity and set, and those among which they were chosen."""

    train: Side
    val: Side
    test: Side | None
    trains: tuple[Side, ...]
    vals: tuple[Side, ...]


class _Planner:
    def __init__(self, members: tuple[Member, ...]) -> None:
        self.members = members
        self.tags = frozenset(slot.tag for member in members for slot in member.slots)
        self.used: set[Spot] = set()
        self.spoken: dict[Spot, str] = {}
        self.groups: dict[str, Group] = {}
        self.lore = Lore(self.tags)
        initials = {slot.tag for m, member in enumerate(members) for slot in member.slots if self._initial(m, slot)}
        refused = {reading.quantity.refused for tag in self.tags - initials for reading in read_tag(tag)}
        reinforced = REINFORCEMENT in refused and not self.lore.vouches
        for m, member in enumerate(members):
            for side in self._sides(m, member):
                quantity = side.reading.quantity
                if quantity.refused:
                    self.spoken.setdefault(side.spot, f"“{side.slot.tag}” is {quantity.refused}")
                elif reinforced and not quantity.loss and "acc" not in quantity.words:
                    self.spoken.setdefault(side.spot, f"“{side.slot.tag}” beside figures of {REINFORCEMENT}")
                else:
                    self.groups.setdefault(quantity.key, Group()).add(side)

    def choose(self, split: Split) -> list[_Choice]:
        """Return the pairs of training and `split`, surest first."""
        chosen: list[_Choice] = []
        for group in sorted(self.groups.values(), key=_doubt):
            chosen += self._choose_in(group, split, in_company=bool(chosen))
        for group in list(self._joined_totals(split)):
            chosen += self._choose_in(group, split, in_company=bool(chosen))
        return chosen

    def without_lone_regularisation(self, chosen: list[_Choice]) -> list[_Choice]:
        """Drop regularisation terms where nothing else is paired: alone they say nothing of the fit."""
        if any(_REGULARISATION.isdisjoint(choice.train.reading.quantity.words) for choice in chosen):
            return chosen
        for choice in chosen:
            for side in filter(None, (choice.train, choice.val, choice.test)):
                self.used.discard(side.spot)
                self.spoken[side.spot] = "a regularisation term alone says nothing of the fit"
        return []

    def planned(self, choice: _Choice) -> PlannedPair:
        """Return the pair of a choice, with the alternatives that no other pair took."""
        quantity = choice.train.reading.quantity
        known = self.lore.annotation(self._place(choice.train), self._place(choice.val))
        notes = [known.note] if known and known.note else []
        notes += [_STANDS_IN_FOR_VAL] if choice.val.split == "test" else []
        higher = known.direction == "max" if known and known.direction else quantity.higher
        own_loss = known is not None and quantity.label.lower() in {name.lower() for name in known.losses}
        prominence = STAND_IN if own_loss and quantity.stand_in is None else quantity.prominence
        by_grammar = choice.train.reading.convention or choice.val.reading.convention or "grammar"
        return PlannedPair(
            quantity,
            choice.train.spot,
            choice.val.spot,
            choice.test.spot if choice.test else None,
            tuple(self._alternatives(choice)),
            direction="max" if higher else "min",
            train_value=_train_value(choice.train.reading.scale, known),
            convention=known.name if known else by_grammar,
            note=" ".join(notes),
            set=choice.val.set,
            stands_in=quantity.stand_in is not None or own_loss,
            order=(prominence, True, _set_order(choice.val.set), quantity.label),
        )

    def reasons(self, *, paired: bool) -> Iterator[tuple[Spot, str]]:
        """Yield why each series that is in no pair is in none; to be asked after `planned`."""
        for m, member in enumerate(self.members):
            for s in range(len(member.slots)):
                if (m, s) not in self.used:
                    yield (m, s), self.spoken.get((m, s)) or self._reason((m, s), paired=paired)

    def _sides(self, m: int, member: Member) -> Iterator[Side]:
        for s, slot in enumerate(member.slots):
            why = self.lore.never(slot.tag)
            if why:
                self.spoken[m, s] = why
                continue
            readings = read_tag(slot.tag, slot.key)
            if member.split is not None and not slot.key and names_several_splits(readings):
                readings = (*readings, Reading(None, *read_blindly(slot.tag)))
            initial = self._initial(m, slot)
            readings = (initial,) if initial else readings
            seen: set[tuple[Split | None, str, str, str]] = set()
            for reading in (*readings, *self.lore.taught(slot.tag, member.segment)):
                split = reading.split or member.split
                meaning = (split, reading.quantity.key, reading.quantity.refused, reading.set)
                contradicts = member.split not in (None, split) or (split is None and member.bare_is_val)
                if contradicts or meaning in seen:
                    continue
                seen.add(meaning)
                which = reading.set or (member.set if split != "train" else "")
                yield Side((m, s), slot, reading, split, which, reading.weak if reading.split else member.weak)

    def _initial(self, m: int, slot: Slot) -> Reading | None:
        """Read a tag by its initial where the run says the same, and no other run has this very tag."""
        split = self.members[m].split
        initial = read_initial(slot.tag, split) if split and not slot.key else None
        if initial and any(slot.tag == s.tag for n, other in enumerate(self.members) if n != m for s in other.slots):
            return None
        return initial

    def _choose_in(self, group: Group, split: Split, *, in_company: bool) -> list[_Choice]:
        """Choose in one group, a pair for every validation set; a training series may serve several of them."""
        chosen: list[_Choice] = []
        sets = group.sets(split)
        for which in sorted(sets):
            trains = [side for side in group.train if side.spot not in self.used]
            training = {side.spot for side in trains}
            vals = [side for side in sets[which] if side.spot not in self.used and side.spot not in training]
            if not group.train:
                bare = (side for side in group.bare if side.spot not in self.used)
                trains = [s for s in bare if any(may_be_bare(s, val, in_company=in_company) for val in vals)]
            if not trains or not vals:
                continue
            train = min(trains, key=rank)
            val = min(vals, key=lambda side: (not side.slot.many, not same_scale(side, train), rank(side)))
            if self._is_believable(train, val):
                tests = [side for side in group.test.get("", ()) if split == "val" and not which]
                test = min(tests, key=rank, default=None)
                chosen.append(_Choice(train, val, test, tuple(trains), tuple(vals)))
        self.used.update(side.spot for choice in chosen for side in (choice.train, choice.val, choice.test) if side)
        return chosen

    def _is_believable(self, train: Side, val: Side) -> bool:
        quantity = train.reading.quantity
        summary = train.reading.repeated or not _SUMMARY_WORDS.isdisjoint(quantity.words)
        if summary and val.slot.many and not train.slot.many:
            self.spoken[train.spot] = _ONE_POINT
            return False
        if val.split == "test" and train.slot.many and not val.slot.many:
            self.spoken[val.spot] = "one point: a final test"
            return False
        if train.weak and (val.weak or val.split == "test"):
            known = self.lore.annotation(self._place(train), self._place(val))
            return known is not None or (quantity.measured and not names_languages(train, self.tags))
        return True

    def _joined_totals(self, split: Split) -> Iterator[Group]:
        """Join a loss that only training has with the one total of it that only validation has, or the reverse."""
        open_groups: dict[str, tuple[list[Group], list[Group]]] = {}
        for _, group in sorted(self.groups.items()):
            quantity = next(iter(group)).reading.quantity
            trains = any(side.spot not in self.used for side in (*group.train, *group.bare))
            vals = any(side.spot not in self.used for sides in group.sets(split).values() for side in sides)
            if quantity.loss and trains != vals:
                open_groups.setdefault(quantity.total_key, ([], []))[vals].append(group)
        for trains_only, vals_only in open_groups.values():
            if len(trains_only) == len(vals_only) == 1:
                first, second = trains_only[0], vals_only[0]
                yield Group(first.train, second.val, second.test, first.bare)

    def _alternatives(self, choice: _Choice) -> list[tuple[Spot, Spot]]:
        """Match what was not chosen, by scale where that fits, else with the chosen other side."""
        vals = sorted((side for side in choice.vals if side.spot not in self.used), key=rank)
        found: list[tuple[Side, Side]] = []
        for train in sorted((side for side in choice.trains if side.spot not in self.used), key=rank):
            if choice.train.slot.many and not train.slot.many:
                self.spoken[train.spot] = _ONE_POINT
                continue
            twin = next((val for val in vals if same_scale(train, val)), None)
            vals = [val for val in vals if val is not twin]
            found.append((train, twin or choice.val))
        found += [(choice.train, val) for val in vals]
        self.used.update(side.spot for both in found for side in both)
        return [(train.spot, val.spot) for train, val in found]

    def _place(self, side: Side) -> tuple[str, str]:
        return self.members[side.spot[0]].segment, side.slot.tag

    def _reason(self, spot: Spot, *, paired: bool) -> str:
        member = self.members[spot[0]]
        slot = member.slots[spot[1]]
        reading = read_tag(slot.tag, slot.key)[0]
        split = reading.split or member.split
        label = reading.quantity.label
        if split is None:
            group = self.groups.get(reading.quantity.key, Group())
            if any(side.spot in self.used for side in group.train):
                return "unmarked: the series of this quantity that says “train” was paired"
            return "neither its tag nor its run says training or validation"
        if split == "train":
            return f"training only: no validation series of “{label}” beside it"
        if split == "test" and paired:
            return f"test only: no training series of “{label}” to go with it, and validation comes first"
        return f"{'validation' if split == 'val' else 'test'} only: no training series of “{label}” beside it"


def _doubt(group: Group) -> tuple[int, bool, str]:
    sides = list(group)
    quantity = sides[0].reading.quantity
    return max(side.reading.foreign for side in sides), not quantity.measured, quantity.key


def _train_value(scale: int, known: Convention | None) -> TrainValue:
    told: dict[int, TrainValue] = {w.EPOCH: "mean", w.WINDOW: "window", w.BATCH: "batch"}
    if known and (known.teach or scale not in told):
        return known.train_value
    return told.get(scale, "unknown")


def _set_order(which: str) -> tuple[bool, bool, tuple[int, ...], str]:
    """Order validation sets: the plain one, then numbered ones by their numbers, then the others by name."""
    numbers = tuple(int(number) for number in re.findall(r"\d+", which))
    return bool(which), not numbers, numbers, which
