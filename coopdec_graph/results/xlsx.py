"""Rows as a workbook (ECMA-376): one sheet, its first row the names of the variables.

A cell is a number, a date or a boolean where a spreadsheet holds it exactly, else text; nothing
ever becomes a formula or a link. The workbook is built in memory, compressed, then written: the
process that evaluates queries may write no file, so its memory limit is the limit here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pyoxigraph as ox

from coopdec_graph.language import Bilingual
from coopdec_graph.results.errors import NotWritable
from coopdec_graph.results.sinks import Sink
from coopdec_graph.results.terms import BOOLEANS, XSD, Table, Term, number_of, text_of

__all__ = ["MOST_ROWS", "write_xlsx"]

# The limits of a sheet; its first row is the header.
MOST_ROWS = 1_048_575
_MOST_COLUMNS = 16_384
_LONGEST_CELL = 32_767

_WIDE = Bilingual(
    "Une feuille XLSX a {most} colonnes au plus ; le résultat en a {columns}.",
    "An XLSX sheet has {most} columns at most; the result has {columns}.",
)
_LONG = Bilingual(
    "Ligne {row}, ?{name} : une cellule XLSX a {most} caractères au plus. Choisissez CSV.",
    "Row {row}, ?{name}: an XLSX cell has {most} characters at most. Choose CSV.",
)
_CUT = Bilingual(
    "Résultat coupé après {rows} lignes ; il en a d'autres.",
    "Result cut after {rows} rows; it has more.",
)

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
# Spreadsheets count days from 1900 and think that year a leap year: dates are exact from March on.
_FIRST = date(1900, 3, 1)
# Fixed: the same rows give the same bytes.
_CREATED = datetime(2000, 1, 1)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_YEAR = re.compile(r"-?[0-9]{4,9}")


def write_xlsx(rows: Table, sink: Sink) -> None:
    """Writes every row. Raises NotWritable for what no sheet can hold.

    A result that was cut has a second sheet, which says so.
    """
    # It takes a tenth of a second, which other formats need not wait for.
    from xlsxwriter import Workbook

    if len(rows.names) > _MOST_COLUMNS:
        raise NotWritable(_WIDE, most=_MOST_COLUMNS, columns=len(rows.names))
    body = io.BytesIO()
    workbook = Workbook(body, _OPTIONS)
    workbook.set_properties({"created": _CREATED})
    _Sheet(workbook, rows).fill()
    if rows.truncated:
        notice = workbook.add_worksheet("truncated")
        for line, language in enumerate(("fr", "en")):
            text = _CUT.text("fr" if language == "fr" else "en", rows=rows.rows)
            notice.write_string(line, 0, text)
    workbook.close()
    sink.write(body.getvalue())


class _Sheet:
    """The sheet of the rows and the formats of its cells."""

    def __init__(self, workbook: Any, rows: Table) -> None:
        self._rows = rows
        self._sheet = workbook.add_worksheet("results")
        self._bold = workbook.add_format({"bold": True})
        self._date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._time = workbook.add_format({"num_format": 'yyyy-mm-dd"T"hh:mm:ss'})
        self._utc = workbook.add_format({"num_format": 'yyyy-mm-dd"T"hh:mm:ss"Z"'})
        self._typed: dict[str, Callable[[int, int, str], bool]] = {
            XSD + "boolean": self._put_boolean,
            XSD + "date": self._put_date,
            XSD + "dateTime": self._put_time,
            XSD + "gYear": self._put_year,
        }

    def fill(self) -> None:
        for column, name in enumerate(self._rows.names):
            self._sheet.write_string(0, column, name, self._bold)
        self._sheet.freeze_panes(1, 0)
        for line, row in enumerate(self._rows, start=1):
            for column, term in enumerate(row):
                if term is not None and not self._put_typed(line, column, term):
                    self._put_text(line, column, text_of(term))

    def _put_typed(self, line: int, column: int, term: Term) -> bool:
        """Writes a number, a date or a boolean; False where the cell must be text."""
        if not isinstance(term, ox.Literal):
            return False
        put = self._typed.get(term.datatype.value)
        if put is not None:
            return put(line, column, term.value)
        number = number_of(term)
        if number is None:
            return False
        self._sheet.write_number(line, column, number)
        return True

    def _put_boolean(self, line: int, column: int, text: str) -> bool:
        if text not in BOOLEANS:
            return False
        self._sheet.write_boolean(line, column, BOOLEANS[text])
        return True

    def _put_date(self, line: int, column: int, text: str) -> bool:
        """A date with a time zone stays text: a cell has no place for the zone."""
        value = _parsed(_DATE, text)
        if value is None or value.date() < _FIRST:
            return False
        self._sheet.write_datetime(line, column, value, self._date)
        return True

    def _put_time(self, line: int, column: int, text: str) -> bool:
        """To the second; a time with a zone is given in UTC, and shows it."""
        value = _parsed(_TIME, text)
        if value is None:
            return False
        format = self._time
        if value.tzinfo is not None:
            format = self._utc
            try:
                value = value.astimezone(UTC).replace(tzinfo=None)
            except OverflowError:
                return False
        if value.date() < _FIRST:
            return False
        self._sheet.write_datetime(line, column, value, format)
        return True

    def _put_year(self, line: int, column: int, text: str) -> bool:
        if not _YEAR.fullmatch(text):
            return False
        self._sheet.write_number(line, column, int(text))
        return True

    def _put_text(self, line: int, column: int, text: str) -> None:
        # A spreadsheet counts an emoji as two.
        length = len(text) + sum(character > "\uffff" for character in text)
        if length > _LONGEST_CELL:
            name = self._rows.names[column]
            raise NotWritable(_LONG, row=line, name=name, most=_LONGEST_CELL)
        self._sheet.write_string(line, column, text)


def _parsed(shape: re.Pattern[str], text: str) -> datetime | None:
    """The day and time a text says; the engine keeps texts that say none, as 30 February."""
    if not shape.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
