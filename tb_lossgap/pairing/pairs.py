"""Finds the trainings of a logdir: runs alone, runs beside each other, runs below each other."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from tb_lossgap.model import Pairing
from tb_lossgap.model import SeriesKey
from tb_lossgap.model import Unpaired
from tb_lossgap.pairing.conventions import taught_readings
from tb_lossgap.pairing.hyperparameters import session_of
from tb_lossgap.pairing.naming import HOLE
from tb_lossgap.pairing.naming import training_name
from tb_lossgap.pairing.plan import Plan
from tb_lossgap.pairing.plan import plan
from tb_lossgap.pairing.plan import planned_by_rule
from tb_lossgap.pairing.readings import read_tag
from tb_lossgap.pairing.rules import apply_rule
from tb_lossgap.pairing.runs import Family
from tb_lossgap.pairing.runs import Role
from tb_lossgap.pairing.runs import families
from tb_lossgap.pairing.runs import families_below
from tb_lossgap.pairing.runs import roles
from tb_lossgap.pairing.sides import Member
from tb_lossgap.pairing.sides import Slot
from tb_lossgap.pairing.tokens import tokenise
from tb_lossgap.pairing.trainings import Candidate
from tb_lossgap.pairing.trainings import gather
from tb_lossgap.pairing.words import SPLIT_WORDS
from tb_lossgap.pairing.words import is_measure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

    from tb_lossgap.model import Scalar
    from tb_lossgap.pairing.rules import Rule

_NOT_IN_A_RUN_NAME = re.compile(r"[^0-9A-Za-z]")


def pair_scalars(scalars: Iterable[Scalar], *, rules: Sequence[Rule] = ()) -> Pairing:
    """Return the trainings that the names of `scalars` tell of, and why each other series is in none.

    The result does not depend on the order of `scalars`; every one of them is in a pair (as training, validation,
    test or alternative) or in `unpaired`.

    Args:
        scalars: The scalar series of one logdir.
        rules: A person's own rules; the earlier wins, and each of them wins over grammar and conventions.
    """
    finder = _Finder(scalars)
    for rule in rules:
        finder.apply(rule)
    finder.pair_within_runs()
    finder.pair_across_runs()
    return finder.result()


class _Run:
    """One run: its slots in order, and the series in them."""

    __slots__ = ("member", "series")

    def __init__(self, run: str, slots: list[tuple[Slot, SeriesKey]]) -> None:
        slots.sort()
        self.series = [key for _, key in slots]
        word = SPLIT_WORDS.get(run.rpartition("/")[2].lower())
        self.member = Member(
            split=None,
            segment="",
            set="",
            weak=False,
            slots=tuple([slot for slot, _ in slots]),
            bare_is_val=word is not None and word.split == "val" and not word.weak,
        )


class _Finder:
    def __init__(self, scalars: Iterable[Scalar]) -> None:
        self.points = {scalar.key: scalar.points for scalar in scalars}
        self.candidates: dict[str, list[Candidate]] = {}
        self.reasons: dict[SeriesKey, str] = {}
        self.runs: dict[str, _Run] = {}

    def pair_within_runs(self) -> None:
        listed: dict[str, list[tuple[Slot, SeriesKey]]] = {}
        for key, points in self.points.items():
            if session_of(key.run) is not None and points <= 1:
                self.reasons[key] = "one point: a final summary beside hyperparameters"
                continue
            run, place = _place(key)
            listed.setdefault(run, []).append((Slot(key.tag, place, points > 1), key))
        for run, slots in listed.items():
            found = _Run(run, slots)
            planned = plan((found.member,))
            if planned.pairs:
                self._take(run, planned, (found,))
            else:
                self.runs[run] = found

    def pair_across_runs(self) -> None:
        found = [role for run in self.runs for role in roles(run)]
        for family in families(found):
            self._pair_family(family)
        left = [role for role in found if role.run in self.runs]
        for family in families_below(left, self.runs):
            self._pair_family(family)

    def apply(self, rule: Rule) -> None:
        """Take what a person's rule pairs, before anything else looks at it."""
        found = apply_rule(rule, self.points)
        for train, val in found.pairs:
            self.candidates.setdefault(_rule_name(train, val), []).append(
                Candidate(planned_by_rule(train.tag), train, val, None, ())
            )
        for key in {key for pair in found.pairs for key in pair}:
            del self.points[key]
        for key, why in found.ambiguous:
            del self.points[key]
            self.reasons[key] = why

    def result(self) -> Pairing:
        for run, found in self.runs.items():
            said = max(roles(run), key=lambda role: (not role.set, role.base.rfind(HOLE), role.split), default=None)
            self._take(run, plan((found.member._replace(split=said.split if said else None),)), (found,))
        unpaired = (Unpaired(key, self.reasons[key]) for key in sorted(self.reasons, key=lambda key: (key.run, key.tag)))
        return Pairing(gather(self.candidates), tuple(unpaired))

    def _pair_family(self, family: Family) -> None:
        listed = [role for role in (*family.train, *family.val, *family.test) if role.run in self.runs]
        if len(listed) < 2:  # noqa: PLR2004
            return
        members = tuple(self._member(role) for role in listed)
        planned = plan(members)
        if not planned.pairs:
            return
        alone = all(len(member.slots) == 1 for member in members)
        measured = planned.pairs[0].quantity.words if alone else ()
        self._take(training_name(family.name_from, measured), planned, [self.runs.pop(role.run) for role in listed])

    def _member(self, role: Role) -> Member:
        split = role.split if role.segment else None
        return Member(split, role.segment, role.set, role.weak, self.runs[role.run].member.slots)

    def _take(self, name: str, planned: Plan, runs: Sequence[_Run]) -> None:
        def key_at(spot: tuple[int, int]) -> SeriesKey:
            return runs[spot[0]].series[spot[1]]

        for pair in planned.pairs:
            self.candidates.setdefault(name, []).append(
                Candidate(
                    pair,
                    key_at(pair.train),
                    key_at(pair.val),
                    key_at(pair.test) if pair.test else None,
                    tuple((key_at(train), key_at(val)) for train, val in pair.alternatives),
                )
            )
        for spot, why in planned.reasons:
            self.reasons[key_at(spot)] = why


