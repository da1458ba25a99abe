"""Fields with one value: a title, a year, a date, the sentence, the tick-box captions."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from coopdec_graph.privacy import scrub
from coopdec_graph.sources.accounting import Ledger
from coopdec_graph.sources.atlas.labels import match_label
from coopdec_graph.sources.atlas.layout import Section
from coopdec_graph.sources.atlas.lines import Line, label_key
from coopdec_graph.sources.atlas.settings import atlas_settings
from coopdec_graph.sources.atlas.values import read_date, read_year

__all__ = [
    "read_caption",
    "read_end",
    "read_label",
    "read_sentence",
    "read_text",
    "read_whole_year",
    "refuse_rest",
]

_T = TypeVar("_T")
_ANSWER = re.compile(r"\[(?P<box>[x ])\]|(?:^|[: ])(?P<word>oui|non)$")


def _value_line(section: Section, ledger: Ledger) -> Line | None:
    """The one line a value section holds. Further lines are refused, unread."""
    field = section.label.field
    ledger.use(section.head.number, field)
    filled = section.filled()
    if len(filled) > 1:
        stray = "misplaced-label" if match_label(filled[1].text) else "unexpected-line"
        ledger.refuse(stray, (line.number for line in filled[1:]), field)
    return filled[0] if filled else None


def read_text(section: Section, ledger: Ledger) -> str | None:
    line = _value_line(section, ledger)
    if line is None:
        return None
    ledger.use(line.number, section.label.field)
    text = scrub(line.text)
    if text != line.text:
        ledger.note("personal-data-removed", line.number, section.label.field)
    return text


def read_label(section: Section, ledger: Ledger) -> str | None:
    """A label of a list, its words set apart by single spaces: no-break ones are typography."""
    text = read_text(section, ledger)
    return None if text is None else " ".join(text.split())


def _read_parsed(
    section: Section, ledger: Ledger, read: Callable[[str, int, int], _T | None], code: str
) -> _T | None:
    """A value that must parse, within the years we take; if not, an issue keeps it as printed."""
    line = _value_line(section, ledger)
    if line is None:
        return None
    settings = atlas_settings()
    value = read(line.text, settings.first_year, settings.last_year)
    if value is None:
        ledger.refuse(code, [line.number], section.label.field, scrub(line.text))
    else:
        ledger.use(line.number, section.label.field)
    return value


def read_whole_year(section: Section, ledger: Ledger) -> int | None:
    return _read_parsed(section, ledger, read_year, "year-unread")


def read_end(section: Section, ledger: Ledger) -> date | None:
    return _read_parsed(section, ledger, read_date, "date-unread")


def read_sentence(section: Section, ledger: Ledger) -> str:
    """`Le partenariat est triennal`: a sentence of its own, whose last word is the value."""
    ledger.use(section.head.number, section.label.field)
    refuse_rest(section, ledger)
    return section.head.text.split()[-1].lower()


def read_caption(section: Section, ledger: Ledger) -> bool | None:
    """A tick-box caption: True or False only where the page shows which, else nothing."""
    answer = _ANSWER.search(label_key(section.head.text))
    filled = section.filled()
    if answer is None and filled and label_key(filled[0].text) in ("oui", "non", "[x]", "[ ]"):
        answer = _ANSWER.search(label_key(filled[0].text))
        ledger.use(filled[0].number, section.label.field)
    refuse_rest(section, ledger)
    if answer is None:
        ledger.ignore(section.head.number, "caption-without-value")
        return None
    ledger.use(section.head.number, section.label.field)
    return answer["word"] == "oui" or answer["box"] == "x"


def refuse_rest(section: Section, ledger: Ledger) -> None:
    rest = [line.number for line in section.filled() if not ledger.settled(line.number)]
    if rest:
        ledger.refuse("unexpected-line", rest, section.label.field)
