"""Rows of a sheet of an ODS file (ODF 1.3 part 3), streamed: values only, never formulas or macros."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from coopdec_graph.sources.files import unreadable
from coopdec_graph.sources.tabular.cells import Cell, Fault, Row, number
from coopdec_graph.sources.tabular.csv_rows import too_large
from coopdec_graph.sources.tabular.row_cells import SheetCells
from coopdec_graph.sources.tabular.settings import table_settings
from coopdec_graph.sources.tabular.sheets import chosen_sheet
from coopdec_graph.sources.tabular.workbook import PartReader, Workbook, damaged

__all__ = ["ods_rows"]

_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_MANIFEST_NAMES = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0 "
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_NOTE = _OFFICE + "annotation"
_KIND = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_ERROR = re.compile(r"Err:\d+|#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)")
_MOST_SPACES = 1_000
# A paragraph of a cell is the second element open there, itself the first.
_OWN, _DEPTH = 2, 100


def ods_rows(book: Workbook, wanted: Sequence[str], header: int) -> Iterator[Row]:
    """The rows of the wanted sheet that hold anything, as `SheetCells` gathers them.

    Raises PageUnreadable, also on the way.
    """
    if book.has(_MANIFEST):
        for _ in book.read(_MANIFEST, _Manifest()):
            raise AssertionError("a manifest yields nothing")
    names = [str(name) for name in book.read(_CONTENT, _Names())]
    sheet = _Sheet(chosen_sheet(names, wanted), SheetCells(header))
    for first, last, cells in book.read(_CONTENT, sheet):
        # A row that is repeated is as many rows, none of which is held beside the others.
        yield from (Row(number, cells) for number in range(first, last + 1))


class _Manifest(PartReader):
    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _MANIFEST_NAMES + "encryption-data":
            raise unreadable("table-encrypted")


class _Names(PartReader):
    """The names of the sheets; a table within a cell is none."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _TABLE + "table":
            self._depth += 1
            if self._depth == 1:
                self.ready.append(attributes.get(_TABLE + "name", ""))

    def end(self, name: str) -> None:
        if name == _TABLE + "table":
            self._depth -= 1


class _Sheet(PartReader):
    """Rows of one sheet: the first and last number of those that are the same, and their cells.

    Comments, and tables or drawings within cells, are not read.
    """

    def __init__(self, index: int, cells: SheetCells) -> None:
        super().__init__()
        self._limits = table_settings().limits
        self._wanted, self._index, self._tables = index, -1, 0
        self._number = 0
        self._repeated_row = 1
        self._cells = cells
        # The cell that is open, and what is open within it.
        self._cell: dict[str, str] = {}
        self._within: list[str] = []
        self._notes = 0
        self._paragraphs: list[str] = []
        self._size = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _TABLE + "table":
            self._tables += 1
            self._index += self._tables == 1
        if not self._tables or self._index != self._wanted:
            return
        if self._within:
            self._start_within(name, attributes)
        elif name in _CELLS:
            self._within = [name]
            self._cell, self._paragraphs, self._size = attributes, [], 0
        elif name == _TABLE + "table-row":
            self._repeated_row = self._repeats(attributes, "number-rows-repeated")

    def end(self, name: str) -> None:
        self._tables -= name == _TABLE + "table"
        if not self._tables or self._index != self._wanted:
            return
        if self._within:
            self._within.pop()
            self._notes -= name == _NOTE
            if not self._within:
                self._end_cell()
        elif name == _TABLE + "table-row":
            self._end_row()

    def text(self, text: str) -> None:
        if self._in_own_text():
            self._add(text)

    def _start_within(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._within) == _DEPTH:
            raise damaged("une cellule est trop imbriquée", "a cell is too deeply nested")
        self._within.append(name)
        self._notes += name == _NOTE
        if not self._in_own_text():
            return
        if len(self._within) == _OWN:
            self._paragraphs.append("")
        elif name == _TEXT + "s":
            said = attributes.get(_TEXT + "c", "1")
            self._add(" " * min(int(said) if said.isdecimal() else 1, _MOST_SPACES))
        elif name == _TEXT + "tab":
            self._add("\t")
        elif name == _TEXT + "line-break":
            self._add("\n")

    def _in_own_text(self) -> bool:
        """Whether what comes is of a paragraph of the cell itself."""
        return len(self._within) >= _OWN and self._within[1] == _TEXT + "p" and not self._notes

    def _add(self, text: str) -> None:
        self._size += len(text)
        if self._size > self._limits.cell_characters:
            most, line = self._limits.cell_characters, self._number + 1
            raise too_large("caractères dans une cellule", "characters in a cell", most, line=line)
        self._paragraphs[-1] += text

    def _repeats(self, attributes: dict[str, str], name: str) -> int:
        said = attributes.get(_TABLE + name, "1")
        return max(int(said), 1) if said.isdecimal() and len(said) < 10 else 1

    def _end_cell(self) -> None:
        repeats = self._repeats(self._cell, "number-columns-repeated")
        self._cells.put(self._value(), repeats, self._number + 1)

    def _end_row(self) -> None:
        first = self._number + 1
        self._number += self._repeated_row
        cells = self._cells.end(self._number)
        if cells:
            if self._number > self._limits.rows:
                raise too_large("lignes", "rows", self._limits.rows)
            self.ready.append((first, self._number, cells))

    def _value(self) -> Cell:
        printed = "\n".join(self._paragraphs)
        kind = self._cell.get(_OFFICE + "value-type")
        formula = _TABLE + "formula" in self._cell
        if self._cell.get(_KIND) == "error" or (formula and _ERROR.fullmatch(printed)):
            return Fault.ERROR
        if formula and kind is None and not printed:
            return Fault.FORMULA
        match kind:
            case "float" | "currency" | "percentage":
                value = number(self._cell.get(_OFFICE + "value", ""), kind == "percentage")
                return printed if value is None else value
            case "date":
                return _moment(self._cell.get(_OFFICE + "date-value", ""), printed)
            case "boolean":
                return self._cell.get(_OFFICE + "boolean-value", printed)
            case _:
                return printed or self._cell.get(_OFFICE + "string-value", "")


def _moment(said: str, printed: str) -> Cell:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return printed
    return moment.date() if moment.time() == datetime.min.time() else moment
