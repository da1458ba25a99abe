"""Days and years as a mapping says they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from coopdec_graph.sources.tabular.settings import table_settings

__all__ = ["DayForm", "day_form", "day_of", "year_of"]

_PARTS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "MM": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
}
_PART = re.compile("YYYY|MM|DD")
# What stands between the parts: no letter and no digit, which could be a part that is not known.
_FORM = re.compile(r"(?:(?:YYYY|MM|DD)[^\w]?){3}")
# ISO 8601: a day, and a time that does not change which day it is.
_ISO = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class DayForm:
    """One way of writing a day: `printed` as people know it, `pattern` its regular expression."""

    printed: str
    pattern: str

    def read(self, text: str) -> date | None:
        """The day, or None where the text is not of this form or names no day."""
        found = re.fullmatch(self.pattern, text)
        if found is None:
            return None
        try:
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            return None
        return day if _within(day.year) else None


def day_form(printed: str) -> DayForm | None:
    """The form that a mapping names: `DD/MM/YYYY`, `iso`…; None for what names none."""
    if printed == "iso":
        return DayForm("YYYY-MM-DD", _ISO.pattern)
    if not _FORM.fullmatch(printed) or {*_PART.findall(printed)} != set(_PARTS):
        return None
    pattern = "".join(
        _PARTS.get(piece) or re.escape(piece) for piece in re.split("(YYYY|MM|DD)", printed)
    )
    return DayForm(printed, pattern)


def year_of(text: str) -> int | None:
    """A year of four digits, within the bounds of the settings."""
    return int(text) if _YEAR.fullmatch(text) and _within(int(text)) else None


def day_of(moment: date | datetime) -> date | None:
    """The day of a moment that a workbook gives."""
    day = moment.date() if isinstance(moment, datetime) else moment
    return day if _within(day.year) else None


def _within(year: int) -> bool:
    limits = table_settings().limits
    return limits.first_year <= year <= limits.last_year
