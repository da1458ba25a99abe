"""Rows of an XLSX sheet (ECMA-376 part 1), streamed: values only, never formulas or macros."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from posixpath import join, normpath

from coopdec_graph.sources.tabular.cells import Cell, Fault, Row, number
from coopdec_graph.sources.tabular.csv_rows import too_large
from coopdec_graph.sources.tabular.row_cells import SheetCells
from coopdec_graph.sources.tabular.settings import table_settings
from coopdec_graph.sources.tabular.sheets import chosen_sheet
from coopdec_graph.sources.tabular.workbook import PartReader, Workbook, damaged

__all__ = ["xlsx_rows"]

_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")
# Formats of numbers that are days, by their number (18.8.30); East Asian ones are 27 to 36 and 50 to 58.
_DAY_FORMATS = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_PERCENT_FORMATS = frozenset({9, 10})
# What is no part of a format's own letters: quoted and escaped texts, colours and locales.
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
_TRUTH = {"1": "true", "0": "false", "true": "true", "false": "false"}
_FIRST_DAY, _FIRST_DAY_1904 = date(1899, 12, 30), date(1904, 1, 1)
# The program's calendar has a 29 February 1900, its day 60: the days before it are one off.
_LEAP = 60


def xlsx_rows(book: Workbook, wanted: Sequence[str], header: int) -> Iterator[Row]:
    """The rows of the wanted sheet that hold anything, as `SheetCells` gathers them.

    Raises PageUnreadable, also on the way.
    """
    about = _Book()
    _run(book, _BOOK, about)
    targets = _Relations()
    _run(book, _RELATIONS, targets)
    names = [sheet.name for sheet in about.sheets]
    sheet = about.sheets[chosen_sheet(names, wanted)]
    target = targets.by_id.get(sheet.relation)
    if target is None:
        raise damaged("la feuille n'a pas de partie", "the sheet has no part")
    strings, styles = _Strings(), _Styles()
    for name, reader in ((_STRINGS, strings), (_STYLES, styles)):
        if book.has(name):
            _run(book, name, reader)
    first = _FIRST_DAY_1904 if about.is_1904 else _FIRST_DAY
    cells = SheetCells(header)
    yield from book.read(target, _Sheet(strings.texts, styles.shown, first, cells))


def _run(book: Workbook, name: str, reader: PartReader) -> None:
    for _ in book.read(name, reader):
        raise AssertionError("a part that is read whole yields nothing")


def _local(name: str) -> str:
    """A name without its namespace: that of the transitional and of the strict format differ."""
    return name.rpartition(" ")[2]


def _attribute(attributes: dict[str, str], local: str) -> str | None:
    """An attribute that is in a namespace, whichever."""
    return next((text for name, text in attributes.items() if _local(name) == local), None)


@dataclass(frozen=True, slots=True)
class _SheetFacts:
    name: str
    relation: str


class _Book(PartReader):
    """The sheets in their order, and the first day that the book counts from."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[_SheetFacts] = []
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "workbookPr":
            self.is_1904 = _TRUTH.get(attributes.get("date1904", "")) == "true"
        elif local == "sheet":
            relation = _attribute(attributes, "id") or ""
            self.sheets.append(_SheetFacts(attributes.get("name", ""), relation))


class _Relations(PartReader):
    """The parts of the book by the names it calls them."""

    def __init__(self) -> None:
        super().__init__()
        self.by_id: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            self.by_id[attributes.get("Id", "")] = path


class _Strings(PartReader):
    """The texts that cells share. Readings of characters (rPh) are not part of them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._most = table_settings().limits.cell_characters
        self._size = 0
        self._pieces: list[str] = []
        self._depth_of_reading = 0
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "rPh":
            self._depth_of_reading += 1
        self._inside = local == "t" and not self._depth_of_reading

    def text(self, text: str) -> None:
        if self._inside:
            self._size += len(text)
            if self._size > self._most:
                raise too_large("caractères dans une cellule", "characters in a cell", self._most)
            self._pieces.append(text)

    def end(self, name: str) -> None:
        local = _local(name)
        self._inside = False
        if local == "rPh":
            self._depth_of_reading -= 1
        elif local == "si":
            self.texts.append(_plain("".join(self._pieces)))
            self._pieces.clear()
            self._size = 0


class _Shown(Enum):
    """How a style shows a number."""

    NUMBER = 0
    DAY = 1
    PERCENT = 2


class _Styles(PartReader):
    """How each style of cells shows a number."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[_Shown] = []
        self._own: dict[str, _Shown] = {}
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        identifier = attributes.get("numFmtId", "0")
        if local == "numFmt":
            self._own[identifier] = _shown(attributes.get("formatCode", ""))
        elif local == "cellXfs":
            self._inside = True
        elif local == "xf" and self._inside:
            self.shown.append(self._own.get(identifier) or _built_in(identifier))

    def end(self, name: str) -> None:
        if _local(name) == "cellXfs":
            self._inside = False


