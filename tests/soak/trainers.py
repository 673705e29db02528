"""Two hundred trainings that never stop: they grow, restart under the same name, and give way to others."""

from __future__ import annotations

import random
import shutil
import time
from typing import TYPE_CHECKING

import numpy as np

from tests.writing import write_events

if TYPE_CHECKING:
    from pathlib import Path

# A training restarts after so many epochs, and goes after so many attempts: the logs stay as large as they are.
EPOCHS = 60
ATTEMPTS = 3


class Trainer:
    """One training that logs an epoch at a time."""

    def __init__(self, folder: Path, name: str, dice: random.Random) -> None:
        self.folder = folder / name
        self.name = name
        self._dice = dice
        self._attempt = self._epoch = 0
        self._file = ""
        self.last = (0, 0.0)

    @property
    def is_over(self) -> bool:
        """Whether its last attempt has logged its last epoch."""
        return self._attempt == ATTEMPTS and self._epoch == EPOCHS

    def log(self, epochs: int = 1) -> None:
        """Logs some epochs; the first of an attempt opens another event file."""
        for _ in range(epochs):
            if self._epoch == EPOCHS or not self._file:
                self._attempt, self._epoch = self._attempt + 1, 0
                self._file = f"events.out.tfevents.{time.time_ns()}.host.{self._attempt}"
            train = float(np.float32(np.exp(-self._epoch / 15)))
            val = float(np.float32(0.4 + ((self._epoch - 20) / 40) ** 2 + self._dice.gauss(0, 0.01)))
            now = time.time()
            points = {"loss": [(self._epoch, now, train)], "val_loss": [(self._epoch, now, val)]}
            write_events(self.folder, points, name=self._file, append=self._epoch > 0)
            self.last = (self._epoch, val)
            self._epoch += 1

    def remove(self) -> None:
        """Takes away all that it logged."""
        shutil.rmtree(self.folder)


class Trainers:
    """As many trainings as there are to be, each somewhere in its life."""

    def __init__(self, folder: Path, count: int, seed: int = 1) -> None:
        self._folder = folder
        self._dice = random.Random(seed)
        self._made = 0
        self.alive = [self._new() for _ in range(count)]
        for trainer in self.alive:
            trainer.log(self._dice.randint(1, ATTEMPTS * EPOCHS))

    def _new(self) -> Trainer:
        self._made += 1
        return Trainer(self._folder, f"group-{self._made % 7}/run-{self._made:05d}", self._dice)

    def work(self, share: float) -> None:
        """Lets a share of the trainings log an epoch; one that is over goes, and another begins."""
        for place in self._dice.sample(range(len(self.alive)), round(share * len(self.alive))):
            if self.alive[place].is_over:
                self.alive[place].remove()
                self.alive[place] = self._new()
            self.alive[place].log()
