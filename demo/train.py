"""Train the demo's Keras models on scikit-learn's digits and log them for TensorBoard.

Run as `python demo/train.py [OUTPUT_DIR] [--live]`. The recorded runs that `tb-lossgap demo` shows were made by
`python demo/train.py tb_lossgap/demo_runs`, after that folder had been removed.
"""

from __future__ import annotations

import argparse
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.datasets import load_digits
from tensorboard.plugins.hparams import api as hp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from numpy.typing import NDArray

    Images: TypeAlias = tuple[NDArray[np.float32], NDArray[np.int64]]

# The pixels get noise and only 600 of 1,797 digits are trained on: clean digits are so easy that nothing overfits.
NOISE = 0.3
TRAIN_IMAGES = 600
VALIDATION_IMAGES = 800
# A learning-rate range test ends at this multiple of the rate that it starts from.
RAMP = 100_000
SECONDS_A_LIVE_EPOCH = 0.5


@dataclass(frozen=True)
class Recipe:
    """One training under its unique name.

    Attributes:
        name: The directory that the training logs to.
        shows: What a person should see in its curves.
        network: "cnn" or "mlp".
        units: Width of the hidden dense layer; a CNN's filters follow from it.
        dropout: Share of activations that are dropped while training.
        optimizer: "adam", "adamw" (weight decay 0.02) or "sgd".
        learning_rate: Its learning rate; a number, as it is also logged as a hyperparameter.
        epochs: Passes over the training images.
        batch_size: Images in one update.
        schedule: "constant", "cosine" (falls to zero) or "ramp" (a learning-rate range test).
    """

    name: str
    shows: str
    network: str = "cnn"
    units: int = 64
    dropout: float = 0.0
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    epochs: int = 60
    batch_size: int = 32
    schedule: str = "constant"

    @property
    def hparams(self) -> dict[str, float | str]:
        """What the hyperparameter columns of TensorBoard and Loss Gap show."""
        return {
            "learning_rate": self.learning_rate,
            "units": self.units,
            "dropout": self.dropout,
            "batch_size": self.batch_size,
            "optimizer": self.optimizer,
        }


RECIPES = (
    Recipe("cnn-wide", "overfits: validation turns up while training goes to zero", units=256),
    Recipe("cnn-baseline", "overfits; its name is used again below", learning_rate=5e-3, epochs=40),
    Recipe("cnn-dropout-0.3", "good fit", dropout=0.3, optimizer="adamw", schedule="cosine", epochs=50),
    Recipe(
        "cnn-dropout-0.6",
        "validation below training",
        units=32,
        dropout=0.6,
        learning_rate=3e-3,
        schedule="cosine",
        epochs=80,
    ),
    Recipe(
        "mlp-tiny", "one hidden unit: stays at chance", "mlp", units=1, optimizer="sgd", learning_rate=1e-2, epochs=50
    ),
    Recipe("mlp-stopped-early", "stopped while it improves", "mlp", optimizer="sgd", learning_rate=1e-2, epochs=25),
    Recipe("mlp-memorising", "training falls on, validation stays flat", "mlp", units=128, learning_rate=7e-4),
    Recipe("cnn-lr-ramp", "diverges", optimizer="sgd", learning_rate=1e-3, schedule="ramp", epochs=40),
    Recipe("mlp-jumpy", "scatters", "mlp", units=16, optimizer="adamw", learning_rate=0.05, batch_size=2, epochs=40),
    Recipe("cnn-smoke-test", "three epochs to see that it runs", epochs=3),
    Recipe("cnn-baseline", "the same name again; overfits mildly", epochs=34),
)


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


def digits() -> tuple[Images, Images]:
    """Give (images, labels) to train and to validate on: float32 of shape (n, 8, 8, 1), int64 of shape (n,)."""
    bunch = load_digits()
    random = np.random.default_rng(0)
    order = random.permutation(len(bunch.images))
    images = bunch.images[order, :, :, None] / 16 + random.normal(0, NOISE, (len(order), 8, 8, 1))
    images, labels = images.astype(np.float32), bunch.target[order]
    split = slice(None, TRAIN_IMAGES), slice(-VALIDATION_IMAGES, None)
    return (images[split[0]], labels[split[0]]), (images[split[1]], labels[split[1]])


def compiled(recipe: Recipe) -> keras.Model:
    """Build the recipe's network, ready to fit."""
    model = keras.Sequential([keras.Input((8, 8, 1)), *_hidden(recipe), layers.Dense(10)])
    # Logits, not softmax: a loss on probabilities is clipped and could never diverge.
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=_optimizer(recipe), loss=loss, metrics=["accuracy"])
    return model


def _hidden(recipe: Recipe) -> Iterator[layers.Layer]:
    if recipe.network == "cnn":
        yield layers.Conv2D(recipe.units // 4, 3, padding="same", activation="relu")
        yield layers.MaxPooling2D()
        yield layers.Conv2D(recipe.units // 2, 3, padding="same", activation="relu")
    yield layers.Flatten()
    yield layers.Dropout(recipe.dropout)
    yield layers.Dense(recipe.units, activation="relu")
    yield layers.Dropout(recipe.dropout)


def _optimizer(recipe: Recipe) -> keras.Optimizer:
    updates = recipe.epochs * -(-TRAIN_IMAGES // recipe.batch_size)
    schedules = {
        "constant": recipe.learning_rate,
        "cosine": keras.optimizers.schedules.CosineDecay(recipe.learning_rate, updates),
        "ramp": keras.optimizers.schedules.ExponentialDecay(recipe.learning_rate, updates, decay_rate=RAMP),
    }
    rate = schedules[recipe.schedule]
    if recipe.optimizer == "sgd":
        return keras.optimizers.SGD(rate)
    if recipe.optimizer == "adamw":
        return keras.optimizers.AdamW(rate, weight_decay=0.02)
    return keras.optimizers.Adam(rate)


if __name__ == "__main__":
    tf.config.experimental.enable_op_determinism()
    sys.exit(main())
