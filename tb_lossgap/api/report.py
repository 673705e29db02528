"""Every training of a logdir, judged and ranked, as the Python API gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from tb_lossgap.analysis import ranks
from tb_lossgap.api.extras import needed
from tb_lossgap.fleet.records import COLUMNS
from tb_lossgap.fleet.records import arrow_schema
from tb_lossgap.fleet.records import record_of
from tb_lossgap.snapshot import entry_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from tb_lossgap.model import ReadWarning
    from tb_lossgap.model import Row
    from tb_lossgap.model import Unpaired


@dataclass(frozen=True, slots=True)
class Report:
    """The rows of a report: best first for each quantity, then older attempts and what cannot be ranked.

    Attributes:
        logdir: The logdir as it was opened.
        rows: A row an attempt.
        ranks: The rank of each row, None where it has none.
        unpaired: Series in no pair, with their reasons.
        warnings: Files that could not be read whole.
    """

    logdir: str
    rows: tuple[Row, ...]
    ranks: tuple[int | None, ...]
    unpaired: tuple[Unpaired, ...] = ()
    warnings: tuple[ReadWarning, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def to_pandas(self) -> Any:
        """Return a `pandas.DataFrame`: a row an attempt, a column a hyperparameter; needs the extra "pandas"."""
        records = [self._record(place) for place in range(len(self.rows))]
        for record, row in zip(records, self.rows, strict=True):
            del record["hparams"]
            record |= {f"hparam:{name}": value for name, value in row.hparams.items()}
        fixed = [name for name in ("rank", *COLUMNS) if name != "hparams"]
        further = sorted({name for record in records for name in record} - set(fixed))
        return needed("pandas", extra="pandas").DataFrame(records, columns=[*fixed, *further])

    def to_arrow(self) -> Any:
        """Return a `pyarrow.Table`: a row an attempt, hyperparameters as JSON; needs the extra "parquet"."""
        pyarrow = needed("pyarrow", extra="parquet")
        records = [self._record(place) for place in range(len(self.rows))]
        return pyarrow.Table.from_pylist(records, schema=arrow_schema({"rank": "int64", **COLUMNS}))

    def _record(self, place: int) -> dict[str, Any]:
        return {"rank": self.ranks[place]} | record_of(self.rows[place])

    def _repr_html_(self) -> str:
        from tb_lossgap.api.html import report_table

        return report_table(self)


def make_report(
    logdir: str, rows: Iterable[Row], *, unpaired: tuple[Unpaired, ...] = (), warnings: tuple[ReadWarning, ...] = ()
) -> Report:
    """Return the report of some rows."""
    by_id = {entry_id(row.training.name, row.attempt): row for row in rows}
    ranked = ranks(by_id)
    order = [*ranked, *(known for known in by_id if known not in ranked)]
    return Report(
        logdir, tuple(by_id[known] for known in order), tuple(ranked.get(known) for known in order), unpaired, warnings
    )
