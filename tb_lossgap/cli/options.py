"""Options that several commands share, and the types of their values."""

from __future__ import annotations

import argparse
import math
import re
from typing import get_args

from tb_lossgap.analysis.parameters import Criterion
from tb_lossgap.analysis.parameters import Parameters
from tb_lossgap.model import Verdict

_DEFAULTS = Parameters()


def add_choosing(parser: argparse.ArgumentParser) -> None:
    """Adds the choice of trainings and of the quantity."""
    parser.add_argument("--filter", metavar="REGEX", type=regex, help="only trainings in whose name this is found")
    parser.add_argument(
        "--metric", metavar="NAME", default="", help="judge this quantity, such as accuracy (default: the main loss)"
    )


def add_judging(parser: argparse.ArgumentParser) -> None:
    """Adds the parameters of the judgement."""
    group = parser.add_argument_group("judging")
    group.add_argument(
        "--stop",
        choices=get_args(Criterion),
        default=_DEFAULTS.criterion,
        help="early stopping to replay: that of Keras, Lightning or Hugging Face (--patience, --min-delta), or"
        " Prechelt's GL (--tolerance), PQ (--alpha) or UP (as many strips of five points as --patience begins);"
        " default: %(default)s",
    )
    group.add_argument(
        "--patience",
        metavar="N",
        type=whole,
        default=_DEFAULTS.patience,
        help="validation points without improvement that the stop waits for (default: %(default)s)",
    )
    group.add_argument(
        "--min-delta",
        metavar="X",
        type=not_negative,
        default=_DEFAULTS.min_delta,
        help="smallest change that counts as an improvement (default: %(default)s)",
    )
    group.add_argument(
        "--tolerance",
        metavar="PERCENT",
        type=not_negative,
        default=_DEFAULTS.tolerance,
        help="how far validation may end above its best without being called overfit (default: %(default)s)",
    )
    group.add_argument(
        "--alpha",
        metavar="X",
        type=not_negative,
        default=_DEFAULTS.alpha,
        help="generalization loss over training progress at which PQ stops (default: %(default)s)",
    )


def parameters(options: argparse.Namespace) -> Parameters:
    """The parameters of the judgement, as the options of `add_judging` set them."""
    return Parameters(
        patience=options.patience,
        min_delta=options.min_delta,
        tolerance=options.tolerance,
        criterion=options.stop,
        alpha=options.alpha,
    )


def whole(text: str) -> int:
    """A whole number of at least 0."""
    value = int(text) if text.isascii() and text.isdigit() else -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 0, not {text!r}")
    return value


def not_negative(text: str) -> float:
    """A finite number of at least 0."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise argparse.ArgumentTypeError(f"must be a number of at least 0, not {text!r}")
    return value


def regex(text: str) -> re.Pattern[str]:
    """A regular expression."""
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no regular expression: {error}") from error


def verdicts(text: str) -> tuple[str, ...]:
    """One or several verdicts with commas between them."""
    names = tuple(text.split(","))
    unknown = set(names) - set(get_args(Verdict))
    if unknown:
        raise argparse.ArgumentTypeError(f"must be of {', '.join(get_args(Verdict))}, not {text!r}")
    return names
