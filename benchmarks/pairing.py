"""How long pairing takes as a logdir grows: seconds of processor time from 1,000 to 10,000 runs of 20 tags."""

from __future__ import annotations

import argparse
import statistics
import time

from tb_lossgap.model import Scalar
from tb_lossgap.model import SeriesKey
from tb_lossgap.pairing import pair_scalars

SIDES = (
    *("epoch_loss", "epoch_accuracy", "epoch_auc", "epoch_mae", "epoch_box_loss", "epoch_cls_loss", "epoch_f1"),
    *("epoch_precision", "epoch_recall", "epoch_iou", "epoch_dice", "epoch_mse", "epoch_top_5", "epoch_learning_rate"),
    *("grad/norm", "weights/mean", "time/epoch", "mem/gpu", "lr", "steps"),
)
ALONE = (
    *("train_loss", "val_loss", "train_acc", "val_acc", "train_f1", "val_f1", "train/box_loss", "val/box_loss"),
    *("train/cls_loss", "val/cls_loss", "lr", "epoch", "grad_norm", "time", "mem", "train_x", "val_x", "step"),
    *("hp_metric", "loss_scale"),
)


def logdir(runs: int) -> list[Scalar]:
    """Returns the scalars of `runs` runs: half of them sides of Keras trainings, half trainings in one run."""
    names = []
    for number in range(runs // 2):
        training, side = divmod(number, 2)
        names += [SeriesKey(f"keras/exp{training}/{('train', 'validation')[side]}", tag) for tag in SIDES]
        names += [SeriesKey(f"lightning_logs/version_{number}", tag) for tag in ALONE]
    return [Scalar(key, points=50) for key in names]


def seconds(runs: int, repeats: int) -> float:
    """Returns the median of the processor seconds that pairing takes."""
    scalars = logdir(runs)
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        pair_scalars(scalars)
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def main() -> None:
    """Prints a line for each size, and how much slower the largest is for each run than the smallest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    figures = {runs: seconds(runs, repeats) for runs in (1_000, 2_000, 5_000, 10_000)}
    print("  runs   series  seconds")
    for runs, taken in figures.items():
        print(f"{runs:6,} {runs * len(SIDES):8,} {taken:8.3f}")
    first, last = min(figures), max(figures)
    growth = figures[last] / last / (figures[first] / first)
    print(f"a run among {last:,} takes {growth:.2f} times what one among {first:,} takes")


if __name__ == "__main__":
    main()
