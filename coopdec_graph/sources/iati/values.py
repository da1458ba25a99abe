"""Values of attributes and texts: numbers, days, flags, texts in their languages."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from coopdec_graph.model import Text
from coopdec_graph.privacy import scrub
from coopdec_graph.sources.iati.nodes import Node, Omission

__all__ = [
    "amount",
    "dated",
    "day",
    "decimal",
    "flag",
    "instant",
    "share",
    "texts",
    "whole",
    "words",
]

# xs:decimal (XML Schema 2, 3.2.3); as many digits as libxml2 takes.
_DECIMAL = re.compile(r"[+-]?(?:\d{1,24}(?:\.\d{0,24})?|\.\d{1,24})", re.ASCII)
# xs:date: a day may have a time zone, which does not change what day it is.
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)
_SPACE = " \t\r\n"


def decimal(printed: str | None) -> Decimal | None:
    """A number as xs:decimal has it, or None."""
    text = (printed or "").strip(_SPACE)
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def amount(node: Node) -> Decimal | None:
    """The number that an element holds; one that cannot be read is noted."""
    printed = node.text()
    number = decimal(printed)
    if number is None:
        node.note("iati-value", printed)
    return number


def share(node: Node, name: str) -> Decimal | None:
    """The number of an attribute; None where it is absent, or cannot be read, which is noted."""
    printed = node.get(name)
    number = decimal(printed)
    if printed is not None and number is None:
        node.refuse_attribute(name, "iati-value", printed)
    return number


def day(node: Node | None, name: str = "iso-date") -> date | None:
    """The day of an attribute; a year that no calendar here has is noted."""
    printed = None if node is None else node.get(name)
    if node is None or printed is None:
        return None
    found = _DAY.fullmatch(printed.strip(_SPACE))
    try:
        return date.fromisoformat(found[1] if found else "")
    except ValueError:
        node.refuse_attribute(name, "iati-value", printed)
        return None


def dated(node: Node | None) -> date | None:
    """The day of an element that is one; what version 1 may say of it in words is left out."""
    if node is None:
        return None
    node.leave_out_text(Omission.WORDS_BESIDE_DATE)
    found = day(node)
    if found is None and not node.get("iso-date"):
        node.note("iati-day-missing")
    return found


def instant(node: Node, name: str) -> datetime | None:
    """The date and time of an attribute."""
    printed = node.get(name)
    if printed is None:
        return None
    try:
        return datetime.fromisoformat(printed.strip(_SPACE))
    except ValueError:
        node.refuse_attribute(name, "iati-value", printed)
        return None


def flag(node: Node, name: str) -> bool | None:
    """The truth of an attribute, as xs:boolean has it."""
    printed = node.get(name)
    if printed is None:
        return None
    said = _FLAGS.get(printed.strip(_SPACE))
    if said is None:
        node.refuse_attribute(name, "iati-value", printed)
    return said


def whole(node: Node, name: str) -> int | None:
    """The whole number of an attribute."""
    number = share(node, name)
    return None if number is None else int(number)


def words(node: Node, name: str) -> str | None:
    """The words of an attribute, without e-mail addresses and telephone numbers."""
    printed = node.get(name)
    kept = None if printed is None else scrub(printed.strip(_SPACE))
    if kept is not None and kept != (printed or "").strip(_SPACE):
        node.note("personal-data-removed")
    return kept


def texts(node: Node | None) -> tuple[Text, ...]:
    """The texts of an element: its narratives (version 2) or what it holds itself (version 1).

    Without e-mail addresses and telephone numbers; a text without words is none.
    """
    if node is None:
        return ()
    narratives = node.children("narrative")
    found = (_text(each) for each in narratives or (node,))
    return tuple(text for text in found if text is not None)


def _text(node: Node) -> Text | None:
    printed = node.text()
    if not printed:
        return None
    kept = scrub(printed)
    if kept != printed:
        node.note("personal-data-removed")
    return Text(kept, language_of(node))


def language_of(node: Node) -> str | None:
    """The language of an element's texts, if it is one (BCP 47)."""
    if node.language is None or _TAG.fullmatch(node.language):
        return node.language
    node.note("iati-value", node.language)
    return None
