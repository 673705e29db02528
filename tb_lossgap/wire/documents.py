"""Nouns as JSON documents, as http_api.md and the command line promise them."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from tb_lossgap.analysis import Parameters
    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray
    from tb_lossgap.model import Judgement
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


def number(value: float | None) -> float | None:
    """The value, or None where it is not finite."""
    return value if value is not None and math.isfinite(value) else None


def _key(key: SeriesKey) -> Json:
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


def _full_stop(stop: Stop | None) -> Json | None:
    plain = _plain_stop(stop)
    if stop is None or plain is None:
        return None
    return {
        "criterion": stop.criterion,
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
        "train": {**_key(row.pair.train), "points": row.train_points},
        "val": {**_key(row.pair.val), "points": row.val_points},
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
                        "train": _key(pair.train),
                        "val": _key(pair.val),
                    }
                    for pair in entry.fit.training.pairs
                ],
            }
            for entry in snapshot.entries.values()
        ],
        "unpaired": [{**_key(one.key), "reason": one.reason} for one in snapshot.unpaired],
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


def trainings(snapshot: Snapshot, parameters: Parameters, *, metric: str, ranks: Mapping[str, int]) -> Json:
    """The answer of the `trainings` route.

    Args:
        snapshot: What is known of the logs.
        parameters: What the reader set.
        metric: The quantity to judge, "" for each training's primary pair.
        ranks: Rank by id, in the order in which trainings are to be listed; ids without a rank follow by name.
    """
    rows = snapshot.rows(parameters, metric=metric)
    order = [*ranks, *(known for known in rows if known not in ranks)]
    answer = {
        "version": snapshot.version,
        "state": snapshot.state,
        "logdir": snapshot.logdir,
        "exact": snapshot.exact,
        "progress": _progress(snapshot.progress),
        "parameters": {
            "metric": metric,
            "patience": parameters.patience,
            "min_delta": parameters.min_delta,
            "tolerance": parameters.tolerance,
        },
        "metrics": _metrics(snapshot),
        "trainings": [_training(snapshot.entries[known], rows[known], ranks.get(known)) for known in order],
        "unpaired": {
            "total": len(snapshot.unpaired),
            "items": [{**_key(one.key), "reason": one.reason} for one in snapshot.unpaired[:_UNPAIRED_SHOWN]],
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


def _training(entry: Entry, row: Row, rank: int | None) -> Json:
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
        "board": row.pair.val.tag,
        "rank": rank,
        **_judged(judgement),
        "advice": judgement.advice,
        "caveats": list(judgement.caveats),
        "gl_final": number(judgement.gl_final),
        "stop": _full_stop(judgement.stop),
        "divergence": _step(judgement.divergence),
        "first_step": min(steps, default=None),
        "last_step": max(steps, default=None),
        "start_time": number(min(times, default=math.nan)),
        "duration": number(judgement.duration),
        "alignment": judgement.alignment,
        "with_gap": judgement.with_gap,
        "note": row.pair.note,
        "convention": row.pair.convention,
        "exact": row.exact,
        "hparams": {name: number(value) if isinstance(value, float) else value for name, value in row.hparams.items()},
    }


def _ends(column: IntArray | FloatArray) -> list[Any]:
    return [column[0].item(), column[-1].item()] if len(column) else []
