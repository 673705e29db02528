"""What the page asks for beside all trainings: what sliders change, the patience table, the scalars of a training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tb_lossgap.wire.documents import SAID
from tb_lossgap.wire.documents import full_stop
from tb_lossgap.wire.documents import named
from tb_lossgap.wire.documents import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tb_lossgap.analysis import Parameters
    from tb_lossgap.analysis import PatienceRow
    from tb_lossgap.snapshot import Entry
    from tb_lossgap.snapshot import Snapshot
    from tb_lossgap.wire.documents import Json


def judgements(snapshot: Snapshot, parameters: Parameters, than: Parameters, *, metric: str = "") -> Json:
    """The answer of the `judgements` route: by id, the fields of `trainings` that are other than under `than`."""
    changed: dict[str, Json] = {}
    if parameters.tolerance != than.tolerance:
        before = snapshot.rows_like(than, metric=metric)
        for known, row in snapshot.rows_like(parameters, metric=metric).items():
            now, was = row.judgement, before[known].judgement
            fields = {name: write(said) for name, write in SAID if (said := getattr(now, name)) != getattr(was, name)}
            if fields:
                changed[known] = fields
    stopped, ruled = snapshot.stops(than, metric=metric), parameters.stop_rule != than.stop_rule
    for known, stop in snapshot.stops(parameters, metric=metric).items():
        if stop != stopped[known] or (ruled and stop):
            changed.setdefault(known, {})["stop"] = full_stop(stop, parameters)
    return {"version": snapshot.version, "parameters": {"metric": metric, **parameters.sliders}, "changed": changed}


def patience(snapshot: Snapshot, table: Sequence[PatienceRow], trainings: int, missing: Sequence[str]) -> Json:
    """The answer of the `patience` route.

    Args:
        snapshot: What the table was made from.
        table: Its rows; empty where no training has a finite value.
        trainings: How many trainings it was made from.
        missing: Ids asked for that do not exist or have no such pair.
    """
    return {
        "version": snapshot.version,
        "trainings": trainings,
        "rows": [{**row._asdict(), "regret": number(row.regret)} for row in table],
        "missing": list(missing),
    }


def tags(snapshot: Snapshot, entry: Entry) -> Json:
    """The answer of the `tags` route: every scalar that was read of a training's runs and of those below it."""
    name, runs = entry.fit.training.name, set(entry.fit.training.runs)
    found = [
        {**named(key), "points": len(series)}
        for key, series in sorted(snapshot.series.items())
        if key.run in runs or key.run == name or key.run.startswith(f"{name}/")
    ]
    return {"version": snapshot.version, "tags": found}
