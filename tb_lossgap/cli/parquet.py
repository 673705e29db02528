"""Sheets and curves as Parquet, by pyarrow."""

from __future__ import annotations

from typing import IO
from typing import TYPE_CHECKING

from tb_lossgap.cli.errors import need

if TYPE_CHECKING:
    from tb_lossgap.cli.sheet import Cell
    from tb_lossgap.cli.sheet import Sheet


def write_sheet(sheet: Sheet, stream: IO[bytes]) -> None:
    """Writes one table, a column each; hyperparameters of several types become text.

    Raises:
        BadInput: pyarrow is not installed.
    """
    pyarrow, parquet = need("pyarrow", extra="parquet"), need("pyarrow.parquet", extra="parquet")
    columns = {column.name: _one_type([row[place] for row in sheet.rows]) for place, column in enumerate(sheet.columns)}
    parquet.write_table(pyarrow.table(columns), stream)


def _one_type(cells: list[Cell]) -> list[Cell]:
    kinds = {type(cell) for cell in cells if cell is not None}
    if len(kinds) <= 1:
        return cells
    if kinds <= {int, float}:
        return [None if cell is None else float(cell) for cell in cells]
    return [None if cell is None else str(cell) for cell in cells]
