"""How often the verdict "overfit" is right on the labelled histories of OverfitGuard, beside other rules.

Reads a checkout of asgaardlab/OverfitGuard (its data has no licence and stays there). Every threshold was chosen on its
training split (`python -m benchmarks.choose_thresholds`); its real-world split is reported, never tuned on.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

import numpy as np

from tb_lossgap.analysis import attempts
from tb_lossgap.analysis import judge
from tb_lossgap.analysis import measure
from tb_lossgap.analysis import stops
from tb_lossgap.model import Series
from tb_lossgap.model import SeriesKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from tb_lossgap.model import FloatArray

TRAINING_SPLIT = "data/training/dataset_exp4"
REAL_WORLD_SPLIT = "data/testing/real_world_data"

# True and false positives, false and true negatives on the real-world split, from the reports that the authors keep
# in `models/` of their repository.
PUBLISHED = {
    "KNN-DTW (published)": (26, 0, 3, 11),
    "TSBF (published)": (26, 0, 3, 11),
    "SAX-VSM (published)": (27, 1, 2, 10),
    "TSF (published)": (26, 1, 3, 10),
    "autocorrelation (published)": (27, 3, 2, 8),
    "Spearman (published)": (25, 1, 4, 10),
    "Pearson (published)": (27, 4, 2, 7),
    "BOSSVS (published)": (17, 1, 12, 10),
    "HMM-GMM (published)": (22, 8, 7, 3),
}


@dataclass(frozen=True)
class History:
    """One labelled training: its losses an epoch, and whether a person called it overfit."""

    name: str
    train: FloatArray
    val: FloatArray
    overfit: bool


class Score(NamedTuple):
    """True and false positives, false and true negatives."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def right(self) -> int:
        """How many are right."""
        return self.tp + self.tn

    @property
    def macro_f1(self) -> float:
        """The mean of both classes' F1."""
        positive = 2 * self.tp / ((2 * self.tp + self.fp + self.fn) or 1)
        negative = 2 * self.tn / ((2 * self.tn + self.fp + self.fn) or 1)
        return (positive + negative) / 2


def histories(checkout: Path, split: str) -> list[History]:
    """Reads the labelled histories of one split.

    Raises:
        SystemExit: The folder is not a checkout of OverfitGuard.
    """
    found = []
    for label in ("overfit", "non_overfit"):
        files = sorted((checkout / split / label).rglob("*.json"))
        if not files:
            message = f"{checkout / split / label}: no histories here; give a checkout of asgaardlab/OverfitGuard"
            raise SystemExit(message)
        for file in files:
            record = json.loads(file.read_text(encoding="utf-8"))
            train, val = (np.array(record[record[key]], dtype=np.float64) for key in ("train_metric", "monitor_metric"))
            found.append(History(file.name, train, val, label == "overfit"))
    return found


def score(predicted: Sequence[bool], known: Sequence[History]) -> Score:
    """Counts what a rule got right and wrong."""
    pairs = [(guess, history.overfit) for guess, history in zip(predicted, known, strict=True)]
    return Score(*(pairs.count(kind) for kind in ((True, True), (True, False), (False, True), (False, False))))


def series(values: FloatArray) -> Series:
    """Returns the losses as a series logged once an epoch."""
    epochs = np.arange(len(values))
    return Series(SeriesKey("", "loss"), epochs, epochs.astype(np.float64), values)


def loss_gap(history: History) -> bool:
    """Tells whether our verdict is "overfit"."""
    attempt = attempts(series(history.train), series(history.val))[-1]
    return judge(measure(attempt.train, attempt.val)).verdict == "overfit"


def sagemaker_ever(history: History) -> bool:
    """SageMaker Debugger's Overfit rule: (val - train) / train > 0.1, at more than `patience` = 1 steps."""
    return bool(((history.val - history.train) / history.train > 0.1).sum() > 1)  # noqa: PLR2004


def sagemaker_at_the_end(history: History) -> bool:
    """The same condition, read at the last epoch only."""
    return bool((history.val[-1] - history.train[-1]) / history.train[-1] > 0.1)  # noqa: PLR2004


def generalization_loss(alpha: float) -> Callable[[History], bool]:
    """Prechelt's GL, read at the last epoch."""
    return lambda history: bool(stops.generalization_loss(history.val)[-1] > alpha)


def patience(epochs: int) -> Callable[[History], bool]:
    """Overfit when early stopping with this patience would have stopped."""
    return lambda history: stops.keras(history.val, patience=epochs) is not None


def below(correlation: Callable[[History], float], limit: float) -> Callable[[History], bool]:
    """Overfit when a correlation of training and validation loss is below a limit."""
    return lambda history: correlation(history) < limit


def spearman(history: History) -> float:
    """Rank correlation of training and validation loss."""
    return pearson(History("", _ranks(history.train), _ranks(history.val), history.overfit))


def pearson(history: History) -> float:
    """Correlation of training and validation loss."""
    return float(np.corrcoef(history.train, history.val)[0, 1])


def autocorrelation(history: History) -> float:
    """Correlation of validation loss with training loss five epochs later."""
    return float(np.corrcoef(history.train[5:], history.val[:-5])[0, 1])


def _ranks(values: FloatArray) -> FloatArray:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: FloatArray = (ends - (counts - 1) / 2)[inverse]
    return ranks


def best_threshold(measure_of: Callable[[History], float], known: Sequence[History]) -> float:
    """Returns the threshold, of -1 to 1 in tenths, below which most of the histories are told right."""
    values = [measure_of(history) for history in known]
    thresholds = [round(tenths / 10, 1) for tenths in range(-10, 11)]
    return max(thresholds, key=lambda limit: score([value < limit for value in values], known).macro_f1)


def main() -> None:
    """Prints a line for each rule: its score on both splits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path, help="a checkout of asgaardlab/OverfitGuard")
    checkout = parser.parse_args().checkout
    training, real = histories(checkout, TRAINING_SPLIT), histories(checkout, REAL_WORLD_SPLIT)
    rules: dict[str, Callable[[History], bool]] = {"Loss Gap": loss_gap}
    for name, correlation in {"Spearman": spearman, "Pearson": pearson, "autocorrelation": autocorrelation}.items():
        limit = best_threshold(correlation, training)
        rules[f"{name} < {limit}"] = below(correlation, limit)
    rules |= {
        "SageMaker Overfit rule, at any step": sagemaker_ever,
        "SageMaker Overfit rule, at the end": sagemaker_at_the_end,
        "GL > 4 % at the end": generalization_loss(4),
        "early stopping, patience 5": patience(5),
        "early stopping, patience 20": patience(20),
        "early stopping, patience 80": patience(80),
    }
    print(f"{'':36}{f'training split ({len(training)})':^38}{f'real-world split ({len(real)})':^38}")
    heading = "  tp   fp   fn   tn  right  macro-F1  "
    print(f"{'':36}{heading}{heading}")
    for name, rule in rules.items():
        print(f"{name:36}" + "".join(_line(score([rule(h) for h in split], split)) for split in (training, real)))
    for name, figures in PUBLISHED.items():
        print(f"{name:36}{'':38}{_line(Score(*figures))}")
    print("\nWrong by Loss Gap:")
    for history in training + real:
        if loss_gap(history) != history.overfit:
            print(f"  {history.name}: {'not seen' if history.overfit else 'called overfit'}")


def _line(found: Score) -> str:
    return f"{found.tp:4} {found.fp:4} {found.fn:4} {found.tn:4}  {found.right:5}     {found.macro_f1:.3f}  "


if __name__ == "__main__":
    main()
