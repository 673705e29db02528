"""An immutable view of one logdir: its trainings, their attempts, and their curves, judged on demand."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal
from typing import TypeAlias

from tb_lossgap.analysis import attempts
from tb_lossgap.analysis import judge_with
from tb_lossgap.analysis import measure
from tb_lossgap.analysis import part
from tb_lossgap.analysis import still_improving_metrics
from tb_lossgap.analysis import stop
from tb_lossgap.model import Pairing
from tb_lossgap.model import Progress
from tb_lossgap.model import Row
from tb_lossgap.model import Training
from tb_lossgap.pairing import pair_by_hand

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from tb_lossgap.analysis import Attempt
    from tb_lossgap.analysis import Measured
    from tb_lossgap.analysis import Parameters
    from tb_lossgap.analysis import Parted
    from tb_lossgap.model import HParam
    from tb_lossgap.model import Judgement
    from tb_lossgap.model import Pair
    from tb_lossgap.model import ReadWarning
    from tb_lossgap.model import Series
    from tb_lossgap.model import SeriesKey
    from tb_lossgap.model import Stop
    from tb_lossgap.model import Unpaired

State: TypeAlias = Literal["loading", "ready", "error"]

# Judgements are kept for this many settings of the sliders; the oldest go first.
_REMEMBERED_SETTINGS = 16
# And snapshots with pairs chosen by hand for so many choices.
_REMEMBERED_CHOICES = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """A pair that a reader chose by hand for the training of one name, in place of its primary pair."""

    name: str
    train: SeriesKey
    val: SeriesKey


class Curves:
    """One attempt of one pair: its cleaned series, and what is measured of them once."""

    def __init__(self, pair: Pair, attempt: Attempt) -> None:
        self.pair = pair
        self.attempt = attempt
        # What a chart of some width shows of each curve; those who reduce them keep it here, for many requests.
        self.reduced: dict[str, Any] = {}

    @cached_property
    def measured(self) -> Measured:
        """All that does not depend on the reader's parameters."""
        return measure(self.attempt.train, self.attempt.val, direction=self.pair.direction)

    @property
    def exact(self) -> bool:
        """Whether both series hold every logged point."""
        return self.attempt.train.exact and self.attempt.val.exact