def _built_in(identifier: str) -> _Shown:
    known = int(identifier) if identifier.isdecimal() else 0
    if known in _DAY_FORMATS:
        return _Shown.DAY
    return _Shown.PERCENT if known in _PERCENT_FORMATS else _Shown.NUMBER


def _shown(code: str) -> _Shown:
    letters = _NOT_FORMAT.sub("", code).lower()
    if "general" not in letters and ("d" in letters or "y" in letters):
        return _Shown.DAY
    return _Shown.PERCENT if "%" in letters else _Shown.NUMBER


class _Sheet(PartReader):
    """Rows, from cells that say where they stand, or follow the one before."""

    def __init__(
        self, strings: Sequence[str], styles: Sequence[_Shown], first: date, cells: SheetCells
    ) -> None:
        super().__init__()
        self._strings, self._styles, self._first = strings, styles, first
        self._cells = cells
        self._limits = table_settings().limits
        self._number = 0
        self._cell: dict[str, str] = {}
        self._pieces: list[str] = []
        self._size = 0
        self._has_formula = False
        self._depth_of_reading = 0
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "row":
            self._begin_row(attributes.get("r"))
        elif local == "c":
            self._cell, self._pieces, self._size = attributes, [], 0
            self._has_formula = False
        elif local == "f":
            self._has_formula = True
        elif local == "rPh":
            self._depth_of_reading += 1
        self._inside = local in ("v", "t") and not self._depth_of_reading

    def text(self, text: str) -> None:
        if self._inside:
            self._size += len(text)
            if self._size > self._limits.cell_characters:
                most = self._limits.cell_characters
                raise too_large(
                    "caractères dans une cellule", "characters in a cell", most, line=self._number
                )
            self._pieces.append(text)

    def end(self, name: str) -> None:
        local = _local(name)
        self._inside = False
        if local == "rPh":
            self._depth_of_reading -= 1
        elif local == "c":
            self._end_cell()
        elif local == "row":
            cells = self._cells.end(self._number)
            if cells:
                self.ready.append(Row(self._number, cells))

    def _begin_row(self, said: str | None) -> None:
        following = int(said) if said is not None and said.isdecimal() else self._number + 1
        if following <= self._number:
            raise damaged("ses lignes ne se suivent pas", "its rows are out of order")
        if following > self._limits.rows:
            raise too_large("lignes", "rows", self._limits.rows)
        self._number = following

    def _end_cell(self) -> None:
        column = self._column()
        if column < self._cells.next:
            raise damaged("ses cellules ne se suivent pas", "its cells are out of order")
        self._cells.skip(column - self._cells.next)
        self._cells.put(self._value("".join(self._pieces)), 1, self._number)

    def _column(self) -> int:
        said = _REFERENCE.fullmatch(self._cell.get("r", ""))
        if said is None:
            return self._cells.next
        found = 0
        for letter in said[1]:
            found = found * 26 + ord(letter) - ord("A") + 1
        return found - 1

    def _value(self, printed: str) -> Cell:
        if printed == "":
            return Fault.FORMULA if self._has_formula else ""
        match self._cell.get("t", "n"):
            case "n":
                return self._number_or_day(printed)
            case "s":
                return self._shared(printed)
            case "b":
                return _TRUTH.get(printed, printed)
            case "e":
                return Fault.ERROR
            case "d":
                return _day(printed)
            case _:
                return _plain(printed)

    def _shared(self, printed: str) -> str:
        if not printed.isdecimal() or int(printed) >= len(self._strings):
            raise damaged("un texte partagé manque", "a shared text is missing")
        return self._strings[int(printed)]

    def _number_or_day(self, printed: str) -> Cell:
        said = self._cell.get("s", "0")
        style = int(said) if said.isdecimal() else 0
        shown = self._styles[style] if style < len(self._styles) else _Shown.NUMBER
        value = number(printed, shown is _Shown.PERCENT)
        if value is None:
            return printed
        return self._moment(value) if shown is _Shown.DAY else value

    def _moment(self, value: Decimal) -> Cell:
        """The day that a number counts to, with its time; the number where it counts to none."""
        days, seconds = int(value), round((value % 1) * 86_400)
        if value < 0:
            return value
        if self._first == _FIRST_DAY and days <= _LEAP:
            if days in (0, _LEAP):
                return value
            days += 1
        try:
            day = self._first + timedelta(days=days + seconds // 86_400)
        except OverflowError:
            return value
        seconds %= 86_400
        midnight = datetime(day.year, day.month, day.day)
        return midnight + timedelta(seconds=seconds) if seconds else day


def _day(printed: str) -> Cell:
    try:
        moment = datetime.fromisoformat(printed)
    except ValueError:
        return printed
    return moment.date() if moment.time() == datetime.min.time() else moment


# A character that XML cannot hold is written so (22.9.2.19): _x000D_ is a carriage return.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