def _place(key: SeriesKey) -> tuple[str, str]:
    """Return the run that logged a series, and its key, undoing what `add_scalars` does; else its own run and "".

    `add_scalars("loss", {"train": ...})` writes the tag "loss" into a run "loss_train" below the writer's own.
    """
    parent, _, last = key.run.rpartition("/")
    start = f"{_as_in_a_run(key.tag)}_"
    if last.startswith(key.tag[:1]) and _as_in_a_run(last).startswith(start) and _is_key(last[len(start) :], key.tag):
        return parent or ".", last[len(start) :]
    return key.run, ""


@lru_cache(maxsize=65536)
def _as_in_a_run(text: str) -> str:
    return _NOT_IN_A_RUN_NAME.sub("_", text)


@lru_cache(maxsize=65536)
def _is_key(key: str, tag: str) -> bool:
    """Whether a key or the tag it was logged under names a split, and the key no model or fold of its own."""
    words = {token.word for token in tokenise(key)}
    splits = words & SPLIT_WORDS.keys()
    if splits:
        return all(word in splits or is_measure((word,)) for word in words)
    return bool(words) and any(reading.split for reading in read_tag(tag))


def _rule_name(train: SeriesKey, val: SeriesKey) -> str:
    """Name a rule's training as the grammar would, or by its training run where the grammar has no say."""
    if train.run == val.run:
        return train.run
    shared = {role.base for role in roles(train.run)} & {role.base for role in roles(val.run)}
    return training_name(min(shared)) if shared else train.run


def could_pair(tag: str) -> bool:
    """Whether a series of this tag may be a side of a pair; False only for what grammar and table never pair.

    A person's own rule may pair any tag, so with rules this must not be used to leave series out.
    """
    return any(not reading.quantity.refused for reading in read_tag(tag)) or tag in taught_readings(frozenset({tag}))
