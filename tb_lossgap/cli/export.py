"""`tb-lossgap export`: every point of the paired curves and of their gap."""

from __future__ import annotations

from itertools import repeat
from typing import IO
from typing import TYPE_CHECKING
from typing import NamedTuple

import numpy as np

from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.errors import need
from tb_lossgap.cli.logdir import add_logdir
from tb_lossgap.cli.logdir import read
from tb_lossgap.cli.options import regex
from tb_lossgap.cli.output import add_output
from tb_lossgap.cli.output import writing
from tb_lossgap.cli.text_formats import csv_row
from tb_lossgap.wire import documents

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from collections.abc import Sequence

    from tb_lossgap.model import FloatArray
    from tb_lossgap.model import IntArray
    from tb_lossgap.snapshot import Snapshot

_NAMES = ("name", "attempt", "metric", "series", "run", "tag")
_ROWS_AT_A_TIME = 1_000_000

_EPILOG = """\
Each training and attempt has, for each metric, three series: train and val, their cleaned values, and gap, validation
minus training at the validation steps. Values that are not finite are nan, inf and -inf in CSV, null in JSON.

examples:
  tb-lossgap export runs > curves.csv
  tb-lossgap export runs --filter '^cnn-' --metric loss --format jsonl | jq .name
  tb-lossgap export runs --format parquet --output curves.parquet

exit status:
  0 the logs could be read
  2 bad input
"""


class Exported(NamedTuple):
    """One series to write: its names in the order of the first columns, and its points."""

    names: tuple[str, int, str, str, str, str]
    steps: IntArray
    wall_times: FloatArray
    values: FloatArray


def define(parser: argparse.ArgumentParser) -> None:
    """Says what the command is and which options it has."""
    parser.description = "Writes every point of the paired series and of their gap, cleaned of resumed tails."
    parser.epilog = _EPILOG
    add_logdir(parser)
    parser.add_argument("--filter", metavar="REGEX", type=regex, help="only trainings in whose name this is found")
    parser.add_argument("--metric", metavar="NAME", default="", help="only this quantity (default: all)")
    parser.add_argument(
        "--format",
        choices=("csv", "jsonl", "parquet"),
        default="csv",
        help="csv, parquet: a row a point; jsonl: a line a series; default: csv",
    )
    add_output(parser)


def run(options: argparse.Namespace) -> int:
    """Writes the curves of a logdir."""
    snapshot = read(options)
    _check_metric(snapshot, options.metric)
    write = {"csv": _write_csv, "jsonl": _write_jsonl, "parquet": _write_parquet}[options.format]
    if options.format == "parquet":
        need("pyarrow", extra="parquet")
    with writing(options.output, binary=options.format == "parquet") as stream:
        write(exported(snapshot, options), stream)
    return 0


def _check_metric(snapshot: Snapshot, metric: str) -> None:
    known = {pair.metric for fit in snapshot.fits.values() for pair in fit.training.pairs}
    if metric and known and metric not in known:
        raise BadInput(f"no training has a pair of {metric!r}; there is {', '.join(sorted(known))}")


def exported(snapshot: Snapshot, options: argparse.Namespace) -> Iterator[Exported]:
    """The series that `--filter` and `--metric` choose, by name, attempt and metric."""
    for entry in snapshot.entries.values():
        training = entry.fit.training
        if options.filter and not options.filter.search(training.name):
            continue
        for pair in training.pairs:
            curves = entry.curves(pair.metric)
            if curves is None or (options.metric and pair.metric != options.metric):
                continue
            names = (training.name, entry.attempt, pair.metric)
            train, val, gap = curves.attempt.train, curves.attempt.val, curves.measured.alignment.gap
            yield Exported(
                (*names, "train", pair.train.run, pair.train.tag), train.steps, train.wall_times, train.values
            )
            yield Exported((*names, "val", pair.val.run, pair.val.tag), val.steps, val.wall_times, val.values)
            yield Exported((*names, "gap", pair.val.run, pair.val.tag), val.steps, val.wall_times, gap)


def _write_csv(series: Iterator[Exported], stream: IO[bytes]) -> None:
    stream.write(f"{csv_row((*_NAMES, 'step', 'wall_time', 'value'))}\n".encode())
    for one in series:
        columns = zip(repeat(csv_row(one.names)), one.steps.tolist(), one.wall_times.tolist(), one.values.tolist())
        stream.write("".join(f"{names},{step},{time!r},{value!r}\n" for names, step, time, value in columns).encode())


def _write_jsonl(series: Iterator[Exported], stream: IO[bytes]) -> None:
    for one in series:
        line = {
            **dict(zip(_NAMES, one.names, strict=True)),
            "step": one.steps.tolist(),
            "wall_time": _finite(one.wall_times),
            "value": _finite(one.values),
        }
        stream.write(f"{documents.dumps(line)}\n".encode())


def _finite(values: FloatArray) -> list[float | None]:
    return [documents.number(value) for value in values.tolist()]


def _write_parquet(series: Iterator[Exported], stream: IO[bytes]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    text = pa.dictionary(pa.int32(), pa.string())
    kinds = (text, pa.int64(), text, text, text, text, pa.int64(), pa.float64(), pa.float64())
    schema = pa.schema(list(zip((*_NAMES, "step", "wall_time", "value"), kinds, strict=True)))

    def write(batch: Sequence[Exported]) -> None:
        lengths = [len(one.steps) for one in batch]
        names = [
            pa.array([one.names[place] for one in batch], pa.int64() if kind == pa.int64() else pa.string())
            .take(pa.array(np.repeat(np.arange(len(batch)), lengths)))
            .cast(kind)
            for place, kind in enumerate(kinds[: len(_NAMES)])
        ]
        points = [np.concatenate([one[place] for one in batch]) for place in (1, 2, 3)]
        writer.write_table(pa.table([*names, *map(pa.array, points)], schema=schema))

    with parquet.ParquetWriter(stream, schema) as writer:
        batch: list[Exported] = []
        for one in series:
            batch.append(one)
            if sum(len(each.steps) for each in batch) >= _ROWS_AT_A_TIME:
                write(batch)
                batch = []
        if batch:
            write(batch)
