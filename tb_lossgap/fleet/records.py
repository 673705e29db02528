"""Rows of a report as flat records, and the columns that they make."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    import pyarrow as pa

    from tb_lossgap.fleet.files import Mark
    from tb_lossgap.model import Row

    Record = dict[str, Any]

# Every column of a judged training, and its type as Arrow names it.
COLUMNS = {
    "training": "string",
    "attempt": "int32",
    "attempts": "int32",
    "metric": "string",
    "verdict": "string",
    "severity": "string",
    "reason": "string",
    "advice": "string",
    "caveats": "list<string>",
    "train_run": "string",
    "train_tag": "string",
    "train_points": "int64",
    "val_run": "string",
    "val_tag": "string",
    "val_points": "int64",
    "direction": "string",
    "best_step": "int64",
    "best": "double",
    "final_step": "int64",
    "final": "double",
    "gap_at_best": "double",
    "final_gap": "double",
    "gl_final": "double",
    "onset": "int64",
    "criterion": "string",
    "patience": "int64",
    "min_delta": "double",
    "stop": "int64",
    "stop_best_step": "int64",
    "regret": "double",
    "steps_saved": "int64",
    "seconds_saved": "double",
    "divergence": "int64",
    "alignment": "string",
    "with_gap": "int64",
    "duration": "double",
    "exact": "bool",
    "hparams": "string",
}
# What a fleet's table has besides: why there is no judgement, the shard that the row came from, and its files.
FLEET_COLUMNS = {**COLUMNS, "error": "string", "shard": "string", "files": "files"}


def record_of(row: Row) -> Record:
    """Return a row as a flat record, a key a column; what is missing or not finite is None.

    Hyperparameters are JSON text, since no two trainings need have the same.
    """
    judged = row.judgement
    record: Record = {
        "training": row.training.name,
        "attempt": row.attempt,
        "attempts": row.attempts,
        "metric": row.pair.metric,
        "train_run": row.pair.train.run,
        "train_tag": row.pair.train.tag,
        "train_points": row.train_points,
        "val_run": row.pair.val.run,
        "val_tag": row.pair.val.tag,
        "val_points": row.val_points,
        "direction": row.pair.direction,
        "caveats": list(judged.caveats),
        "exact": row.exact,
        "hparams": json.dumps({name: finite(value) for name, value in sorted(row.hparams.items())}),
    }
    for name in ("verdict", "severity", "reason", "advice", "onset", "divergence", "alignment", "with_gap"):
        record[name] = getattr(judged, name)
    for name in ("gap_at_best", "final_gap", "gl_final", "duration"):
        record[name] = finite(getattr(judged, name))
    for name in ("best", "final"):
        point = getattr(judged, name)
        record |= {f"{name}_step": point.step, name: finite(point.value)} if point else {}
    if judged.stop:
        record |= {"stop": judged.stop.step, "stop_best_step": judged.stop.best_step}
        for name in ("criterion", "patience", "min_delta", "regret", "steps_saved", "seconds_saved"):
            record[name] = finite(getattr(judged.stop, name))
    return record


def unjudged(training: str, marks: Iterable[Mark], *, shard: str, reason: str = "", error: str = "") -> Record:
    """Return the record of what has no judgement, and why."""
    return {"training": training, "reason": reason or None} | with_origin({}, marks, shard=shard, error=error)


def with_origin(record: Record, marks: Iterable[Mark], *, shard: str, error: str = "") -> Record:
    """Return a record with what tells where it is from."""
    files = [{"path": one.name, "size": one.size, "modified": one.modified, "version": one.version} for one in marks]
    return record | {"error": error or None, "shard": shard, "files": files}


def finite(value: Any) -> Any:
    """Return a value, or None for a number that is not finite."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def arrow_schema(columns: Mapping[str, str]) -> pa.Schema:
    """Return the Arrow schema of some columns; needs pyarrow."""
    import pyarrow as pa

    file = pa.struct(
        [("path", pa.string()), ("size", pa.int64()), ("modified", pa.float64()), ("version", pa.string())]
    )
    special = {"list<string>": pa.list_(pa.string()), "files": pa.list_(file)}
    return pa.schema([(name, special.get(kind) or pa.type_for_alias(kind)) for name, kind in columns.items()])
