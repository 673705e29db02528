"""A pair that a reader chose by hand, and the rule that makes the choice permanent."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tb_lossgap.pairing.plan import planned_by_rule
from tb_lossgap.pairing.trainings import Candidate
from tb_lossgap.pairing.trainings import gather

if TYPE_CHECKING:
    from tb_lossgap.model import Pair
    from tb_lossgap.model import SeriesKey

BY_HAND = "hand"
# What means something in a regular expression; `re.escape` would escape dashes and blanks too, which reads badly.
_MEANT_OTHERWISE = re.compile(r"[\\.^$*+?{}\[\]|()]")


def pair_by_hand(train: SeriesKey, val: SeriesKey) -> Pair:
    """Return the primary pair of two chosen series.

    It is described by its training tag, as a rule's would be, but whether lower is better is what validation says: by
    that it is ranked.
    """
    (training,) = gather({train.run: [Candidate(planned_by_rule(train.tag), train, val)]})
    return replace(training.pairs[0], direction=planned_by_rule(val.tag).direction, convention=BY_HAND)


def rule_for(train: SeriesKey, val: SeriesKey) -> tuple[str, str]:
    """Return the two patterns, for training and for validation, of a rule that pairs these series and no others."""
    return _exactly(train), _exactly(val)


def _exactly(key: SeriesKey) -> str:
    name = _MEANT_OTHERWISE.sub(r"\\\g<0>", f"{key.run}/{key.tag}")
    return f"^{name}$"
