"""Finds the trainings of a logdir: runs alone, runs beside each other, runs below each other."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from tb_lossgap.model import Pairing
from tb_lossgap.model import SeriesKey
from tb_lossgap.model import Unpaired
from tb_lossgap.pairing.conventions import Lore
from tb_lossgap.pairing.hyperparameters import session_of
from tb_lossgap.pairing.memory import remembered
from tb_lossgap.pairing.naming import HOLE
from tb_lossgap.pairing.naming import training_name
from tb_lossgap.pairing.plan import plan
from tb_lossgap.pairing.plan import planned_by_rule
from tb_lossgap.pairing.readings import read_initial
from tb_lossgap.pairing.readings import read_tag
from tb_lossgap.pairing.rules import apply_rule
from tb_lossgap.pairing.runs import families
from tb_lossgap.pairing.runs import families_below
from tb_lossgap.pairing.runs import roles
from tb_lossgap.pairing.sides import Member
from tb_lossgap.pairing.sides import Slot
from tb_lossgap.pairing.tokens import tokenise
from tb_lossgap.pairing.trainings import Candidate
from tb_lossgap.pairing.trainings import gather
from tb_lossgap.pairing.words import INITIALS
from tb_lossgap.pairing.words import MEAN_WORDS
from tb_lossgap.pairing.words import SCALE_WORDS
from tb_lossgap.pairing.words import SPLIT_WORDS
from tb_lossgap.pairing.words import TOTAL_WORDS
from tb_lossgap.pairing.words import is_measure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

    from tb_lossgap.model import Scalar
    from tb_lossgap.pairing.plan import Plan
    from tb_lossgap.pairing.rules import Rule
    from tb_lossgap.pairing.runs import Family
    from tb_lossgap.pairing.runs import Role

_NOT_IN_A_RUN_NAME = re.compile(r"[^0-9A-Za-z]")


def pair_scalars(scalars: Iterable[Scalar], *, rules: Sequence[Rule] = ()) -> Pairing:
    """Return the trainings that the names of `scalars` tell of, and why each other series is in none.

    The result does not depend on the order of `scalars`; every one of them is in a pair (as training, validation,
    test or alternative) or in `unpaired`.

    Args:
        scalars: The scalar series of one logdir, each once.
        rules: A person's own rules; the earlier wins, and each of them wins over grammar and conventions.
    """
    finder = _Finder(scalars)
    for rule in rules:
        finder.apply(rule)
    finder.pair_within_runs()
    finder.pair_across_runs()
    return finder.result()


def could_pair(tag: str) -> bool:
    """Whether a series of this tag may be a side of a pair; False only for what grammar and table never pair.

    A person's own rule may pair any tag, so where there are rules this must not be used to leave series out.
    """
    readings = [*read_tag(tag), *filter(None, (read_initial(tag, split) for split in INITIALS))]
    return any(not reading.quantity.refused for reading in readings) or bool(Lore([tag]).taught(tag, ""))


class _Run:
    """One run: its scalars, and the member that they are in a plan."""

    __slots__ = ("member", "scalars")

    def __init__(self, run: str, slots: list[tuple[Slot, Scalar]]) -> None:
        slots.sort(key=_slot_of)
        word = SPLIT_WORDS.get(run.rpartition("/")[2].lower())
        self.scalars = [scalar for _, scalar in slots]
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
        self.scalars = list(scalars)
        self.candidates: dict[str, list[Candidate]] = {}
        self.unpaired: list[Unpaired] = []
        self.runs: dict[str, _Run] = {}

    def apply(self, rule: Rule) -> None:
        """Take what a person's rule pairs, before anything else looks at it."""
        found = apply_rule(rule, [scalar.key for scalar in self.scalars])
        places = {scalar.key: scalar.place for scalar in self.scalars}
        for train, val in found.pairs:
            pair = Candidate(planned_by_rule(train.tag), train, val, place=places[train])
            self.candidates.setdefault(_rule_name(train, val), []).append(pair)
        self.unpaired += [Unpaired(key, why) for key, why in found.ambiguous]
        taken = {key for both in found.pairs for key in both} | {key for key, _ in found.ambiguous}
        self.scalars = [scalar for scalar in self.scalars if scalar.key not in taken]

    def pair_within_runs(self) -> None:
        """Pair what one run holds by its tags alone; keep the runs in which there is nothing to pair so."""
        for run, slots in self._slots_by_run().items():
            found = _Run(run, slots)
            planned = plan((found.member,))
            if planned.pairs:
                self._take(run, planned, (found,))
            else:
                self.runs[run] = found

    def pair_across_runs(self) -> None:
        """Pair runs that differ in nothing but the split, then runs with what lies below them."""
        found = [role for run in self.runs for role in roles(run)]
        for family in families(found):
            self._pair_family(family)
        for family in families_below([role for role in found if role.run in self.runs], self.runs):
            self._pair_family(family)

    def result(self) -> Pairing:
        """Return all that was paired, and the reason for each series that was not."""
        for run, found in self.runs.items():
            sure = (role for role in roles(run) if not role.weak)
            said = max(sure, key=lambda role: (not role.set, role.base.rfind(HOLE), role.split), default=None)
            self._take(run, plan((found.member._replace(split=said.split if said else None),)), (found,))
        self.unpaired.sort(key=lambda unpaired: (unpaired.key.run, unpaired.key.tag))
        return Pairing(gather(self.candidates), tuple(self.unpaired))

    def _slots_by_run(self) -> dict[str, list[tuple[Slot, Scalar]]]:
        """Return the series by the run that logged them, which for `add_scalars` is not the run they are in."""
        by_run: dict[str, list[Scalar]] = {}
        for scalar in self.scalars:
            by_run.setdefault(scalar.key.run, []).append(scalar)
        slots: dict[str, list[tuple[Slot, Scalar]]] = {}
        for run, scalars in by_run.items():
            session = session_of(run) is not None
            own = slots.setdefault(run, [])
            for scalar in scalars:
                key, many = scalar.key, scalar.points > 1
                logged = moved_by_add_scalars(key)
                if session and not many:
                    self.unpaired.append(Unpaired(key, "one point: a final summary beside hyperparameters"))
                elif logged:
                    slots.setdefault(logged[0], []).append((_slot(key.tag, logged[1], many=many), scalar))
                else:
                    own.append((_slot(key.tag, "", many=many), scalar))
        return {run: found for run, found in slots.items() if found}

    def _pair_family(self, family: Family) -> None:
        listed = [role for role in (*family.train, *family.val, *family.test) if role.run in self.runs]
        if len(listed) == 1 or not any(role.split == "train" for role in listed):
            return
        members = tuple([self._member(role) for role in listed])
        planned = plan(members)
        if planned.pairs:
            alone = all(len(member.slots) == 1 for member in members)
            name = training_name(family.name_from, planned.pairs[0].quantity.words if alone else ())
            self._take(name, planned, [self.runs.pop(role.run) for role in listed])

    def _member(self, role: Role) -> Member:
        split = role.split if role.segment else None
        return Member(split, role.segment, role.set, role.weak, self.runs[role.run].member.slots)

    def _take(self, name: str, planned: Plan, runs: Sequence[_Run]) -> None:
        scalars = [run.scalars for run in runs]
        for pair in planned.pairs:
            train = scalars[pair.train[0]][pair.train[1]]
            self.candidates.setdefault(name, []).append(
                Candidate(
                    pair,
                    train.key,
                    scalars[pair.val[0]][pair.val[1]].key,
                    scalars[pair.test[0]][pair.test[1]].key if pair.test else None,
                    tuple([(scalars[m][s].key, scalars[n][t].key) for (m, s), (n, t) in pair.alternatives]),
                    train.place,
                )
            )
        self.unpaired += [Unpaired(scalars[member][slot].key, why) for (member, slot), why in planned.reasons]


