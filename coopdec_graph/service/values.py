"""Values as people write them: amounts, dates, yes and no, in French or English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from coopdec_graph.language import Language
from coopdec_graph.namespaces import CD

__all__ = ["amount", "count", "day", "literal"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_AMOUNTS = {str(CD.amount), str(CD.totalAmount)}
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
# As CLDR has them for French: a narrow no-break space between thousands, a no-break one before €.
_THIN, _HARD = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


def literal(term: ox.Literal, property: str, language: Language) -> str:
    """A literal as a page shows it; what we do not know how to write stays as it is."""
    if property in _AMOUNTS:
        return amount(term.value, language)
    kind = term.datatype.value.removeprefix(_XSD)
    if kind == "boolean":
        yes = term.value == "true"
        return ("yes" if yes else "no") if language == "en" else ("oui" if yes else "non")
    if kind == "date":
        return day(term.value, language)
    return term.value


def amount(text: str, language: Language, currency: str = "EUR") -> str:
    """Euros: `48 999 €` in French, `€48,999` in English; cents only where there are any.

    Another currency stands by its ISO 4217 code: `48 999 XOF`, `XOF 48,999`; none, the number alone.
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite():
        return text
    whole = value == value.to_integral_value()
    written = f"{abs(value):,.{0 if whole else 2}f}"
    sign = "-" if value < 0 else ""
    if language == "en":
        unit = "€" if currency == "EUR" else f"{currency}{_HARD}" if currency else ""
        return f"{sign}{unit}{written}"
    unit = f"{_HARD}{'€' if currency == 'EUR' else currency}" if currency else ""
    return f"{sign}{_french(written)}{unit}"


def count(text: str | None, language: Language) -> str:
    """A whole number with its thousands apart."""
    written = f"{int(text or 0):,}"
    return written if language == "en" else _french(written)


def _french(written: str) -> str:
    return written.replace(",", _THIN).replace(".", ",")


def day(text: str, language: Language) -> str:
    """`2021-12-31` as `31 décembre 2021` or `31 December 2021`."""
    try:
        value = date.fromisoformat(text)
    except ValueError:
        return text
    number = "1er" if language == "fr" and value.day == 1 else str(value.day)
    return f"{number} {_MONTHS[language].split()[value.month - 1]} {value.year}"