class Fit:
    """One training with the series of all its pairs, split into attempts by its primary pair."""

    def __init__(self, training: Training, series: Mapping[SeriesKey, Series], hparams: Mapping[str, HParam]) -> None:
        self.training = training
        self.hparams = hparams
        self.series = {key: series[key] for pair in training.pairs for key in (pair.train, pair.val)}
        self._curves: dict[str, tuple[Curves, ...]] = {}

    @cached_property
    def primary(self) -> Pair:
        """The pair that stands for the training."""
        return next(pair for pair in self.training.pairs if pair.primary)

    @cached_property
    def _parted(self) -> Parted:
        return part(self.series[self.primary.train], self.series[self.primary.val])

    @property
    def starts(self) -> tuple[float, ...]:
        """Wall times at which the second and later attempts begin."""
        return self._parted.starts

    def pair(self, metric: str) -> Pair | None:
        """The pair of one quantity, the primary pair for "", None where the training has none."""
        if not metric:
            return self.primary
        return next((pair for pair in self.training.pairs if pair.metric == metric), None)

    def curves(self, metric: str) -> tuple[Curves, ...]:
        """The curves of one quantity, an item an attempt, oldest first; empty where there is no such pair."""
        pair = self.pair(metric)
        if pair is None:
            return ()
        if pair.metric not in self._curves:
            parted = self._parted
            if pair is self.primary:
                cut = parted.attempts
            else:
                cut = attempts(self.series[pair.train], self.series[pair.val], starts=parted.starts)
            self._curves[pair.metric] = tuple(Curves(pair, attempt) for attempt in cut)
        return self._curves[pair.metric]

    def forget(self) -> None:
        """Lets go of what was measured; whoever asks for it again waits for it again."""
        for curves in chain.from_iterable(self._curves.values()):
            curves.__dict__.pop("measured", None)

    def same_as(self, training: Training, series: Mapping[SeriesKey, Series], hparams: Mapping[str, HParam]) -> bool:
        """Whether a fit made from these would be equal to this one."""
        return (
            training == self.training
            and hparams == self.hparams
            and all(series[key] is known for key, known in self.series.items())
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt of one training, under the id that links and requests use."""

    id: str
    fit: Fit
    attempt: int

    @property
    def latest(self) -> bool:
        """Whether no later training took the same name."""
        return self.attempt == len(self.fit.starts) + 1

    def curves(self, metric: str) -> Curves | None:
        """This attempt's curves of one quantity ("" for the primary pair), or None."""
        found = self.fit.curves(metric)
        return found[self.attempt - 1] if found else None


def entry_id(name: str, attempt: int) -> str:
    """Ten hexadecimal digits that name one attempt of one training, the same in every process."""
    return hashlib.blake2s(f"{name}\0{attempt}".encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What was known of a logdir at one moment.

    Attributes:
        version: Names this state of the logs; another state has another version.
        state: "loading" until everything found at the first look was read.
        logdir: What the reader was pointed at, as the user wrote it.
        progress: How far reading has come.
        fits: Trainings by name.
        unpaired: Series in no pair, with their reasons.
        warnings: Files that could not be read whole.
        error: Why the logdir cannot be read, or "".
        exact: False when the points are TensorBoard's sample.
        series: Every series that was read, in a pair or not.
        refused: Choices that could not be followed, with their reasons.
    """

    version: str
    state: State
    logdir: str
    progress: Progress = field(default_factory=Progress)
    fits: Mapping[str, Fit] = field(default_factory=dict)
    unpaired: tuple[Unpaired, ...] = ()
    warnings: tuple[ReadWarning, ...] = ()
    error: str = ""
    exact: bool = True
    series: Mapping[SeriesKey, Series] = field(default_factory=dict)
    refused: tuple[tuple[Choice, str], ...] = ()
    _rows: dict[tuple[str, Parameters], dict[str, Row]] = field(default_factory=dict)
    _stops: dict[tuple[str, Parameters], dict[str, Stop | None]] = field(default_factory=dict)
    _chosen: dict[tuple[Choice, ...], Snapshot] = field(default_factory=dict)
    _judging: threading.RLock = field(default_factory=threading.RLock)

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Every attempt of every training by id, in the order of names, oldest attempt first."""
        return {
            known: Entry(known, fit, attempt)
            for name, fit in sorted(self.fits.items())
            for attempt in range(1, len(fit.starts) + 2)
            for known in (entry_id(name, attempt),)
        }

    def rows(self, parameters: Parameters, *, metric: str = "") -> Mapping[str, Row]:
        """The judgement of every attempt that has a pair of `metric` ("" for its primary pair), by id."""
        key = (metric, parameters)
        with self._judging:
            if key not in self._rows:
                _make_room(self._rows, _REMEMBERED_SETTINGS)
                judgements = {
                    known: _of_all_pairs(entry, curves, judge_with(stopped, curves.measured, parameters))
                    for known, stopped in self.stops(parameters, metric=metric).items()
                    if (curves := (entry := self.entries[known]).curves(metric)) is not None
                }
                self._rows[key] = self.rows_of(judgements, metric=metric)
            return self._rows[key]

    def rows_of(self, judgements: Mapping[str, Judgement], *, metric: str = "") -> dict[str, Row]:
        """The rows of judgements, by id, that were made of this snapshot's trainings here or in another process."""
        return {
            known: _row(entry, curves, judgement)
            for known, judgement in judgements.items()
            if (curves := (entry := self.entries[known]).curves(metric)) is not None
        }

    def rows_like(self, parameters: Parameters, *, metric: str = "") -> Mapping[str, Row]:
        """Rows that are as those under `parameters` in all but their stops."""
        wanted = (metric, parameters.tolerance)
        with self._judging:
            found = next((rows for (of, by), rows in self._rows.items() if (of, by.tolerance) == wanted), None)
        return self.rows(parameters, metric=metric) if found is None else found

    def stops(self, parameters: Parameters, *, metric: str = "") -> Mapping[str, Stop | None]:
        """The stop of every attempt that has a pair of `metric`, by id: much cheaper than whole judgements."""
        key = (metric, parameters if parameters.criterion == "gl" else replace(parameters, tolerance=0.0))
        with self._judging:
            if key not in self._stops:
                _make_room(self._stops, _REMEMBERED_SETTINGS)
                self._stops[key] = {
                    known: stop(curves.measured, parameters)
                    for known, entry in self.entries.items()
                    if (curves := entry.curves(metric)) is not None
                }
            return self._stops[key]

    def with_choices(self, choices: tuple[Choice, ...]) -> Snapshot:
        """This snapshot with pairs that a reader chose by hand.

        A choice whose series are not (or not yet) there is left out and stands in `refused`. A name that no training
        has makes a training.
        """
        if not choices:
            return self
        with self._judging:
            if choices not in self._chosen:
                _make_room(self._chosen, _REMEMBERED_CHOICES)
                self._chosen[choices] = self._with(choices)
            known = self._chosen[choices]
        if known.version == self.version and known.progress is self.progress:
            return known
        # How far reading has come is for this moment to say; fits and judgements are the same.
        now = {name: getattr(self, name) for name in ("version", "state", "progress", "warnings", "error")}
        return replace(known, **now)

    def _with(self, choices: tuple[Choice, ...]) -> Snapshot:
        fits, refused = dict(self.fits), []
        for choice in choices:
            if why := self._objection(choice):
                refused.append((choice, why))
            else:
                fits[choice.name] = _chosen_fit(choice, fits.get(choice.name), self.series)
        return replace(self._of(fits), refused=tuple(refused))

    def part(self, names: Iterable[str]) -> Snapshot:
        """This snapshot with some of its trainings only."""
        return self._of({name: self.fits[name] for name in names})

    def _of(self, fits: Mapping[str, Fit]) -> Snapshot:
        return replace(self, fits=fits, _rows={}, _stops={}, _chosen={}, _judging=threading.RLock())

    def _objection(self, choice: Choice) -> str:
        """Why a choice cannot be followed, "" where it can."""
        for key in (choice.train, choice.val):
            if key not in self.series:
                return f"there is no scalar {key.tag} in {key.run}"
        return "training and validation are the same scalar" if choice.train == choice.val else ""


def _make_room(kept: dict[Any, Any], most: int) -> None:
    """Lets go of the oldest item where there are as many as there may be."""
    if len(kept) >= most:
        del kept[next(iter(kept))]


def _chosen_fit(choice: Choice, fit: Fit | None, series: Mapping[SeriesKey, Series]) -> Fit:
    pair = pair_by_hand(choice.train, choice.val)
    known = fit.training.pairs if fit else ()
    others = tuple(replace(other, primary=False) for other in known if other.metric != pair.metric)
    runs = {*(fit.training.runs if fit else ()), choice.train.run, choice.val.run}
    training = Training(choice.name, tuple(sorted(runs)), (pair, *others))
    return Fit(training, series, fit.hparams if fit else {})


def _of_all_pairs(entry: Entry, curves: Curves, judgement: Judgement) -> Judgement:
    """A judgement with what the training's other pairs and its cleaning add to it."""
    more = (*_of_metrics(entry, curves, judgement), *curves.attempt.notes)
    return replace(judgement, caveats=(*judgement.caveats, *more)) if more else judgement


def _row(entry: Entry, curves: Curves, judgement: Judgement) -> Row:
    return Row(
        training=entry.fit.training,
        pair=curves.pair,
        attempt=entry.attempt,
        attempts=len(entry.fit.starts) + 1,
        train_points=len(curves.attempt.train),
        val_points=len(curves.attempt.val),
        judgement=judgement,
        exact=curves.exact,
        hparams=entry.fit.hparams,
    )


def _of_metrics(entry: Entry, curves: Curves, judgement: Judgement) -> tuple[str, ...]:
    """What the training's metrics say against a loss that overfits; they are measured only then."""
    if judgement.verdict != "overfit" or curves.pair.kind != "loss":
        return ()
    others = (pair.metric for pair in entry.fit.training.pairs if pair.kind == "metric")
    found = {metric: other.measured for metric in others if (other := entry.curves(metric)) is not None}
    return still_improving_metrics(curves.measured, found)


def build_fits(
    pairing: Pairing,
    series: Mapping[SeriesKey, Series],
    hparams: Mapping[str, Mapping[str, HParam]],
    known: Mapping[str, Fit],
) -> dict[str, Fit]:
    """One fit a training, taking over from `known` those of which nothing changed."""
    fits = {}
    for training in pairing.trainings:
        own = hparams.get(training.name, {})
        old = known.get(training.name)
        fits[training.name] = old if old and old.same_as(training, series, own) else Fit(training, series, own)
    return fits