def _slot_of(found: tuple[Slot, Scalar]) -> tuple[Slot, str]:
    return found[0], found[1].key.run


@lru_cache(maxsize=65536)
def _slot(tag: str, key: str, *, many: bool) -> Slot:
    return Slot(tag, key, many)


def moved_by_add_scalars(series: SeriesKey) -> tuple[str, str] | None:
    """Return the run and the key that `add_scalars` logged a series for, None where it did not.

    torch writes "loss" into a run "loss_train" below the writer's own, tensorboardX into "loss/train".
    """
    parent, _, segment = series.run.rpartition("/")
    tag = series.tag
    written = _as_in_a_run(tag)
    if segment.startswith(tag[:1]) and _as_in_a_run(segment).startswith(f"{written}_"):
        run, key = parent, segment[len(written) + 1 :]
    elif _as_in_a_run(f"/{parent}").endswith(f"_{written}") and parent[-len(tag) - 1 : -len(tag)] in {"", "/"}:
        run, key = parent[: -len(tag) - 1], segment
    else:
        return None
    return (run or ".", key) if tag and key and _is_key(key, tag) else None


@lru_cache(maxsize=65536)
def _as_in_a_run(text: str) -> str:
    """Return a tag or run with only what survives in both: torch writes "a/b" into a run called "a_b"."""
    return _NOT_IN_A_RUN_NAME.sub("_", text)


@remembered
def _is_key(key: str, tag: str) -> bool:
    """Whether a key or the tag it was logged under names a split, and the key no model or fold of its own.

    Poutyne logs "loss" under the keys "loss" and "val_loss".
    """
    words = {token.word for token in tokenise(key)}
    own = words - SPLIT_WORDS.keys() - SCALE_WORDS.keys() - MEAN_WORDS - TOTAL_WORDS
    if words & SPLIT_WORDS.keys():
        return all(is_measure((word,)) for word in own)
    return bool(words) and (key == tag or any(reading.split for reading in read_tag(tag)))


def _rule_name(train: SeriesKey, val: SeriesKey) -> str:
    """Name a rule's training as the grammar would, or by its training run where the grammar has no say."""
    if train.run == val.run:
        return train.run
    shared = {role.base for role in roles(train.run)} & {role.base for role in roles(val.run)}
    return training_name(min(shared)) if shared else train.run
