"""Who takes part: the two tables of partners, and the lists of owners and managers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coopdec_graph.countries import country_named, split_trailing_country
from coopdec_graph.namespaces import matching_key
from coopdec_graph.privacy import scrub
from coopdec_graph.sources.accounting import Ledger
from coopdec_graph.sources.atlas.fields import refuse_rest
from coopdec_graph.sources.atlas.labels import match_label
from coopdec_graph.sources.atlas.layout import Section
from coopdec_graph.sources.atlas.record import PrintedPartner
from coopdec_graph.sources.atlas.tables import Row, rows

__all__ = ["read_foreign", "read_french", "read_list"]

_SEPARATORS = re.compile(r"[,;]")


def read_french(section: Section, ledger: Ledger) -> tuple[str, ...]:
    names = []
    for row in rows(section, ledger):
        names.append(_name(section, row, row.cells[0] if row.cells else row.text, ledger))
    return tuple(name for name in names if name)


def _name(section: Section, row: Row, text: str, ledger: Ledger) -> str | None:
    field = section.label.field
    if not text:
        ledger.refuse("name-missing", [row.line], field)
        return None
    ledger.use(row.line, field)
    return scrub(text)


def read_foreign(section: Section, ledger: Ledger) -> tuple[PrintedPartner, ...]:
    partners = [_foreign_partner(section, row, ledger) for row in rows(section, ledger)]
    return tuple(partner for partner in partners if partner is not None)


def _foreign_partner(section: Section, row: Row, ledger: Ledger) -> PrintedPartner | None:
    printed, known = _name_and_country(row)
    name, country = printed
    if not name or (country is None and country_named(name)):
        ledger.refuse("name-missing", [row.line], section.label.field)
        return None
    _name(section, row, name, ledger)
    if not known:
        ledger.note("country-unknown", row.line, section.label.field, country or scrub(name))
    return PrintedPartner(scrub(name), country, known)


def _name_and_country(row: Row) -> tuple[tuple[str, str | None], bool]:
    if row.cells is not None:
        name, country = row.cells[0], scrub(row.cells[1]) or None
        return (name, country), country is not None and country_named(country) is not None
    name, found = split_trailing_country(row.text)
    if found is None:
        return (row.text, None), False
    return (name, row.text[len(name) :].strip()), True


def read_list(section: Section, known_names: Sequence[str], ledger: Ledger) -> tuple[str, ...]:
    """Names separated by commas or lines; a comma inside a name the page gives elsewhere stays."""
    ledger.use(section.head.number, section.label.field)
    names: list[str] = []
    for line in section.filled():
        if match_label(line.text) is not None:
            refuse_rest(section, ledger)
            break
        ledger.use(line.number, section.label.field)
        names += _split_names(scrub(line.text), known_names)
    return tuple(names)


def _split_names(text: str, known_names: Sequence[str]) -> list[str]:
    """The names between separators; the longest name the page gives elsewhere wins."""
    known = {matching_key(name) for name in known_names if _SEPARATORS.search(name)}
    most = 1 + max((len(_SEPARATORS.findall(name)) for name in known_names), default=0)
    parts = [" ".join(part.split()) for part in _SEPARATORS.split(text)]
    names: list[str] = []
    start = 0
    while start < len(parts):
        ends = range(min(start + most, len(parts)), start + 1, -1)
        wholes = (end for end in ends if matching_key(", ".join(parts[start:end])) in known)
        end = next(wholes, start + 1)
        names.append(", ".join(parts[start:end]))
        start = end
    return [name for name in names if name]
