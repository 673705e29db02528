"""One training as the Python API gives it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any

from tb_lossgap.analysis import gap_of
from tb_lossgap.api.extras import needed
from tb_lossgap.drawing import Drawn
from tb_lossgap.drawing import make_figure
from tb_lossgap.snapshot import entry_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from tb_lossgap.analysis import Parameters
    from tb_lossgap.analysis.align import GapKind
    from tb_lossgap.analysis.parameters import Judging
    from tb_lossgap.api.inventory import Block
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import HParam
    from tb_lossgap.model import Judgement
    from tb_lossgap.model import Pair
    from tb_lossgap.model import Point
    from tb_lossgap.model import Row
    from tb_lossgap.model import Series
    from tb_lossgap.model import Severity
    from tb_lossgap.model import Stop
    from tb_lossgap.model import Verdict
    from tb_lossgap.snapshot import Curves
    from tb_lossgap.snapshot import Entry


class Training:
    """One fit of one model. Its name, pairs and hyperparameters are known; its points are read on first touch.

    Where a name was used several times, this is the newest attempt; `earlier` has the others.

    Attributes:
        name: Folder below the logdir, "." for the logdir itself.
        pairs: Every pair of a training and a validation series that it logged, the primary one first.
        hparams: Hyperparameters by name.
    """

    name: str
    pairs: tuple[Pair, ...]
    hparams: Mapping[str, HParam]

    def __init__(
        self, block: Block, name: str, parameters: Parameters, *, metric: str = "", attempt: int | None = None
    ) -> None:
        training = block.inventory.trainings[name]
        self.name = name
        self.pairs = training.pairs
        self.hparams = block.inventory.hparams.get(name, {})
        self._block = block
        self._parameters = parameters
        self._attempt = attempt
        self._pair = next((pair for pair in self.pairs if pair.metric == metric), None) if metric else self.pairs[0]

    def __repr__(self) -> str:
        return f"<Training {self.name!r}>"

    @property
    def metric(self) -> str:
        """What is judged: the primary pair's quantity, or the one that was asked for."""
        return self.pair.metric

    @property
    def pair(self) -> Pair:
        """The pair that is judged.

        Raises:
            LookupError: The training has none of the quantity that was asked for.
        """
        if self._pair is None:
            known = ", ".join(pair.metric for pair in self.pairs)
            raise LookupError(f"{self.name} has no pair of that metric; it has {known}")
        return self._pair

    @property
    def attempts(self) -> int:
        """How many trainings used this name, one after another."""
        return len(self._block.snapshot.fits[self.name].starts) + 1

    @property
    def attempt(self) -> int:
        """Which of them this is, from 1."""
        return self._attempt or self.attempts

    @property
    def earlier(self) -> tuple[Training, ...]:
        """The attempts before this one, oldest first."""
        return tuple(self._at(attempt) for attempt in range(1, self.attempt))

    @property
    def train(self) -> Series:
        """The cleaned training series: `steps` (int64), `wall_times`, `values` (float64), each of shape (n,)."""
        return self._curves.attempt.train

    @property
    def val(self) -> Series:
        """The cleaned validation series."""
        return self._curves.attempt.val

    @property
    def train_at_val(self) -> FloatArray:
        """The training value at each validation step, float64, shape (len(val),); NaN where there is none."""
        return self._curves.measured.alignment.train

    @property
    def gap(self) -> FloatArray:
        """Validation - training at each validation step, float64, shape (len(val),); NaN where there is none."""
        return self.gap_as("absolute")

    def gap_as(self, kind: GapKind) -> FloatArray:
        """Return the gap as "absolute", "relative" (to abs(training)) or "ratio" (validation / training)."""
        return gap_of(self._curves.measured.alignment, kind)

    @property
    def judgement(self) -> Judgement:
        """The verdict, the markers, and what may mislead."""
        return self.row.judgement

    def judge(self, **judging: Unpack[Judging]) -> Judgement:
        """Return the judgement under other parameters, as `open` takes them; what is not given stays as it was there.

        Raises:
            ValueError: There is no such criterion.
        """
        return self._row(replace(self._parameters, **judging)).judgement

    @property
    def verdict(self) -> Verdict:
        """The one-word judgement; docs/verdicts.md explains each."""
        return self.judgement.verdict

    @property
    def severity(self) -> Severity | None:
        """How much of it: "mild" or "strong", where the verdict has degrees."""
        return self.judgement.severity

    @property
    def reason(self) -> str:
        """Why, in a sentence with the numbers."""
        return self.judgement.reason

    @property
    def best(self) -> Point | None:
        """The first best validation point."""
        return self.judgement.best

    @property
    def final(self) -> Point | None:
        """The last validation point."""
        return self.judgement.final

    @property
    def onset(self) -> int | None:
        """The step from which it overfits."""
        return self.judgement.onset

    @property
    def stop(self) -> Stop | None:
        """Where early stopping would have ended it."""
        return self.judgement.stop

    @cached_property
    def row(self) -> Row:
        """The whole line of the report."""
        return self._row(self._parameters)

    def to_pandas(self) -> Any:
        """Return a `pandas.DataFrame`: a row a validation point, indexed by step; needs the extra "pandas"."""
        frame = needed("pandas", extra="pandas").DataFrame(self._columns())
        return frame.set_index("step")

    def to_arrow(self) -> Any:
        """Return a `pyarrow.Table`: a row a validation point; needs the extra "parquet"."""
        return needed("pyarrow", extra="parquet").table(self._columns())

    def plot(self, *, gap: GapKind = "absolute", log: bool = False) -> Any:
        """Return a `matplotlib.figure.Figure` of the curves, the gap below them, and the markers; needs "plot".

        Args:
            gap: The kind of gap.
            log: Whether the losses' axis is logarithmic.
        """
        return drawing_of([self], gap=gap, log=log)

    def _repr_html_(self) -> str:
        from tb_lossgap.api.html import training_card

        return training_card(self.row, self._curves, self._parameters.stop_rule)

    def drawn(self) -> Drawn:
        """What a picture shows of it."""
        return Drawn(self.name, self._curves, self.judgement, self._parameters.stop_rule)

    def _columns(self) -> dict[str, Any]:
        val = self.val
        return {
            "step": val.steps,
            "wall_time": val.wall_times,
            "train": self.train_at_val,
            "val": val.values,
            "gap": self.gap,
        }

    def _at(self, attempt: int) -> Training:
        return Training(self._block, self.name, self._parameters, metric=self._asked, attempt=attempt)

    def _row(self, parameters: Parameters) -> Row:
        return self._block.snapshot.rows(parameters, metric=self._asked)[self._entry.id]

    @property
    def _asked(self) -> str:
        return "" if self.pair.primary else self.pair.metric

    @cached_property
    def _entry(self) -> Entry:
        return self._block.snapshot.entries[entry_id(self.name, self.attempt)]

    @cached_property
    def _curves(self) -> Curves:
        curves = self._entry.curves(self._asked)
        if curves is None:
            raise LookupError(self.name)
        return curves


def drawing_of(trainings: Iterable[Training], *, gap: GapKind, log: bool) -> Any:
    """Return a figure of some trainings.

    Raises:
        MissingPackageError: matplotlib is not installed.
    """
    needed("matplotlib", extra="plot")
    return make_figure([training.drawn() for training in trainings], gap=gap, log=log)
