"""What the names in a logdir tell, and its points training by training: each is read when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tb_lossgap.events import Found
from tb_lossgap.events import ListedFiles
from tb_lossgap.events import LogdirError
from tb_lossgap.events import LogReader
from tb_lossgap.events import storage_at
from tb_lossgap.library import placed
from tb_lossgap.library import wanted_tags
from tb_lossgap.model import Pairing
from tb_lossgap.pairing import assign_hparams
from tb_lossgap.pairing import pair_scalars
from tb_lossgap.snapshot import Snapshot
from tb_lossgap.snapshot import build_fits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from tb_lossgap import model
    from tb_lossgap.model import HParam
    from tb_lossgap.model import ReadWarning
    from tb_lossgap.model import SeriesKey
    from tb_lossgap.model import Unpaired
    from tb_lossgap.pairing import Rule

# So much of the logs is in memory at a time while their names are learnt, and in a block of trainings.
_BYTES_AT_ONCE = 32 << 20
_TRAININGS_A_BLOCK = 32


@dataclass(frozen=True, eq=False)
class Inventory:
    """All that is known of a logdir without its points.

    Attributes:
        logdir: Folder or URL.
        rules: A person's own pairing rules.
        files: Event files by run, in the state in which they were found.
        trainings: Trainings by name.
        hparams: Hyperparameters by the name of their training.
        unpaired: Series in no pair, with their reasons.
        warnings: Files that could not be read whole.
    """

    logdir: str
    rules: tuple[Rule, ...]
    files: Mapping[str, Sequence[Found]]
    trainings: Mapping[str, model.Training]
    hparams: Mapping[str, Mapping[str, HParam]]
    unpaired: tuple[Unpaired, ...]
    warnings: tuple[ReadWarning, ...]

    def blocks(self) -> Iterator[Block]:
        """Yield the trainings in blocks that are read at once, by name."""
        names: list[str] = []
        size = 0
        for name, training in self.trainings.items():
            weight = sum(found.stamp.size for found in self.files_of(training))
            if names and (size + weight > _BYTES_AT_ONCE or len(names) == _TRAININGS_A_BLOCK):
                yield Block(self, tuple(names))
                names, size = [], 0
            names.append(name)
            size += weight
        if names:
            yield Block(self, tuple(names))

    def files_of(self, training: model.Training) -> list[Found]:
        """Return the event files of a training's runs."""
        return [found for run in training.runs for found in self.files.get(run, ())]


class Block:
    """Some trainings whose points are read together, when the first of them is asked for."""

    def __init__(self, inventory: Inventory, names: Sequence[str]) -> None:
        self.inventory = inventory
        self.names = names

    @cached_property
    def snapshot(self) -> Snapshot:
        """The trainings with their points, as they were when the logdir was opened or refreshed.

        Raises:
            LogdirError: Points are gone since.
        """
        known = self.inventory
        trainings = tuple(known.trainings[name] for name in self.names)
        files = {found.path: found for training in trainings for found in known.files_of(training)}
        reader = _reader(known.logdir, list(files.values()), known.rules)
        reader.refresh()
        try:
            fits = build_fits(Pairing(trainings), reader.series(), known.hparams, {})
        except KeyError as error:
            raise LogdirError(f"{known.logdir}: {error} is no longer there; call refresh()") from error
        return Snapshot(version="", state="ready", logdir=known.logdir, fits=fits, warnings=reader.warnings)


def take_inventory(logdir: str, rules: tuple[Rule, ...]) -> Inventory:
    """Learn what a logdir holds; its files are read some at a time, and their points are let go again.

    Raises:
        LogdirError: The logdir cannot be read.
    """
    files: dict[str, list[Found]] = {}
    warnings: list[ReadWarning] = []
    for found in storage_at(logdir).find():
        if isinstance(found, Found):
            files.setdefault(found.run, []).append(found)
        else:
            warnings.append(found)
    logged: list[tuple[float, SeriesKey, int]] = []
    hparams: dict[str, dict[str, HParam]] = {}
    for some in _portions(files):
        reader = _reader(logdir, some, rules)
        reader.refresh()
        logged += [(float(one.wall_times[0]), one.key, len(one)) for one in reader.series().values()]
        hparams |= reader.hparams()
        warnings += reader.warnings
    pairing = pair_scalars(placed(logged), rules=rules)
    return Inventory(
        logdir=logdir,
        rules=rules,
        files=files,
        trainings={training.name: training for training in pairing.trainings},
        hparams=assign_hparams(pairing.trainings, hparams),
        unpaired=pairing.unpaired,
        warnings=tuple(sorted(warnings, key=lambda warning: warning.file)),
    )


def _portions(files: Mapping[str, Sequence[Found]]) -> Iterator[list[Found]]:
    """Yield all files, those of one run together."""
    some: list[Found] = []
    size = 0
    for run in sorted(files):
        weight = sum(found.stamp.size for found in files[run])
        if some and size + weight > _BYTES_AT_ONCE:
            yield some
            some, size = [], 0
        some += files[run]
        size += weight
    if some:
        yield some


def _reader(logdir: str, files: Sequence[Found], rules: Sequence[Rule]) -> LogReader:
    return LogReader({"": ListedFiles(storage_at(logdir), files)}, wanted=wanted_tags(rules, None))
