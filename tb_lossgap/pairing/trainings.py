"""Gathers planned pairs into trainings: the primary pair, what counts as a loss, names that tell pairs apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import NamedTuple

from tb_lossgap.model import Pair
from tb_lossgap.model import Training

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from tb_lossgap.model import SeriesKey
    from tb_lossgap.pairing.plan import PlannedPair

_TOTALS = frozenset({"loss", "total", "sum", "overall", "combined", "full", "all", "final"})
_LAST = frozenset(
    "adversarial adv disc discriminator d fake real reg regularization regularisation aux auxiliary commit kl kld"
    " feature matching fm".split()
)
# Better than any component, though it is the sum of one network's losses only.
_FIRST = frozenset({"generator", "gen", "g"})


class Candidate(NamedTuple):
    """A planned pair and the series that take its places."""

    planned: PlannedPair
    train: SeriesKey
    val: SeriesKey
    test: SeriesKey | None
    alternatives: tuple[tuple[SeriesKey, SeriesKey], ...]


def gather(candidates: Mapping[str, Sequence[Candidate]]) -> tuple[Training, ...]:
    """Return the trainings, by name, from the candidate pairs of each name."""
    return tuple(_training(name, candidates[name]) for name in sorted(candidates))


def _training(name: str, candidates: Sequence[Candidate]) -> Training:
    ordered = sorted(candidates, key=_rank)
    called_loss = any(candidate.planned.quantity.loss for candidate in ordered)
    first = ordered[0].planned
    labels = _distinct_labels(ordered)
    pairs = []
    for place, candidate in enumerate(ordered):
        planned = candidate.planned
        stands_in = not called_loss and planned.quantity.key == first.quantity.key and _stands_in(planned) is not None
        loss = planned.quantity.loss or stands_in
        pairs.append(
            Pair(
                metric=labels[place],
                kind="loss" if loss else "metric",
                primary=place == 0,
                train=candidate.train,
                val=candidate.val,
                direction=planned.direction,
                test=candidate.test,
                train_value=planned.train_value,
                convention=planned.convention,
                note=planned.note,
                alternatives=candidate.alternatives,
            )
        )
    runs = {key.run for pair in pairs for key in _keys(pair)}
    return Training(name, tuple(sorted(runs)), tuple(pairs))


def _keys(pair: Pair) -> Iterable[SeriesKey]:
    yield from (pair.train, pair.val)
    if pair.test:
        yield pair.test
    for both in pair.alternatives:
        yield from both


def _rank(candidate: Candidate) -> tuple[int, bool, tuple[int, ...], str, SeriesKey, SeriesKey]:
    """Order pairs: the total loss, other losses, stand-ins for a loss, metrics; rules first among equals."""
    planned = candidate.planned
    words = planned.quantity.words
    if planned.quantity.loss:
        if words == ("loss",):
            rank = 0
        elif _TOTALS.issuperset(words):
            rank = 1
        elif not _FIRST.isdisjoint(words) and _LAST.isdisjoint(words):
            rank = 2
        else:
            rank = 3 if _LAST.isdisjoint(words) else 4
    else:
        stand_in = _stands_in(planned)
        rank = 20 if stand_in is None else 10 + stand_in
    return rank, planned.convention != "rule", _set_rank(planned.set), planned.metric, candidate.train, candidate.val


def _set_rank(which: str) -> tuple[int, ...]:
    """The plain set first, numbered ones in their order, named ones after."""
    if not which:
        return (0,)
    numbers = tuple(int(number) for number in re.findall(r"\d+", which))
    return (1, *numbers) if numbers else (2,)


def _stands_in(planned: PlannedPair) -> int | None:
    return planned.quantity.stand_in if planned.framework_loss is None else 0


def _distinct_labels(candidates: Sequence[Candidate]) -> list[str]:
    labels = [candidate.planned.metric for candidate in candidates]
    for tell in (lambda key: key.tag, lambda key: f"{key.run}/{key.tag}"):
        twice = {label for label in labels if labels.count(label) > 1}
        labels = [
            f"{candidate.planned.metric} ({tell(candidate.train)})" if label in twice else label
            for label, candidate in zip(labels, candidates, strict=True)
        ]
    return labels
