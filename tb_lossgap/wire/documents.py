"""Nouns as JSON documents, as http_api.md and the command line promise them."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING
from typing import Any

from tb_lossgap.analysis import board_of
from tb_lossgap.analysis import ranks
from tb_lossgap.pairing import BY_HAND
from tb_lossgap.pairing import rule_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Mapping

    from tb_lossgap.analysis import Parameters
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray
    from tb_lossgap.model import Judgement
    from tb_lossgap.model import Pair
    from tb_lossgap.model import Point
    from tb_lossgap.model import Progress
    from tb_lossgap.model import Row
    from tb_lossgap.model import SeriesKey
    from tb_lossgap.model import Stop
    from tb_lossgap.snapshot import Entry
    from tb_lossgap.snapshot import Snapshot

    Json = dict[str, Any]

# A page lists unpaired series to help, not to be complete.
_UNPAIRED_SHOWN = 500


def dumps(value: object, *, indent: int | None = None) -> str:
    """Strict JSON: no NaN or Infinity literals, numbers as the shortest text that reads back the same."""
    return json.dumps(value, allow_nan=False, indent=indent, separators=None if indent else (",", ":"))


def printed(document: Mapping[str, Any]) -> str:
    """A document as commands print it, as strict as `dumps`: what the lists at its top hold stands a line each.

    Indented all through it would take ten times as long, for only Python's own encoder does that.
    """
    members = []
    for name, value in document.items():
        listed = ",\n  ".join(map(dumps, value)) if isinstance(value, list) else ""
        members.append(f"{dumps(name)}: " + (f"[\n  {listed}\n]" if listed else dumps(value)))
    return "{\n" + ",\n".join(members) + "\n}\n"


def number(value: float | None) -> float | None:
    """The value, or None where it is not finite."""
    return value if value is not None and math.isfinite(value) else None


def named(key: SeriesKey) -> Json:
    """Run and tag."""
    return {"run": key.run, "tag": key.tag}


def _point(point: Point | None) -> Json | None:
    return None if point is None else {"step": point.step, "value": number(point.value)}


def _step(step: int | None) -> Json | None:
    return None if step is None else {"step": step}


def _plain_stop(stop: Stop | None) -> Json | None:
    if stop is None:
        return None
    return {
        "patience": stop.patience,
        "min_delta": stop.min_delta,
        "step": stop.step,
        "best_step": stop.best_step,
    }


def full_stop(stop: Stop | None, parameters: Parameters) -> Json | None:
    """A stop with its rule, and what it would have cost and saved."""
    plain = _plain_stop(stop)
    if stop is None or plain is None:
        return None
    return {
        "criterion": stop.criterion,
        "rule": parameters.stop_rule,
        **plain,
        "regret": number(stop.regret),
        "steps_saved": stop.steps_saved,
        "seconds_saved": number(stop.seconds_saved),
    }


def _judged(judgement: Judgement) -> Json:
    return {
        "verdict": judgement.verdict,
        "severity": judgement.severity,
        "reason": judgement.reason,
        "best": _point(judgement.best),
        "final": _point(judgement.final),
        "gap_at_best": number(judgement.gap_at_best),
        "final_gap": number(judgement.final_gap),
        "onset": _step(judgement.onset),
    }


def _identity(row: Row) -> Json:
    return {"name": row.training.name, "attempt": row.attempt, "attempts": row.attempts}


def _sides(row: Row) -> Json:
    return {
        "metric": row.pair.metric,
        "train": {**named(row.pair.train), "points": row.train_points},
        "val": {**named(row.pair.val), "points": row.val_points},
    }


def pairs(snapshot: Snapshot) -> Json:
    """What `tb-lossgap pairs --format json` prints."""
    return {
        "logdir": snapshot.logdir,
        "trainings": [
            {
                "name": entry.fit.training.name,
                "attempt": entry.attempt,
                "attempts": len(entry.fit.starts) + 1,
                "pairs": [
                    {
                        "metric": pair.metric,
                        "kind": pair.kind,
                        "primary": pair.primary,
                        "train": named(pair.train),
                        "val": named(pair.val),
                    }
                    for pair in entry.fit.training.pairs
                ],
            }
            for entry in snapshot.entries.values()
        ],
        "unpaired": [{**named(one.key), "reason": one.reason} for one in snapshot.unpaired],
    }


def report(snapshot: Snapshot, rows: Iterable[Row]) -> Json:
    """What `tb-lossgap report --format json` prints."""
    return {
        "logdir": snapshot.logdir,
        "trainings": [
            {
                **_identity(row),
                **_sides(row),
                **_judged(row.judgement),
                "stop": _plain_stop(row.judgement.stop),
                "exact": row.exact,
            }
            for row in rows
        ],
        "warnings": _warnings(snapshot),
    }


def _warnings(snapshot: Snapshot) -> list[Json]:
    return [{"file": one.file, "byte": one.byte, "what": one.what} for one in snapshot.warnings]


def progress(snapshot: Snapshot) -> Json:
    """The answer of the `progress` route."""
    return {"version": snapshot.version, "state": snapshot.state, "progress": _progress(snapshot.progress)}


def _progress(progress: Progress) -> Json:
    return {
        "files": progress.files,
        "files_total": progress.files_total,
        "bytes": progress.bytes,
        "bytes_total": progress.bytes_total,
        "seconds_left": number(progress.seconds_left),
    }


def trainings(
    snapshot: Snapshot, parameters: Parameters, *, metric: str = "", joined: Collection[str] = frozenset()
) -> Json:
    """The answer of the `trainings` route.

    Args:
        snapshot: What is known of the logs.
        parameters: What the reader set.
        metric: The quantity to judge, "" for each training's primary pair.
        joined: Tags of validation series that the reader ranks together.
    """
    rows = snapshot.rows(parameters, metric=metric)
    ranked = ranks(rows, joined=joined)
    order = [*ranked, *(known for known in rows if known not in ranked)]
    answer = {
        "version": snapshot.version,
        "state": snapshot.state,
        "logdir": snapshot.logdir,
        "exact": snapshot.exact,
        "progress": _progress(snapshot.progress),
        "parameters": {"metric": metric, **parameters.sliders},
        "metrics": _metrics(snapshot),
        "trainings": [
            {
                **_training(snapshot.entries[known], rows[known]),
                **_changing(rows[known], parameters),
                "board": board_of(rows[known], joined),
                "rank": ranked.get(known),
            }
            for known in order
        ],
        "refused": [{"name": choice.name, "reason": reason} for choice, reason in snapshot.refused],
        "unpaired": {
            "total": len(snapshot.unpaired),
            "items": [{**named(one.key), "reason": one.reason} for one in snapshot.unpaired[:_UNPAIRED_SHOWN]],
        },
        "warnings": _warnings(snapshot),
    }
    if snapshot.error:
        answer["error"] = snapshot.error
    return answer


def _metrics(snapshot: Snapshot) -> list[Json]:
    found: dict[str, Json] = {}
    for fit in snapshot.fits.values():
        for pair in fit.training.pairs:
            known = found.setdefault(
                pair.metric, {"name": pair.metric, "kind": pair.kind, "direction": pair.direction, "trainings": 0}
            )
            known["trainings"] += 1
    return sorted(found.values(), key=lambda one: (one["kind"] != "loss", -one["trainings"], one["name"]))


def _training(entry: Entry, row: Row) -> Json:
    """What of a training no parameter changes."""
    curves = entry.curves(row.pair.metric)
    if curves is None:
        raise KeyError(row.pair.metric)
    train, val, judgement = curves.attempt.train, curves.attempt.val, row.judgement
    steps = [*_ends(train.steps), *_ends(val.steps)]
    times = [*_ends(train.wall_times), *_ends(val.wall_times)]
    return {
        "id": entry.id,
        **_identity(row),
        "latest": entry.latest,
        "runs": list(row.training.runs),
        **_sides(row),
        "kind": row.pair.kind,
        "direction": row.pair.direction,
        "primary": row.pair.primary,
        "best": _point(judgement.best),
        "final": _point(judgement.final),
        "gap_at_best": number(judgement.gap_at_best),
        "final_gap": number(judgement.final_gap),
        "gl_final": number(judgement.gl_final),
        "first_step": min(steps, default=None),
        "last_step": max(steps, default=None),
        "start_time": min(filter(math.isfinite, times), default=0.0),
        "duration": number(judgement.duration),
        "alignment": judgement.alignment,
        "with_gap": judgement.with_gap,
        "note": row.pair.note,
        "convention": row.pair.convention,
        "hand_rule": _hand_rule(row.pair),
        "exact": row.exact,
        "hparams": {name: number(value) if isinstance(value, float) else value for name, value in row.hparams.items()},
    }


def _changing(row: Row, parameters: Parameters) -> Json:
    """What of a training the parameters decide."""
    judgement = row.judgement
    said = {name: write(getattr(judgement, name)) for name, write in SAID}
    return {**said, "stop": full_stop(judgement.stop, parameters)}


# What of a judgement the parameters decide beside its stop, and how it is written.
SAID: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    *((name, lambda said: said) for name in ("verdict", "severity", "reason", "advice")),
    ("caveats", list),
    ("onset", _step),
    ("divergence", _step),
)


def _hand_rule(pair: Pair) -> Json | None:
    """The rule that would make a choice by hand permanent."""
    if pair.convention != BY_HAND:
        return None
    train, val = rule_for(pair.train, pair.val)
    return {"train": train, "val": val}


def _ends(column: IntArray | FloatArray) -> list[Any]:
    return [column[0].item(), column[-1].item()] if len(column) else []
