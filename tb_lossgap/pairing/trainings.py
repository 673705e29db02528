"""Gathers planned pairs into trainings: the primary pair, what counts as a loss, names that tell pairs apart."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from typing import NamedTuple

from tb_lossgap.model import Pair
from tb_lossgap.model import Training
from tb_lossgap.pairing.words import TOTAL_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from tb_lossgap.model import SeriesKey
    from tb_lossgap.pairing.plan import PlannedPair


class Candidate(NamedTuple):
    """A planned pair, the series that take its places, and how early its training series was first logged."""

    planned: PlannedPair
    train: SeriesKey
    val: SeriesKey
    test: SeriesKey | None = None
    alternatives: tuple[tuple[SeriesKey, SeriesKey], ...] = ()
    place: int = 0


def gather(candidates: Mapping[str, Sequence[Candidate]]) -> tuple[Training, ...]:
    """Return the trainings, by name, from the candidate pairs of each name.

    The primary pair comes first: the total loss, else the other loss that was logged first, else the surest stand-in
    for a loss, else the first metric. A stand-in is a loss only where nothing in its training is called one.
    """
    return tuple(_training(name, candidates[name]) for name in sorted(candidates))


def _training(name: str, candidates: Sequence[Candidate]) -> Training:
    ordered = _total_first(sorted(candidates, key=_order))
    first = ordered[0].planned
    labels = _distinct_labels(ordered)
    pairs = tuple(
        [
            Pair(
                metric=labels[place],
                kind="loss" if _is_loss(candidate.planned, first) else "metric",
                primary=place == 0,
                train=candidate.train,
                val=candidate.val,
                direction=candidate.planned.direction,
                test=candidate.test,
                train_value=candidate.planned.train_value,
                convention=candidate.planned.convention,
                note=candidate.planned.note,
                alternatives=candidate.alternatives,
            )
            for place, candidate in enumerate(ordered)
        ]
    )
    return Training(name, tuple(sorted({run for candidate in ordered for run in _runs(candidate)})), pairs)


def _total_first(ordered: list[Candidate]) -> list[Candidate]:
    """Let "Overall" stand for the training where what it sums up are terms of a loss, such as "KL", none called one."""
    first = ordered[0].planned
    if first.quantity.loss or not first.stands_in or first.direction == "max":
        return ordered
    for candidate in ordered:
        planned = candidate.planned
        if planned.quantity.words and TOTAL_WORDS.issuperset(planned.quantity.words):
            total = candidate._replace(planned=planned._replace(stands_in=True))
            return [total, *(other for other in ordered if other is not candidate)]
    return ordered


def _order(candidate: Candidate) -> tuple[object, ...]:
    train, val, (*weight, label) = candidate.train, candidate.val, candidate.planned.order
    return *weight, candidate.place, label, train.run, train.tag, val.run, val.tag


def _is_loss(planned: PlannedPair, first: PlannedPair) -> bool:
    if first.quantity.loss or not first.stands_in:
        return planned.quantity.loss
    return planned.quantity.key == first.quantity.key


def _runs(candidate: Candidate) -> Iterator[str]:
    yield candidate.train.run
    yield candidate.val.run
    if candidate.test:
        yield candidate.test.run
    for train, val in candidate.alternatives:
        yield train.run
        yield val.run


def _distinct_labels(candidates: Sequence[Candidate]) -> list[str]:
    labels = [candidate.planned.metric for candidate in candidates]
    if len(set(labels)) == len(labels):
        return labels
    for tell in (lambda key: key.tag, lambda key: f"{key.run}/{key.tag}"):
        times = Counter(labels)
        labels = [
            f"{candidate.planned.metric} ({tell(candidate.train)})" if times[label] > 1 else label
            for label, candidate in zip(labels, candidates, strict=True)
        ]
    return labels
