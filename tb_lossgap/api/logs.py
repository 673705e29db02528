"""A logdir as the Python API gives it."""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING
from typing import Any

from tb_lossgap.analysis import Parameters
from tb_lossgap.api.inventory import Block
from tb_lossgap.api.inventory import take_inventory
from tb_lossgap.api.report import make_report
from tb_lossgap.api.training import Training
from tb_lossgap.api.training import drawing_of
from tb_lossgap.pairing import load_rules
from tb_lossgap.pairing import parse_rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from typing_extensions import Unpack

    from tb_lossgap.analysis.align import GapKind
    from tb_lossgap.analysis.parameters import Judging
    from tb_lossgap.api.inventory import Inventory
    from tb_lossgap.api.report import Report
    from tb_lossgap.fleet import Crew
    from tb_lossgap.fleet import Job
    from tb_lossgap.fleet import Summary
    from tb_lossgap.model import ReadWarning
    from tb_lossgap.model import Unpaired
    from tb_lossgap.pairing import Rule


def open_logdir(
    logdir: str | os.PathLike[str],
    *,
    metric: str = "",
    rules: Sequence[str] = (),
    **judging: Unpack[Judging],
) -> Logs:
    """Return the trainings below a logdir; nothing is read yet.

    Args:
        logdir: A folder, or a URL that fsspec knows, such as "s3://bucket/runs".
        metric: The quantity to judge, such as "accuracy"; "" for each training's primary pair.
        rules: Pairing rules of your own, 'train=REGEX,val=REGEX'; those of a lossgap.toml in the folder come after.
        judging: By name, what judgements depend on:

            - tolerance: percent above its best that validation may end without being called overfit (4.0);
            - criterion: the stopping rule to replay: "keras" (the default), "lightning", "huggingface", or of Prechelt
              "gl" (above `tolerance`), "pq" (above `alpha`, 0.75), "up" (as many strips of 5 as `patience` begins);
            - patience: validation points without improvement that the stop waits for (10);
            - min_delta: smallest change that counts as an improvement (0.0);
            - baseline (None), start_from_epoch (0): of Keras' EarlyStopping;
            - check_finite (True), stopping_threshold (None), divergence_threshold (None): of Lightning's.

    Raises:
        RuleError: A rule cannot be used.
        ValueError: There is no such criterion.
    """
    place = os.fspath(logdir)
    root = place if "://" in place else os.path.expanduser(place)
    own = tuple(parse_rule(text) for text in rules)
    rules_file = os.path.join(root, "lossgap.toml")
    if os.path.isfile(rules_file):
        own = (*own, *load_rules(rules_file))
    return Logs(root, Parameters(**judging), metric=metric, rules=own)


