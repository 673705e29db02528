"""Options that several commands share, and the types of their values."""

from __future__ import annotations

import argparse
import math
import re
from typing import TYPE_CHECKING
from typing import get_args

from tb_lossgap.analysis.parameters import Criterion
from tb_lossgap.analysis.parameters import Parameters
from tb_lossgap.cli.errors import BadInput
from tb_lossgap.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

_DEFAULTS = Parameters()

# What only one framework's rule has.
_OWN: dict[Criterion, tuple[str, ...]] = {
    "keras": ("baseline", "start_from_epoch"),
    "lightning": ("check_finite", "stopping_threshold", "divergence_threshold"),
}
# A report has another baseline.
_FLAGS = {"baseline": "--stop-baseline", "check_finite": "--no-check-finite"}


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
        help="early stopping to replay: that of Keras, Lightning or Hugging Face (--patience, --min-delta and what is"
        " named after each below), or Prechelt's GL (--tolerance), PQ (--alpha) or UP (as many strips of five points as"
        " --patience begins); default: %(default)s",
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
    group.add_argument(
        "--stop-baseline",
        metavar="X",
        type=number,
        help="Keras' baseline: the wait begins anew only at improvements that are better than X too",
    )
    group.add_argument(
        "--start-from-epoch",
        metavar="N",
        type=whole,
        default=_DEFAULTS.start_from_epoch,
        help="Keras' start_from_epoch: N validation points are not watched at first (default: %(default)s)",
    )
    group.add_argument(
        "--stopping-threshold", metavar="X", type=number, help="Lightning's: stop at once at a value better than X"
    )
    group.add_argument(
        "--divergence-threshold", metavar="X", type=number, help="Lightning's: stop at once at a value worse than X"
    )
    group.add_argument(
        "--no-check-finite", action="store_true", help="Lightning's check_finite=False: go on at NaN and infinity"
    )


def parameters(options: argparse.Namespace) -> Parameters:
    """The parameters of the judgement, as the options of `add_judging` set them.

    Raises:
        BadInput: An option was given that the chosen stopping rule does not have.
    """
    wanted = Parameters(
        patience=options.patience,
        min_delta=options.min_delta,
        tolerance=options.tolerance,
        criterion=options.stop,
        alpha=options.alpha,
        baseline=options.stop_baseline,
        start_from_epoch=options.start_from_epoch,
        check_finite=not options.no_check_finite,
        stopping_threshold=options.stopping_threshold,
        divergence_threshold=options.divergence_threshold,
    )
    for criterion, names in _OWN.items():
        for name in names:
            if criterion != wanted.criterion and getattr(wanted, name) != getattr(_DEFAULTS, name):
                flag = _FLAGS.get(name, f"--{name.replace('_', '-')}")
                raise BadInput(f"{flag} goes with --stop {criterion}, not with --stop {wanted.criterion}")
    return wanted


def completed(action: argparse.Action, words: Iterable[str]) -> None:
    """Lets a shell offer these words as values of an option that takes others too."""
    action.completer = lambda **_: words  # type: ignore[attr-defined]  # argcomplete's name for it


def whole(text: str) -> int:
    """A whole number of at least 0."""
    value = int(text) if text.isascii() and text.isdigit() else -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 0, not {text!r}")
    return value


def number(text: str) -> float:
    """A finite number."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"must be a number, not {text!r}")
    return value


def not_negative(text: str) -> float:
    """A finite number of at least 0."""
    value = number(text)
    if value < 0:
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
