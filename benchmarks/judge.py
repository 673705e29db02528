"""How long judging takes: processor seconds for 1,000 trainings of 1,000 + 1,000 points, and as they grow."""

from __future__ import annotations

import argparse
import time
import tracemalloc
from typing import TYPE_CHECKING

import numpy as np

from tb_lossgap.analysis import Parameters
from tb_lossgap.analysis import attempts
from tb_lossgap.analysis import judge
from tb_lossgap.analysis import measure
from tb_lossgap.model import Series
from tb_lossgap.model import SeriesKey

if TYPE_CHECKING:
    from tb_lossgap.analysis import Measured

PATIENCES = (1, 10, 50)


def pair(points: int, seed: int) -> tuple[Series, Series]:
    """Returns a training's two series: a fall, a rise of validation, noise."""
    random = np.random.default_rng(seed)
    steps = np.arange(points, dtype=np.int64)
    share = steps / points
    train = 2 * np.exp(-5 * share) + 0.02 * random.standard_normal(points)
    val = 2 * np.exp(-7 * share) + 0.3 + random.random() * share + 0.02 * random.standard_normal(points)
    walls = 1.7e9 + steps.astype(np.float64)
    return Series(SeriesKey("a", "train"), steps, walls, train), Series(SeriesKey("a", "val"), steps, walls, val)


def measured(pairs: list[tuple[Series, Series]]) -> list[Measured]:
    """Cleans and measures every training."""
    return [measure(attempt.train, attempt.val) for train, val in pairs for attempt in attempts(train, val)]


def main() -> None:
    """Prints a line for each size: seconds to clean, align and measure; to judge; to judge again; bytes a point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trainings", type=int, default=1000)
    trainings = parser.parse_args().trainings
    print("points a series   measure   judge   judge again   bytes a point at the peak")
    for points in (100, 1_000, 10_000):
        pairs = [pair(points, seed) for seed in range(trainings)]
        begin = time.process_time()
        found = measured(pairs)
        middle = time.process_time()
        for one in found:
            judge(one)
        end = time.process_time()
        for patience in PATIENCES:
            for one in found:
                judge(one, Parameters(patience=patience))
        again = (time.process_time() - end) / len(PATIENCES)
        few = pairs[: max(trainings // 20, 1)]
        tracemalloc.start()
        kept = measured(few)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        print(
            f"{points:15,} {middle - begin:8.3f}s {end - middle:6.3f}s {again:12.3f}s "
            f"{peak / len(kept) / points / 2:14.0f}"
        )


if __name__ == "__main__":
    main()