class Logs:
    """The trainings of a logdir, by name.

    The first question reads every file once to learn names and lengths, and lets the points go again. From then on a
    training's points are read when they are first asked for, together with those of its neighbours in an iteration,
    and go with the last of these trainings. So an iteration holds some megabytes, whatever the logdir holds.
    """

    def __init__(self, logdir: str, parameters: Parameters, *, metric: str = "", rules: tuple[Rule, ...] = ()) -> None:
        self.logdir = logdir
        self._parameters = parameters
        self._metric = metric
        self._rules = rules
        self._known: Inventory | None = None

    def __repr__(self) -> str:
        known = "not read yet" if self._known is None else f"{len(self)} trainings"
        return f"<Logs of {self.logdir!r}: {known}>"

    def __len__(self) -> int:
        return len(self._inventory.trainings)

    def __iter__(self) -> Iterator[Training]:
        for block in self._inventory.blocks():
            for name in block.names:
                yield self._training(block, name)

    def __contains__(self, name: object) -> bool:
        return name in self._inventory.trainings

    def __getitem__(self, name: str) -> Training:
        """Return a training by its name.

        Raises:
            KeyError: There is none of that name.
        """
        if name not in self:
            raise KeyError(name)
        return self._training(Block(self._inventory, (name,)), name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all trainings, sorted."""
        return tuple(self._inventory.trainings)

    @property
    def unpaired(self) -> tuple[Unpaired, ...]:
        """Series in no pair, with their reasons."""
        return self._inventory.unpaired

    @property
    def warnings(self) -> tuple[ReadWarning, ...]:
        """Files that could not be read whole."""
        return self._inventory.warnings

    def refresh(self) -> None:
        """Forgets what is known, so that the next question looks at the logdir anew."""
        self._known = None

    def report(self, *, executor: Executor | None = None, workers: int = 1) -> Report:
        """Judge and rank every attempt of every training; its rows are kept, not their points.

        Args:
            executor: Where to work, as for `to_parquet`; None works here.
            workers: How many tasks an executor works on at a time; more than 1 without one starts processes here.
                Workers say nothing of series in no pair.

        Raises:
            FleetError: The workers are gone.
            LogdirError: The logdir cannot be read.
        """
        if executor or workers > 1:
            from tb_lossgap.fleet import report_fleet

            with _crew(executor, workers) as crew:
                found = report_fleet(self._job, crew)
            return make_report(self.logdir, found.rows, warnings=found.warnings)
        rows = (
            attempt.row
            for training in self
            if not self._metric or any(pair.metric == self._metric for pair in training.pairs)
            for attempt in (*training.earlier, training)
        )
        return make_report(self.logdir, rows, unpaired=self.unpaired, warnings=self.warnings)

    def to_pandas(self) -> Any:
        """Return the report as a `pandas.DataFrame`; needs the extra "pandas"."""
        return self.report().to_pandas()

    def to_arrow(self) -> Any:
        """Return the report as a `pyarrow.Table`; needs the extra "parquet"."""
        return self.report().to_arrow()

    def to_parquet(
        self,
        output: str | os.PathLike[str],
        *,
        executor: Executor | None = None,
        workers: int = 1,
        resume: bool = False,
    ) -> Summary:
        """Judge on many workers, into a folder of Parquet files; needs the extra "parquet".

        The points never come here: workers list, read, pair and judge, and this process writes a row a training.

        Args:
            output: Folder or URL of the Parquet files.
            executor: Where to work, such as `dask.distributed.Client().get_executor()`; None starts processes here.
            workers: How many tasks to work on at a time.
            resume: Bring an existing folder up to date, without reading what has not changed.

        Raises:
            FleetError: The folder cannot be written, or holds a table already and `resume` is false.
            LogdirError: The logdir cannot be read.
        """
        from tb_lossgap.fleet import judge_fleet

        with _crew(executor, workers) as crew:
            return judge_fleet(self._job, os.fspath(output), crew, resume=resume)

    def plot(self, *, top: int = 10, gap: GapKind = "absolute", log: bool = False) -> Any:
        """Return a `matplotlib.figure.Figure` of the best trainings; needs the extra "plot".

        Args:
            top: How many of them.
            gap: The kind of gap.
            log: Whether the losses' axis is logarithmic.
        """
        best = self.report().rows[:top]
        attempts = ((self[row.training.name], row.attempt) for row in best)
        return drawing_of([(*one.earlier, one)[attempt - 1] for one, attempt in attempts], gap=gap, log=log)

    @property
    def _job(self) -> Job:
        from tb_lossgap.fleet import Job

        root = self.logdir if "://" in self.logdir else os.path.abspath(self.logdir)
        return Job(root, self._parameters, self._metric, self._rules)

    @property
    def _inventory(self) -> Inventory:
        if self._known is None:
            self._known = take_inventory(self.logdir, self._rules)
        return self._known

    def _training(self, block: Block, name: str) -> Training:
        return Training(block, name, self._parameters, metric=self._metric)


def _crew(executor: Executor | None, workers: int) -> AbstractContextManager[Crew]:
    """Who works: an executor, or processes here."""
    from tb_lossgap.fleet import Crew
    from tb_lossgap.fleet import processes

    return nullcontext(Crew(lambda: executor, workers)) if executor else processes(workers)
