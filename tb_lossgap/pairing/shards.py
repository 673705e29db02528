"""Which runs have to be looked at together, so that pairing them shard by shard gives what pairing them all gives."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from tb_lossgap.pairing.hyperparameters import session_of
from tb_lossgap.pairing.naming import HOLE
from tb_lossgap.pairing.naming import training_name
from tb_lossgap.pairing.pairs import moved_by_add_scalars
from tb_lossgap.pairing.rules import matches
from tb_lossgap.pairing.runs import roles
from tb_lossgap.pairing.runs import unnumbered
from tb_lossgap.pairing.tokens import cut
from tb_lossgap.pairing.words import SPLIT_WORDS
from tb_lossgap.pairing.words import is_measure

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from tb_lossgap.model import Scalar
    from tb_lossgap.model import SeriesKey
    from tb_lossgap.model import Training
    from tb_lossgap.pairing.rules import Rule


def shards(runs: AbstractSet[str], ties: Iterable[tuple[str, str]] = ()) -> list[tuple[str, ...]]:
    """Return the runs in groups that names alone may tie together, each sorted, in the order of their first runs.

    What only tags tell is missing here. Pair each group, ask `surprises` what its tags tell, and group again with
    these as `ties`, until no group changes: then `pair_scalars` of every group gives, together, what it gives for all.

    Args:
        runs: Every run of a logdir; a set, or the keys of a mapping.
        ties: Pairs of a run and what its group was tied to, as `surprises` told.
    """
    groups: dict[str, list[str]] = {}
    tied = _Ties(runs, ties)
    for run in sorted(runs):
        groups.setdefault(tied.root(run), []).append(run)
    return [tuple(group) for group in groups.values()]


def surprises(
    runs: Collection[str], scalars: Iterable[Scalar], trainings: Iterable[Training], rules: Sequence[Rule] = ()
) -> frozenset[str]:
    """Return what a group of runs is tied to by its tags and by a person's rules, beyond what `shards` knew.

    Args:
        runs: The group.
        scalars: Every series of the group.
        trainings: What `pair_scalars` makes of them.
        rules: A person's own rules.
    """
    known = _Ties(frozenset(runs), ())
    found = {training.name for training in trainings if not known.has(training.name)}
    for scalar in scalars:
        moved = moved_by_add_scalars(scalar.key)
        if moved and not known.is_like_a_run(moved[0]):
            found.add(moved[0])
        found.update(_rule_ties(rules, scalar.key))
    return frozenset(found)


def _rule_ties(rules: Sequence[Rule], key: SeriesKey) -> Iterable[str]:
    for number, rule in enumerate(rules):
        for _, tie in matches(rule, key):
            yield "\n".join((f"rule {number}", *tie))


class _Ties:
    """Runs, and places that are no run but tie runs together, as a union-find structure over their names.

    A place is a directory: one that `add_scalars` logged for, which is paired as if it were a run, or one that a
    training is named for; what else is logged there belongs to it.
    """

    def __init__(self, runs: AbstractSet[str], ties: Iterable[tuple[str, str]]) -> None:
        self._parents: dict[str, str] = {run: run for run in runs}
        for run, place in ties:
            self._tie(run, place)
        for run in runs:
            self._guess(run)
        self._runs = runs
        self._places = self._parents.keys() - runs
        self._bases: dict[str, list[str]] = {}
        self._sets: dict[str, list[str]] = {}
        self._trained: set[str] = set()
        self._below: list[str] = []
        for place in chain(runs, self._places):
            self._collect(place)
        self._tie_families()
        self._tie_below()

    def has(self, name: str) -> bool:
        """Whether a name is among the runs and places."""
        return name in self._parents

    def is_like_a_run(self, name: str) -> bool:
        """Whether a name was looked at as that of a run."""
        return name in self._runs or name in self._places

    def root(self, name: str) -> str:
        """Return what stands for all that is tied to a name."""
        parents = self._parents
        while parents[name] != name:
            parents[name] = name = parents[parents[name]]
        return name

    def _tie(self, one: str, other: str) -> None:
        for name in (one, other):
            self._parents.setdefault(name, name)
        self._parents[self.root(one)] = self.root(other)

    def _guess(self, run: str) -> None:
        """Tie what `add_scalars` seems to have logged to its place; only tags know, but a guess saves a second look."""
        parent, _, last = run.rpartition("/")
        above, _, middle = parent.rpartition("/")
        if last.lower() in SPLIT_WORDS:
            if middle and _names_measure(middle):
                self._tie(run, above or ".")
        elif _names_split_and_measure(last):
            self._tie(run, parent or ".")

    def _collect(self, place: str) -> None:
        parent = place.rpartition("/")[0]
        below = f"{parent}/{HOLE}" if parent else HOLE
        for role in roles(place):
            (self._sets if role.set else self._bases).setdefault(role.base, []).append(place)
            if role.split == "train" and not role.set:
                self._trained.add(role.base)
            elif role.split == "val" and role.base == below:
                self._below.append(place)

    def _tie_below(self) -> None:
        """Tie a session to the directory that it lies in, and a validation to the training that it lies in."""
        for place in chain(self._runs, self._places):
            session = session_of(place)
            if session is not None and self.has(session):
                self._tie(place, session)
        for place in self._below:
            parent = place.rpartition("/")[0] or "."
            if self.has(parent):
                self._tie(place, parent)

    def _tie_families(self) -> None:
        in_sets: set[str] = set()
        for base in self._trained:
            family = [*self._bases[base], *self._sets.get(base, ())]
            in_sets.update(self._sets.get(base, ()))
            if len(family) > 1:
                name = training_name(base)
                for place in family:
                    self._tie(place, name)
        self._tie_numbered(in_sets)

    def _tie_numbered(self, in_sets: Collection[str]) -> None:
        """Tie "val_2" to every "train_1": where there is one, it is no further set of a plain "train"."""
        if not in_sets:
            return
        by_number: dict[str, list[str]] = {}
        for base in self._trained:
            by_number.setdefault(unnumbered(base), []).extend(self._bases[base])
        for place in in_sets:
            for role in roles(place):
                for other in by_number.get(unnumbered(role.base), ()) if not role.set else ():
                    self._tie(place, other)


def _names_split_and_measure(segment: str) -> bool:
    words = [token.word for token in cut(segment)]
    own = [word for word in words if word not in SPLIT_WORDS]
    return 0 < len(own) < len(words) and all(is_measure((word,)) for word in own)


def _names_measure(segment: str) -> bool:
    words = [token.word for token in cut(segment)]
    return bool(words) and all(is_measure((word,)) for word in words)
