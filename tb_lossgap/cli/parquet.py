"""Sheets and curves as Parquet, by pyarrow."""

from __future__ import annotations

from typing import IO
from typing import TYPE_CHECKING

from tb_lossgap.cli.errors import need

if TYPE_CHECKING:
    from tb_lossgap.cli.sheet import Cell
    from tb_lossgap.cli.sheet import Sheet


def write_sheet(sheet: Sheet, stream: IO[bytes]) -> None:
    """Writes one table, a column each, whose types do not depend on the cells.

    Raises:
        BadInput: pyarrow is not installed.
    """
    pyarrow, parquet = need("pyarrow", extra="parquet"), need("pyarrow.parquet", extra="parquet")
    types = {"text": pyarrow.string(), "int": pyarrow.int64(), "float": pyarrow.float64(), "bool": pyarrow.bool_()}
    arrays = {}
    for place, column in enumerate(sheet.columns):
        cells = [row[place] for row in sheet.rows]
        known = types.get(column.kind)
        arrays[column.name] = pyarrow.array(_of_one_type(cells)) if known is None else pyarrow.array(cells, known)
    parquet.write_table(pyarrow.table(arrays), stream)


def _of_one_type(cells: list[Cell]) -> list[Cell]:
    """Hyperparameters of several types become text."""
    kinds = {type(cell) for cell in cells if cell is not None}
    return cells if len(kinds) <= 1 else [None if cell is None else str(cell) for cell in cells]
