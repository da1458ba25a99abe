"""Values as texts print them: numbers, positions; and texts that were damaged on their way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

__all__ = ["decimal", "degrees", "is_garbled", "position"]

_PLAIN = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_MINUS = "\u2212"
_SPACES = "\u00a0\u202f "
# What may stand around two numbers in a cell (WKT), and between them, the surest sign first.
_AROUND = re.compile(r"(?:POINT)?\s*\(?([^()]*)\)?", re.IGNORECASE)
_BETWEEN = (";", None, ",")
# Characters that UTF-8 begins one with, where it was read as windows-1252.
_LEADS = re.compile("[\u00c2-\u00f4]")
# Characters that were lost, or that no text has.
_LOST = re.compile("[\ufffd\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def decimal(printed: str, point: str, thousands: Sequence[str]) -> Decimal | None:
    """A number with the signs that a mapping declares; groups of thousands have three digits.

    They are before the point, and one number has one sign between them.
    """
    text = printed.strip().replace(_MINUS, "-")
    whole, mark, fraction = text.partition(point)
    for joined in (whole, *(_joined(whole, sign) for sign in thousands)):
        read = f"{joined}.{fraction}" if mark else joined
        # A point in the whole part is no point where the mapping says another.
        if _PLAIN.fullmatch(read) and "." not in joined:
            return Decimal(read)
    return None


def _joined(whole: str, sign: str) -> str:
    """A whole number without one sign between its groups; a space may be of any width."""
    signs = re.escape(_SPACES if sign in _SPACES else sign)
    return re.sub(rf"(?<=[0-9])[{signs}](?=[0-9]{{3}}(?![0-9]))", "", whole)


def degrees(number: Decimal | None, most: int) -> Decimal | None:
    """A number of degrees from -most to most."""
    return number if number is not None and -most <= number <= most else None


def position(printed: str) -> tuple[str, str] | None:
    """The two numbers of a cell that holds a position, in the order they are printed."""
    found = _AROUND.fullmatch(printed.strip())
    inside = found[1] if found else ""
    for sign in _BETWEEN:
        pair = [piece.strip(", ") for piece in inside.split(sign)]
        if len(pair) == 2 and all(pair):
            return pair[0], pair[1]
    return None


def is_garbled(text: str) -> bool:
    """Whether a text was decoded as what it is not: UTF-8 as windows-1252, or characters lost."""
    if _LOST.search(text):
        return True
    if text.isascii() or not _LEADS.search(text):
        return False
    for encoding in ("cp1252", "latin-1"):
        try:
            text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return True
    return False
