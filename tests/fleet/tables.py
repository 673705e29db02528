"""What a test asks of a fleet's table."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

    Rows = list[dict[str, Any]]


def rows(table: Path | str) -> Rows:
    """Every row of a table, in the order of trainings and attempts."""
    found: Rows = pq.read_table(str(table)).to_pylist()
    return sorted(found, key=lambda row: (row["training"], row["attempt"] or 0))


def by_training(table: Path | str) -> dict[str, dict[str, Any]]:
    """The last attempt's row by training."""
    return {row["training"]: row for row in rows(table)}
