"""Chooses the two thresholds of the verdict "overfit" on the training split of OverfitGuard, and on nothing else.

Run as `python -m benchmarks.choose_thresholds CHECKOUT`. Every pair of a grid is scored. Among those as good as
the best but for one history, which is less than chance decides, the middle is farthest from getting more wrong; the
thresholds in use are round numbers near it.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

from benchmarks.overfitguard import TRAINING_SPLIT
from benchmarks.overfitguard import histories
from benchmarks.overfitguard import score
from benchmarks.overfitguard import series
from tb_lossgap.analysis import Parameters
from tb_lossgap.analysis import attempts
from tb_lossgap.analysis import measure
from tb_lossgap.analysis.parameters import TRAIN_FELL

TOLERANCES = [tenths / 10 for tenths in range(10, 101)]
FALLS = [float(percent) for percent in range(31)]


def main() -> None:
    """Prints the best pairs, their middle, and how many the thresholds in use get right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path, help="a checkout of asgaardlab/OverfitGuard")
    known = histories(parser.parse_args().checkout, TRAINING_SPLIT)
    figures = []
    for history in known:
        attempt = attempts(series(history.train), series(history.val))[-1]
        found = measure(attempt.train, attempt.val).figures
        if found is None:
            message = f"{history.name}: too short"
            raise SystemExit(message)
        figures.append(found)

    def right(tolerance: float, fall: float) -> int:
        guesses = [f.rise.counts and f.rise.percent > tolerance and f.train_since.reaches(fall) for f in figures]
        return score(guesses, known).right

    scores = {(tolerance, fall): right(tolerance, fall) for tolerance in TOLERANCES for fall in FALLS}
    best = max(scores.values())
    near = [pair for pair, count in scores.items() if count >= best - 1]
    print(
        f"best: {best} of {len(known)} right; {best - 1} or more with {len(near)} of {len(scores)} pairs of thresholds"
    )
    for name, values in zip(("tolerance", "training fell"), zip(*near, strict=True), strict=True):
        middle = statistics.median(values)
        print(f"{name:14}{min(values):5.1f} % to {max(values):5.1f} %, middle {middle:.1f} %")
    used = (Parameters().tolerance, TRAIN_FELL)
    print(f"in use: tolerance {used[0]:g} %, training fell {used[1]:g} %: {right(*used)} right")


if __name__ == "__main__":
    main()
