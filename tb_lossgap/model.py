"""The nouns that all layers share: series, pairs, trainings, judgements, reports."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Literal
from typing import TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    IntArray: TypeAlias = npt.NDArray[np.int64]
    FloatArray: TypeAlias = npt.NDArray[np.float64]

Direction: TypeAlias = Literal["min", "max"]
Kind: TypeAlias = Literal["loss", "metric"]
TrainValue: TypeAlias = Literal["mean", "window", "batch", "unknown"]
Verdict: TypeAlias = Literal[
    "diverged",
    "underfit",
    "still-improving",
    "good-fit",
    "overfit",
    "plateau",
    "val-below-train",
    "noisy",
    "too-short",
]
Severity: TypeAlias = Literal["mild", "strong"]
HParam: TypeAlias = bool | float | str


@dataclass(frozen=True, slots=True, order=True)
class SeriesKey:
    """Names one scalar series as TensorBoard does: a run and a tag in it."""

    run: str
    tag: str


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One scalar series, its points in the order in which they were logged.

    Attributes:
        key: Run and tag.
        steps: Steps as logged, int64, shape (n,).
        wall_times: Seconds since the epoch, float64, shape (n,).
        values: Values, float64, shape (n,); NaN and infinities are kept.
        file_starts: Index of the first point that each event file brought, ascending.
        exact: False when the points are a sample of what was logged.
    """

    key: SeriesKey
    steps: IntArray
    wall_times: FloatArray
    values: FloatArray
    file_starts: tuple[int, ...] = (0,)
    exact: bool = True

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class ReadWarning:
    """A file that could not be read whole: from which byte on, and why."""

    file: str
    byte: int
    what: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading has come; the totals grow while files are found."""

    files: int = 0
    files_total: int = 0
    bytes: int = 0
    bytes_total: int = 0
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Scalar:
    """What pairing may know of a series.

    Attributes:
        key: Its name.
        points: How many points it has.
        place: How early it was first logged among all series; of equal components the first stands for its training.
    """

    key: SeriesKey
    points: int
    place: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A training's two series of one quantity.

    Attributes:
        metric: The quantity with the split word taken out, such as "loss" or "box_loss".
        kind: Whether the quantity is a loss (or stands in for one) or another metric.
        primary: True for the one pair that stands for its training.
        train: The series measured on training data.
        val: The series measured on validation data.
        direction: Whether lower ("min") or higher ("max") is better.
        test: The test series of the same quantity, where there is a third split.
        train_value: What one training value is: an epoch's mean, a window's mean, one batch.
        convention: Name of the entry of conventions.toml, "grammar", or "rule" for a person's own.
        note: What a reader should know of this pair, one sentence, or "".
        alternatives: Other (train, validation) series of the same quantity that were not chosen.
    """

    metric: str
    kind: Kind
    primary: bool
    train: SeriesKey
    val: SeriesKey
    direction: Direction = "min"
    test: SeriesKey | None = None
    train_value: TrainValue = "unknown"
    convention: str = "grammar"
    note: str = ""
    alternatives: tuple[tuple[SeriesKey, SeriesKey], ...] = ()


@dataclass(frozen=True, slots=True)
class Training:
    """One uniquely named fit of one model, as the names tell: its runs and pairs.

    `name` is a directory relative to the logdir with "/" separators, "." for the logdir.
    """

    name: str
    runs: tuple[str, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Unpaired:
    """A series that is in no pair, and why, in words for a person."""

    key: SeriesKey
    reason: str


@dataclass(frozen=True, slots=True)
class Pairing:
    """All that names tell of a logdir: its trainings and what is left over."""

    trainings: tuple[Training, ...] = ()
    unpaired: tuple[Unpaired, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a validation series: its step and its value."""

    step: int
    value: float


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a stopping rule would have ended the training.

    Attributes:
        criterion: "keras", "lightning", "huggingface", "gl", "pq" or "up".
        patience: Validation points without improvement that the rule waits for.
        min_delta: Smallest change that counts as an improvement.
        step: The step at which the rule stops.
        best_step: The step whose weights it would restore.
        regret: How much worse the restored value is than the best of all, >= 0.
        steps_saved: Steps from `step` to the last validation step.
        seconds_saved: Wall time from `step` to the last validation point.
    """

    criterion: str
    patience: int
    min_delta: float
    step: int
    best_step: int
    regret: float
    steps_saved: int
    seconds_saved: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one attempt of one training, for one pair.

    Gaps are validation - training; None stands where there is no value.

    Attributes:
        verdict: The one-word judgement.
        severity: "mild" or "strong" where the verdict has degrees.
        reason: One sentence with the numbers that led to the verdict.
        advice: One sentence on what people usually do.
        caveats: What may mislead here, a sentence each.
        best: First best raw validation point.
        final: Last validation point; its value may be NaN.
        gap_at_best: Gap at `best`.
        final_gap: Gap at `final`.
        gl_final: Generalization loss at the end in percent (Prechelt 1998).
        onset: The step from which validation stays above its best, or None.
        stop: Where the chosen stopping rule would have stopped, or None.
        divergence: The step of the first non-finite value or of the final rise, or None.
        alignment: How the two series were put on one axis, in words.
        with_gap: How many validation points have a gap.
        duration: Seconds from the first to the last point of both series.
    """

    verdict: Verdict
    severity: Severity | None
    reason: str
    advice: str
    caveats: tuple[str, ...] = ()
    best: Point | None = None
    final: Point | None = None
    gap_at_best: float | None = None
    final_gap: float | None = None
    gl_final: float | None = None
    onset: int | None = None
    stop: Stop | None = None
    divergence: int | None = None
    alignment: str = ""
    with_gap: int = 0
    duration: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a report: an attempt of a training, judged by one of its pairs."""

    training: Training
    pair: Pair
    attempt: int
    attempts: int
    train_points: int
    val_points: int
    judgement: Judgement
    exact: bool = True
    hparams: Mapping[str, HParam] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """The judged trainings of one logdir, and what could not be read of it."""

    logdir: str
    rows: tuple[Row, ...] = ()
    warnings: tuple[ReadWarning, ...] = ()
