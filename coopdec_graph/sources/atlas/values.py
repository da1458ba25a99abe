"""Single values as the Atlas prints them. Each reader gives the value, or None: never a guess."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

__all__ = ["read_amount", "read_date", "read_integer", "read_year"]

# \d would also match digits of other scripts, which the Atlas never prints.
_YEAR = re.compile(r"[0-9]{4}")
_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_INTEGER = re.compile(r"[0-9]{1,9}")
_PLAIN = re.compile(r"(?:0|[1-9][0-9]{0,11})(?:[.,][0-9]{1,2})?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:[ \u00a0\u202f\u2009][0-9]{3}){1,3}(?:,[0-9]{1,2})?")
_UNIT = re.compile(r"\s*(?:€|euros?|eur)$", re.IGNORECASE)
_GROUP_SPACE = re.compile(r"[ \u00a0\u202f\u2009]")


def read_year(text: str, first: int, last: int) -> int | None:
    """A four-digit year between two bounds, both included."""
    if _YEAR.fullmatch(text) and first <= int(text) <= last:
        return int(text)
    return None


def read_date(text: str, first: int, last: int) -> date | None:
    """A day printed dd/mm/yyyy that exists in the calendar."""
    parts = _DATE.fullmatch(text)
    if parts is None or not first <= int(parts[3]) <= last:
        return None
    try:
        return date(int(parts[3]), int(parts[2]), int(parts[1]))
    except ValueError:
        return None


def read_integer(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) else None


def read_amount(text: str) -> tuple[Decimal, bool] | None:
    """A sum in euros and whether it is printed the Atlas's way: digits, no unit, no grouping.

    Reads `7000`, `7000,50`, `7000 €` and the grouped `1 234,50`. Signs, exponents and anything
    else give None. A point is read as a decimal mark only before one or two last digits.
    """
    number = _UNIT.sub("", text.strip())
    plain = number == text and _PLAIN.fullmatch(number) is not None
    if not (_PLAIN.fullmatch(number) or _GROUPED.fullmatch(number)):
        return None
    return Decimal(_GROUP_SPACE.sub("", number).replace(",", ".")), plain
