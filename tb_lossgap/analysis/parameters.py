"""The parameters a reader may turn, and every other threshold of the judgements, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from typing import Literal
from typing import TypeAlias

Criterion: TypeAlias = Literal["keras", "lightning", "huggingface", "gl", "pq", "up"]


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a reader may change without reading the logs again.

    Attributes:
        patience: Validation points without improvement that the stopping rule waits for.
        min_delta: Smallest change of the validation value that counts as an improvement.
        tolerance: Percent above its best that validation may end without being called overfit.
        criterion: The stopping rule whose marker is shown.
    """

    patience: int = 10
    min_delta: float = 0.0
    tolerance: float = 4.0
    criterion: Criterion = "keras"


# Fewer validation points than this say nothing.
ENOUGH_POINTS: Final = 5
# Points in the running median that the robust best and the onset are read from.
MEDIAN_WINDOW: Final = 5
# The tail is the median of this share of the validation points, and of three at least.
TAIL_SHARE: Final = 0.05
TAIL_POINTS: Final = 3

# Overfit: how far the training value must have fallen since the best, and where "strong" begins.
TRAIN_FELL: Final = 0.05
STRONG_RISE: Final = 15.0
# Diverged: both ends lie this much of the starting value above it.
FAR_ABOVE: Final = 1.0
# Noisy: the tail's spread is this many times the effect that would be judged.
NOISY_SPREAD: Final = 1.0
# Underfit: the training value fell by less than this share of its start.
BARELY_FELL: Final = 0.03
# Still improving: the best lies in this last share of the points and validation fell by this share there.
LAST_SHARE: Final = 0.1
STILL_FALLING: Final = 0.005
# Plateau: validation changed less than this over the second half while training fell by more than TRAIN_FELL.
FLAT: Final = 0.02
# Validation below training in this share of the second half.
BELOW_SHARE: Final = 0.9

# Prechelt (1998): length of a training strip in validation points, and the quotient at which PQ stops.
STRIP: Final = 5
PQ_ALPHA: Final = 0.75
