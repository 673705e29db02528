"""Ties hyperparameters, logged in runs of their own or not, to the trainings that they belong to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from tb_lossgap.model import HParam
    from tb_lossgap.model import Training

# torch's add_hparams and older Hugging Face trainers log a session into a run named by time.time().
_SESSION = re.compile(r"(?:(?P<parent>.+)/)?(?P<time>\d{9,11}\.\d+)")


def session_of(run: str) -> str | None:
    """Return the run in which a session run lies ("exp" for "exp/1700000000.123"), None for any other run."""
    match = _SESSION.fullmatch(run)
    return (match["parent"] or ".") if match else None


def assign_hparams(
    trainings: Sequence[Training], hparams: Mapping[str, Mapping[str, HParam]]
) -> dict[str, dict[str, HParam]]:
    """Return the hyperparameters of each training that has any, by the training's name.

    A training's are those logged in the directory it is named for, in one of its runs, or in a session run nested
    in one of these; the nearer to the training's own name, and among sessions the later, overrides.

    Args:
        trainings: The trainings of a logdir.
        hparams: Hyperparameters by the run in whose event files they are.
    """
    sessions: dict[str, list[str]] = {}
    for run in sorted(hparams):
        parent = session_of(run)
        if parent is not None:
            sessions.setdefault(parent, []).append(run)
    found: dict[str, dict[str, HParam]] = {}
    for training in trainings:
        merged: dict[str, HParam] = {}
        for place in (*sorted(set(training.runs) - {training.name}), training.name):
            for run in (*sessions.get(place, ()), place):
                merged.update(hparams.get(run, {}))
        if merged:
            found[training.name] = merged
    return found
