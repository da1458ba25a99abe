"""Days and years as a mapping says they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations, product

from coopdec_graph.sources.tabular.settings import table_settings

__all__ = ["DayForm", "TwoReadings", "day_form", "day_of", "two_readings", "year_of"]

_PARTS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "MM": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
}
_PART = re.compile("YYYY|MM|DD")
# Parts with no sign between them have all their digits: 1112021 would be two days.
_JOINED = re.compile("(?:YYYY|MM|DD){2}")
_ONE_OR_TWO, _TWO = "{1,2}", "{2}"
# What stands between the parts: no letter and no digit, which could be a part that is not known.
_FORM = re.compile(r"(?:(?:YYYY|MM|DD)[^\w]?){3}")
# ISO 8601: a day, and a time that does not change which day it is.
_ISO = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_YEAR = re.compile(r"[0-9]{4}")
# Parts that can each stand for another one: years that are two of the others.
_YEARS, _OTHERS = (2021, 1011, 1112, 1210), (1, 2, 10, 11, 12)


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

    def examples(self) -> Iterator[str]:
        """Texts of this form, among them one for each other form that reads some as another day."""
        for year, day, month in product(_YEARS, _OTHERS, _OTHERS):
            for digits in ("02", "01"):
                text = self.printed.replace("YYYY", str(year))
                yield text.replace("MM", f"{month:{digits}}").replace("DD", f"{day:{digits}}")


@dataclass(frozen=True, slots=True)
class TwoReadings:
    """A text that two forms read as two days."""

    text: str
    first: DayForm
    second: DayForm


def two_readings(forms: Sequence[DayForm]) -> TwoReadings | None:
    """Where two of the forms contradict each other, if they do."""
    for first, second in combinations(forms, 2):
        for text in first.examples():
            days = {first.read(text), second.read(text)} - {None}
            if len(days) == 2:
                return TwoReadings(text, first, second)
    return None


def day_form(printed: str) -> DayForm | None:
    """The form that a mapping names: `DD/MM/YYYY`, `iso`…; None for what names none."""
    if printed == "iso":
        return DayForm("YYYY-MM-DD", _ISO.pattern)
    if not _FORM.fullmatch(printed) or {*_PART.findall(printed)} != set(_PARTS):
        return None
    pattern = "".join(
        _PARTS.get(piece) or re.escape(piece) for piece in re.split("(YYYY|MM|DD)", printed)
    )
    if _JOINED.search(printed):
        pattern = pattern.replace(_ONE_OR_TWO, _TWO)
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
