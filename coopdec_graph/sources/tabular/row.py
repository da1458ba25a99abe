"""The cells of one row by the fields of a mapping, each accounted for and each doubt noted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from coopdec_graph.model import Text
from coopdec_graph.privacy import PHONE_MARK, holds_contact, scrub, scrub_mailboxes
from coopdec_graph.sources.accounting import Ledger
from coopdec_graph.sources.tabular.cells import Cell, Fault, is_filled, text_of
from coopdec_graph.sources.tabular.columns import Columns
from coopdec_graph.sources.tabular.days import day_of, year_of
from coopdec_graph.sources.tabular.mapping import Values
from coopdec_graph.sources.tabular.mapping_keys import Field
from coopdec_graph.sources.tabular.values import decimal

__all__ = ["RowCells"]

_MOST_SHOWN = 300


class RowCells:
    """What a row says. Fields are asked for with the number of their group (see `Columns`).

    What cannot be read is noted, and None: the issue keeps it as printed.
    """

    def __init__(
        self, cells: tuple[Cell, ...], columns: Columns, values: Values, ledger: Ledger
    ) -> None:
        self._cells, self.columns = cells, columns
        self._values, self._ledger = values, ledger
        self._noted: set[tuple[str, str, str | None]] = set()

    def note(
        self,
        code: str,
        field: Field,
        value: str | None = None,
        number: int | None = None,
        **details: str | int,
    ) -> None:
        """An issue about a field, by the name of its column; once, however many fields read it."""
        column = self.columns.at(field, number)
        name = field.key if column is None else self.columns.name(column)
        shown = None if value is None else scrub(value)[:_MOST_SHOWN]
        if (code, name, shown) not in self._noted:
            self._noted.add((code, name, shown))
            self._ledger.note(code, None, name, shown, last_line=None, **details)

    def column(self, field: Field | None, number: int | None) -> int | None:
        """The column of a field, where it is filled in this row."""
        column = None if field is None else self.columns.at(field, number)
        return column if column is not None and is_filled(self._cells[column]) else None

    def cell(self, field: Field | None, number: int | None = None) -> Cell | None:
        """The value of a field; None where there is none. The cell is accounted for."""
        if field is None:
            return None
        if field.constant is not None:
            return field.constant
        column = self.columns.at(field, number)
        if column is None:
            return None
        cell = self._cells[column]
        if isinstance(cell, Fault):
            self._ledger.leave(column + 1, cell.value)
            self.note(cell.value, field, None, number)
            return None
        if not is_filled(cell):
            return None
        self._ledger.use(column + 1, field.key)
        if text_of(cell).strip().casefold() in self._values.nothing:
            return None
        return cell.strip() if isinstance(cell, str) else cell

    def printed(self, field: Field | None, number: int | None = None) -> str | None:
        """The value as text."""
        cell = self.cell(field, number)
        return None if cell is None else text_of(cell)

    def word(self, field: Field | None, number: int | None = None) -> str | None:
        """A short text that identifies something.

        One with an e-mail address, or a telephone number as it is printed, is noted and left.
        """
        printed = self.printed(field, number)
        if printed is None or field is None or not holds_contact(printed):
            return printed
        self.note("table-value-personal", field, None, number)
        return None

    def words(self, field: Field | None, number: int | None = None) -> list[str]:
        """The same of each short text of a cell, by the separator of the field."""
        found = []
        for one in self._split(field, number):
            if field is not None and holds_contact(one):
                self.note("table-value-personal", field, None, number)
            else:
                found.append(one)
        return found

    def names(self, field: Field | None, number: int | None = None) -> list[str]:
        """The names in a cell, by the separator of the field, without telephone numbers.

        One with an e-mail address, or that is nothing but a number, is noted and left.
        """
        found = []
        for one in self._split(field, number):
            kept = scrub(one)
            if field is not None and (scrub_mailboxes(one) != one or kept == PHONE_MARK):
                self.note("table-value-personal", field, None, number)
                continue
            if field is not None and kept != one:
                self.note("personal-data-removed", field, None, number)
            found.append(kept)
        return found

    def _split(self, field: Field | None, number: int | None) -> Iterator[str]:
        printed = self.printed(field, number)
        if printed is None or field is None:
            return
        for piece in printed.split(field.separator) if field.separator else [printed]:
            if piece.strip():
                yield piece.strip()

    def text(self, field: Field | None, number: int | None = None) -> Text | None:
        """A text in its language, without e-mail addresses and telephone numbers."""
        printed = self.printed(field, number)
        if printed is None or field is None:
            return None
        kept = scrub(printed)
        if kept != printed:
            self.note("personal-data-removed", field, None, number)
        return Text(kept, field.language)

    def day(self, field: Field | None, number: int | None = None) -> date | None:
        """A day in one of the forms of the mapping, or as the workbook holds it."""
        cell = self.cell(field, number)
        if cell is None or field is None:
            return None
        if isinstance(cell, date):
            day = day_of(cell)
        else:
            forms = (form.read(text_of(cell)) for form in self._values.days)
            day = next((read for read in forms if read is not None), None)
        if day is None:
            forms_shown = ", ".join(form.printed for form in self._values.days)
            self.note("table-day-unread", field, text_of(cell), number, forms=forms_shown)
        return day

    def year(self, field: Field | None, number: int | None = None) -> int | None:
        """A year of four digits."""
        printed = self.printed(field, number)
        year = None if printed is None else year_of(printed)
        if printed is not None and year is None and field is not None:
            self.note("table-year-unread", field, printed, number)
        return year

    def amount(self, field: Field, number: int | None) -> tuple[Decimal | None, str | None]:
        """A number and no text, or no number and the text that cannot be read, which is noted."""
        cell = self.cell(field, number)
        if cell is None:
            return None, None
        read = self.decimal(cell)
        if read is not None:
            return read, None
        self.note("table-number-unread", field, text_of(cell), number, point=self._values.decimal)
        return None, scrub(text_of(cell))

    def decimal(self, cell: Cell) -> Decimal | None:
        """The number of a cell, or None."""
        if isinstance(cell, Decimal):
            return cell
        return (
            decimal(cell, self._values.decimal, self._values.thousands)
            if isinstance(cell, str)
            else None
        )

    def translated(self, printed: str, field: Field) -> str:
        """A code by what the mapping says that it means."""
        return dict(field.codes).get(printed, printed)
