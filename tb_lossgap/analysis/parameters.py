"""The parameters a reader may turn, and every threshold of the judgements, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from typing import Literal
from typing import TypeAlias
from typing import TypedDict
from typing import get_args

Criterion: TypeAlias = Literal["keras", "lightning", "huggingface", "gl", "pq", "up"]


class Judging(TypedDict, total=False):
    """What `Parameters` takes, for functions that hand it on by name."""

    patience: int
    min_delta: float
    tolerance: float
    criterion: Criterion
    alpha: float
    baseline: float | None
    start_from_epoch: int
    check_finite: bool
    stopping_threshold: float | None
    divergence_threshold: float | None


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a reader may change without the logs being read or measured again.

    Attributes:
        patience: Validation points without improvement that the stopping rule waits for.
        min_delta: Smallest change of the validation value that counts as an improvement.
        tolerance: Percent above its best that validation may end without being called overfit (Prechelt's GL).
        criterion: The stopping rule whose marker is shown.
        alpha: The quotient at which the rule "pq" stops (Prechelt's PQ).
        baseline: Keras: only improvements on this too reset the wait; None for none.
        start_from_epoch: Keras: so many validation points are not watched at first.
        check_finite: Lightning: whether to stop at the first value that is not finite.
        stopping_threshold: Lightning: stop at once at a value better than this; None for never.
        divergence_threshold: Lightning: stop at once at a value worse than this; None for never.

    Raises:
        ValueError: There is no such criterion.
    """

    patience: int = 10
    min_delta: float = 0.0
    tolerance: float = 4.0
    criterion: Criterion = "keras"
    alpha: float = 0.75
    baseline: float | None = None
    start_from_epoch: int = 0
    check_finite: bool = True
    stopping_threshold: float | None = None
    divergence_threshold: float | None = None

    def __post_init__(self) -> None:
        if self.criterion not in get_args(Criterion):
            raise ValueError(f"criterion must be one of {', '.join(get_args(Criterion))}, not {self.criterion!r}")

    @property
    def sliders(self) -> dict[str, float | str]:
        """What the page has controls for, by the names of http_api.md."""
        return {
            "patience": self.patience,
            "min_delta": self.min_delta,
            "tolerance": self.tolerance,
            "criterion": self.criterion,
            "alpha": self.alpha,
        }

    @property
    def strips(self) -> int:
        """How many strips the rule "up" waits for: those that the patience begins."""
        return max(-(-self.patience // STRIP), 1)

    @property
    def stop_rule(self) -> str:
        """The stopping rule with what it was set to, as short as a marker's label."""
        if self.criterion == "gl":
            return f"GL > {self.tolerance:g} %"
        if self.criterion == "pq":
            return f"PQ > {self.alpha:g}"
        if self.criterion == "up":
            return f"UP, s={self.strips}"
        name = {"keras": "", "lightning": "Lightning", "huggingface": "HF"}[self.criterion]
        waits = (f"p={self.patience}", f"Δ={self.min_delta:g}" if self.min_delta else "")
        return ", ".join(filter(None, (name, *waits, *self._limits())))

    def _limits(self) -> tuple[str, ...]:
        """What only the rule of one framework has, where it was set."""
        if self.criterion == "keras":
            start = f"from {self.start_from_epoch}" if self.start_from_epoch else ""
            return (_said("baseline", self.baseline), start)
        if self.criterion == "lightning":
            finite = "" if self.check_finite else "NaN goes on"
            return (_said("stop at", self.stopping_threshold), _said("diverged at", self.divergence_threshold), finite)
        return ()


def _said(name: str, limit: float | None) -> str:
    return "" if limit is None else f"{name} {limit:g}"


# Measuring. Fewer validation points than ENOUGH_POINTS say nothing; below FEW_POINTS the windows are shorter.
ENOUGH_POINTS: Final = 5
FEW_POINTS: Final = 12
MEDIAN_WINDOW: Final = 5
SHORT_WINDOW: Final = 3
# The tail is the median of this share of the points, and of so many at least.
TAIL_SHARE: Final = 0.05
TAIL_POINTS: Final = 3
# The noise is read off so many points to each side of the best, and off twice as many at the end.
NOISE_REACH: Final = 10
# What is late: this share of the points at the end, and two blocks at least; blocks of few points are this long.
LATE_SHARE: Final = 1 / 3
SHORT_BLOCK: Final = 2

# Verdicts; shares are in percent of the value they start from.
FAR_ABOVE: Final = 50.0  # diverged: both ends lie so far above their starts
FELL_BEFORE: Final = 20.0  # diverged: or both had fallen by so much
WAY_BACK: Final = 80.0  # and went so much of the way back
TRAIN_FELL: Final = 5.0  # overfit, plateau: training fell by so much
STRONG_RISE: Final = 15.0  # overfit is strong from here on
LEARNT: Final = 50.0  # overfit, strong: or training had fallen by so much in all and fell no more
# A rise counts when it is so many standard deviations of the noise, or of what is left of it in blocks' medians.
SIGNIFICANT: Final = 2.0
SHORT_SIGNIFICANT: Final = 1.5
SIGNIFICANT_BLOCKS: Final = 4.0
NOISY: Final = 8.0  # noisy: the noise is so large a share of the best value
BARELY_FELL: Final = 3.0  # underfit: training fell by less
AT_CHANCE: Final = 1.0  # underfit: or both end so near the cross entropy of guessing among
CLASSES: Final[tuple[int, ...]] = (*range(2, 21), 50, 100, 200, 1000)  # so many classes
NO_GUESSING: Final = 25.0  # unless validation had fallen by so much
CERTAIN: Final = 3.0  # good fit: validation fell by so many standard deviations of its noise
STILL_FALLING: Final = 2.0  # still improving: validation fell by so much late
GOES_ON: Final = 10.0  # and so much of that at the very end
FLAT: Final = 4.0  # plateau: validation moved by no more late, while training fell
MEMORISED: Final = 20.0  # or training fell by so much since validation settled
BELOW_SHARE: Final = 90.0  # val below train: in so many percent of the points of the second half
BELOW_BY: Final = 2.0  # and by so much in their median

# Caveats, in percent and in standard deviations of the noise.
OTHER_SCALE: Final = 5.0  # validation is so many times training, or the inverse, from the first points on
ROSE_BETWEEN: Final = 4.0  # second descent: validation rose by so much before its best
JUMP: Final = 10.0  # jump: so many times the usual change from point to point
JUMP_PERCENT: Final = 10.0  # and by so much

# Prechelt (1998): length of a training strip in validation points.
STRIP: Final = 5
