"""What a cell of a table holds, whatever the file: a text, a number, a day, or nothing one can use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal, InvalidOperation
from enum import Enum

__all__ = ["Cell", "Fault", "Row", "is_filled", "number", "text_of"]


class Fault(Enum):
    """A cell without a value of its own, by the issue that says so."""

    FORMULA = "table-formula-unread"
    ERROR = "table-cell-error"


# A day has a time where the workbook gives one. An empty cell is an empty text.
Cell = str | Decimal | date | datetime | Fault


@dataclass(frozen=True, slots=True)
class Row:
    """Cells from the first column on; `number` is the row of the sheet, or the line it starts on."""

    number: int
    cells: tuple[Cell, ...]


# What a spreadsheet program calculates with and shows; further digits are noise of binary numbers.
_DIGITS = Context(prec=15)


def number(printed: str, percent: bool = False) -> Decimal | None:
    """A number as a workbook stores it, with the digits that the program shows; None for no number.

    One that is shown in per cent is its number of per cent: 0.4 is 40.
    """
    try:
        value = _DIGITS.create_decimal(printed.strip())
        value = value.scaleb(2, _DIGITS) if percent else value
    except InvalidOperation:
        return None
    if not value.is_finite() or value.adjusted() > 40 or value.adjusted() < -40:
        return None
    plain = f"{value:f}"
    return Decimal(plain.rstrip("0").rstrip(".") if "." in plain else plain)


def text_of(cell: Cell) -> str:
    """The cell as text: days in ISO 8601, numbers without exponent; nothing for a fault."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return "" if isinstance(cell, Fault) else cell.isoformat()


def is_filled(cell: Cell) -> bool:
    """Whether there is anything in the cell, be it a fault."""
    return not isinstance(cell, str) or bool(cell.strip())
