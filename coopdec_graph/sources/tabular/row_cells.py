"""The cells of a row of a sheet, put together from those that a workbook gives: only filled ones."""

from __future__ import annotations

from coopdec_graph.sources.tabular.cells import Cell, is_filled
from coopdec_graph.sources.tabular.csv_rows import too_large
from coopdec_graph.sources.tabular.settings import table_settings

__all__ = ["SheetCells"]


class SheetCells:
    """Gathers a row at a time; `next` is the column, from 0, that the next cell is of.

    Blank cells are made between filled ones, and only up to the last column that the header has:
    cells filled beyond it are too many wherever they stand, and follow it one after another, once
    however often they are repeated. The header is the first filled row from row `header` on.
    """

    def __init__(self, header: int) -> None:
        self.next = 0
        self._limits = table_settings().limits
        self._header = header
        self._width: int | None = None
        self._cells: list[Cell] = []
        self._characters = 0

    def skip(self, columns: int) -> None:
        """So many columns are not given."""
        self.next += columns

    def put(self, cell: Cell, repeats: int, line: int) -> None:
        """The next cell, in as many columns. Raises PageUnreadable beyond a limit, naming `line`."""
        first, self.next = self.next, self.next + repeats
        if not is_filled(cell):
            # Up to the last column of a sheet it may be blank: nothing of that is kept.
            return
        if self.next > self._limits.columns:
            raise too_large("colonnes", "columns", self._limits.columns, line=line)
        width = self._limits.columns if self._width is None else self._width
        within = max(min(self.next, width) - first, 0)
        kept = within + (self.next > width)
        if isinstance(cell, str):
            self._characters += len(cell) * kept
        if self._characters > self._limits.row_characters:
            most = self._limits.row_characters
            raise too_large("caractères dans une ligne", "characters in a row", most, line=line)
        self._cells += [""] * (min(first, width) - len(self._cells))
        self._cells += [cell] * kept

    def end(self, number: int) -> tuple[Cell, ...]:
        """The cells of the row, up to the last that is filled; its number, or last one, is given."""
        cells = tuple(self._cells)
        self._cells, self._characters, self.next = [], 0, 0
        if cells and self._width is None and number >= self._header:
            self._width = len(cells)
        return cells
