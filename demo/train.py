"""Train the demo's Keras models on scikit-learn's digits and log them for TensorBoard.

Run as `python demo/train.py [OUTPUT_DIR] [--live]`. The recorded runs that `tb-lossgap demo` shows were made by
`python demo/train.py tb_lossgap/demo_runs`, after that folder had been removed.
"""

from __future__ import annotations

import argparse
import socket
import sys
import time
from pathlib import Path

import keras
import tensorflow as tf
from recipes import RECIPES
from recipes import Recipe
from recipes import compiled
from recipes import digits
from tensorboard.plugins.hparams import api as hp

SECONDS_A_LIVE_EPOCH = 0.5


def main() -> int:
    """Train every recipe in turn; exit status 2 when the folder already holds runs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "output_dir",
        nargs="?",
        type=Path,
        default=Path(__file__).with_name("runs"),
        metavar="OUTPUT_DIR",
        help="a folder without runs (default: demo/runs)",
    )
    parser.add_argument("--live", action="store_true", help="train slowly enough to watch")
    arguments = parser.parse_args()
    if any(arguments.output_dir.rglob("*tfevents*")):
        parser.error(f"{arguments.output_dir} already holds runs, and training again would use their names twice")
    if arguments.live:
        print(f"Watch with: tensorboard --logdir {arguments.output_dir} --reload_interval 2", flush=True)
    for recipe in RECIPES:
        print(f"{recipe.name}: {recipe.shows}", flush=True)
        train(recipe, arguments.output_dir / recipe.name, live=arguments.live)
    if not arguments.live:
        neutralise(arguments.output_dir)
    return 0


def train(recipe: Recipe, log_dir: Path, *, live: bool) -> None:
    """Fit one recipe's model while Keras' TensorBoard callback logs to `log_dir`; it flushes at each epoch."""
    keras.utils.set_random_seed(7)
    with tf.summary.create_file_writer(str(log_dir)).as_default():
        hp.hparams(recipe.hparams, trial_id=recipe.name)
    callbacks = [keras.callbacks.TensorBoard(log_dir, write_graph=False)]
    if live:
        callbacks.append(keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: time.sleep(SECONDS_A_LIVE_EPOCH)))
    (images, labels), validation = digits()
    compiled(recipe).fit(
        images,
        labels,
        batch_size=recipe.batch_size,
        epochs=recipe.epochs,
        validation_data=validation,
        callbacks=callbacks,
        verbose=0,
    )


def neutralise(directory: Path) -> None:
    """Take host name and process id out of the event files' names, so that the recordings can be published.

    Raises:
        ValueError: A file tells the host's name inside.
    """
    host = socket.gethostname()
    for path in sorted(directory.rglob("events.out.tfevents.*")):
        seconds = path.name.split(".")[3]
        renamed = path.rename(path.with_name(f"events.out.tfevents.{seconds}.demo.v2"))
        if host.encode() in renamed.read_bytes():
            msg = f"{renamed} holds the host name {host}"
            raise ValueError(msg)


if __name__ == "__main__":
    tf.config.experimental.enable_op_determinism()
    sys.exit(main())
