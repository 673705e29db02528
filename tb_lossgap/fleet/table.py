"""The table of a fleet: Parquet files, a folder for each verdict, that grow row by row and forget shard by shard."""

from __future__ import annotations

import io
import json
import os
import posixpath
import re
from collections import Counter
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import quote

from tb_lossgap.fleet.crew import FleetError
from tb_lossgap.fleet.records import FLEET_COLUMNS
from tb_lossgap.fleet.records import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    import pyarrow as pa

    from tb_lossgap.fleet.records import Record
    from tb_lossgap.fleet.work import Outcome

# So many rows of one verdict are kept back until they are written, and are Python's at a time.
_ROWS_A_FILE = 5000
_ROWS_A_PIECE = 200
# The folder of rows without a verdict; a missing one is what pandas cannot read.
_NO_VERDICT = "unjudged"
_SETTINGS = b"tb_lossgap"
_PART = re.compile(r"/verdict=[^/]+/part-\d+\.parquet$")


class FleetTable:
    """A folder, or a URL that fsspec knows, of Parquet files `verdict=…/part-….parquet`.

    Args:
        url: The folder; made where it is missing.
        settings: What the rows were judged by, written into every file.

    Raises:
        FleetError: pyarrow is not installed, or the folder cannot be used.
    """

    def __init__(self, url: str, settings: Mapping[str, Any]) -> None:
        import fsspec

        try:
            import pyarrow  # noqa: F401, ICN001  asked for here, so that nothing is judged in vain
        except ImportError as error:
            raise FleetError("Parquet needs pyarrow; pip install 'tb-lossgap[parquet]'") from error
        self.settings = json.loads(json.dumps(settings))
        try:
            self._files, self._path = fsspec.core.url_to_fs(url)
            self._files.makedirs(self._path, exist_ok=True)
            self._files.invalidate_cache()
            self._parts: list[str] = sorted(filter(_PART.search, self._files.find(self._path)))
        except Exception as error:
            raise FleetError(f"{url}: cannot be written to ({error})") from error
        self._rows: dict[str, list[Record]] = {}
        self._pieces: dict[str, list[pa.Table]] = {}
        self._count = max((int(part.rpartition("-")[2][: -len(".parquet")]) for part in self._parts), default=-1)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written into it so far."""
        return not self._parts

    def known_settings(self) -> list[dict[str, Any]]:
        """Return what its files were judged by, each once."""
        found: list[dict[str, Any]] = []
        for part in self._parts:
            metadata = self._open(part).schema_arrow.metadata or {}
            settings = json.loads(metadata.get(_SETTINGS, b"{}"))
            if settings not in found:
                found.append(settings)
        return found

    def origins(self) -> Iterator[Record]:
        """Yield of every row its attempt, verdict (or None), error, shard and files."""
        for part in self._parts:
            verdict = _verdict_of(part)
            for batch in self._open(part).iter_batches(_ROWS_A_PIECE, columns=["attempt", "error", "shard", "files"]):
                for row in batch.to_pylist():
                    yield row | {"verdict": verdict}

    def rows_of(self, verdict: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield some columns of every row that has a verdict."""
        for part in self._parts:
            if _verdict_of(part) == verdict:
                table = self._open(part).read(columns=list(columns))
                yield from zip(*(table[name].to_pylist() for name in columns), strict=True)

    def counts(self) -> tuple[Counter[str], int]:
        """Return how many rows of each verdict were written ("" for none), and how many rows have an error."""
        verdicts: Counter[str] = Counter()
        errors = 0
        for part in self._parts:
            column = self._open(part).read(columns=["error"])["error"]
            verdicts[_verdict_of(part) or ""] += len(column)
            errors += len(column) - column.null_count
        return verdicts, errors

    def add(self, outcome: Outcome) -> None:
        """Adds the rows of a shard."""
        for record in outcome.records:
            rows = self._rows.setdefault(record.get("verdict") or _NO_VERDICT, [])
            rows.append(record)
            if len(rows) >= _ROWS_A_PIECE:
                self._condense(record.get("verdict") or _NO_VERDICT)

    def forget(self, shards: Collection[str]) -> None:
        """Takes out the rows of some shards; the files that have any are written again."""
        if not shards:
            return
        import pyarrow as pa
        import pyarrow.compute as pc

        self.close()
        gone = pa.array(sorted(shards), pa.string())
        for part in tuple(self._parts):
            file = self._open(part)
            if pc.any(pc.is_in(file.read(columns=["shard"])["shard"], gone)).as_py():
                table = file.read()
                kept = table.filter(pc.invert(pc.is_in(table["shard"], gone)))
                if kept.num_rows:
                    self._write(part, kept)
                else:
                    self._files.rm(part)
                    self._parts.remove(part)

    def close(self) -> None:
        """Writes what was kept back."""
        for verdict in list(self._rows):
            self._condense(verdict)
            self._flush(verdict)

    def _open(self, part: str) -> Any:
        import pyarrow.parquet as pq

        return pq.ParquetFile(io.BytesIO(self._files.cat_file(part)))

    def _condense(self, verdict: str) -> None:
        """Holds rows as Arrow does, in a fraction of the memory, and writes them when they are enough for a file."""
        import pyarrow as pa

        columns = {name: kind for name, kind in FLEET_COLUMNS.items() if name != "verdict"}
        schema = arrow_schema(columns).with_metadata({_SETTINGS: json.dumps(self.settings).encode()})
        rows, self._rows[verdict] = self._rows[verdict], []
        pieces = self._pieces.setdefault(verdict, [])
        pieces.append(pa.Table.from_pylist(rows, schema=schema))
        if sum(piece.num_rows for piece in pieces) >= _ROWS_A_FILE:
            self._flush(verdict)

    def _flush(self, verdict: str) -> None:
        import pyarrow as pa

        table = pa.concat_tables(self._pieces.pop(verdict, []) or [pa.table({})])
        if table.num_rows:
            self._count += 1
            part = f"{self._path}/verdict={quote(verdict)}/part-{self._count:06d}.parquet"
            self._write(part, table)
            self._parts.append(part)

    def _write(self, part: str, table: pa.Table) -> None:
        """Puts a whole file in its place at once, so that nobody ever reads half of one."""
        import pyarrow.parquet as pq
        from fsspec.implementations.local import LocalFileSystem

        content = io.BytesIO()
        pq.write_table(table, content, compression="zstd")
        folder, name = posixpath.split(part)
        self._files.makedirs(folder, exist_ok=True)
        if not isinstance(self._files, LocalFileSystem):
            self._files.pipe_file(part, content.getvalue())
            return
        # An underscore hides it from everybody who reads Parquet folders.
        half = f"{folder}/_{name}.half"
        self._files.pipe_file(half, content.getvalue())
        os.replace(half, part)


def _verdict_of(part: str) -> str | None:
    verdict = posixpath.basename(posixpath.dirname(part)).partition("=")[2]
    return None if verdict == _NO_VERDICT else verdict


def latest_with(url: str, verdicts: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Yield name, verdict and reason of every training in a table whose latest attempt has one of some verdicts."""
    table = FleetTable(url, {})
    for verdict in verdicts:
        for training, attempt, attempts, reason in table.rows_of(
            verdict, ("training", "attempt", "attempts", "reason")
        ):
            if attempt == attempts:
                yield training, verdict, reason
