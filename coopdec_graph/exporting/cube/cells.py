"""Funding lines added up by financer type, year, country and theme: each line in one cell.

No line is counted twice or divided: an activity has one main theme, and one with several countries
stands under "several countries".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from coopdec_graph.exporting.bodies import known
from coopdec_graph.exporting.reading import Line, Reader, Thing
from coopdec_graph.exporting.recipients import recipients
from coopdec_graph.namespaces import COUNTRY, SCHEME

__all__ = ["Cell", "Sum", "Sums", "added_up"]


class Cell(NamedTuple):
    """The values of the dimensions; all but the year are IRIs."""

    financer_type: str
    year: int
    country: str
    theme: str


@dataclass(slots=True)
class Sum:
    """Euros, how many lines make them, and how many more have no amount that could be read."""

    euros: Decimal = Decimal()
    lines: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Sums:
    """The cells in order, and how many lines of all are in no sum: unread amounts or years."""

    cells: Mapping[Cell, Sum]
    unread: int


def added_up(activities: Iterable[str], reader: Reader) -> Sums:
    """The lines of some activities. A cell of which no line could be read is not there."""
    cells: dict[Cell, Sum] = {}
    unread = 0
    for iri in activities:
        lines = reader.lines(iri)
        facts = reader.thing(iri) if lines else None
        for line in lines:
            unread += line.amount is None or line.year is None
            if facts is not None and line.year is not None:
                _count(line, cells.setdefault(_cell(line, line.year, facts, reader), Sum()))
    return Sums({cell: cells[cell] for cell in sorted(cells) if cells[cell].lines}, unread)


def _count(line: Line, sum: Sum) -> None:
    if line.amount is None:
        sum.unread += 1
    else:
        sum.euros += line.amount
        sum.lines += 1


def _cell(line: Line, year: int, facts: Thing, reader: Reader) -> Cell:
    theme = facts.one("cd:mainTheme") or SCHEME["no-single-value/theme-inconnu"]
    return Cell(_financer_type(line, reader), year, _country(facts), str(theme))


def _country(facts: Thing) -> str:
    found = recipients(facts)
    if len(found) == 1:
        return str(COUNTRY[found[0].alpha3])
    return str(SCHEME[f"no-single-value/{'plusieurs-pays' if found else 'pays-inconnu'}"])


def _financer_type(line: Line, reader: Reader) -> str:
    name = "financeur-non-lu" if line.financer is None else _kind(reader.shared(line.financer))
    return str(SCHEME[f"financer-type/{name}"])


def _kind(body: Thing) -> str:
    if body.has_type("cd:FrenchCollectivity"):
        return "collectivite-francaise"
    if body.has_type("cd:ForeignCollectivity"):
        return "collectivite-etrangere"
    if body.has_type("cd:FinancerGroup"):
        return "groupe-de-financeurs"
    return "etat-francais" if known(body).french else "autre-organisation"
