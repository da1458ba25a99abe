"""What the graph of a release says of one thing at a time: nothing larger is held in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import pyoxigraph as ox

from coopdec_graph.graph.query import Term, rows
from coopdec_graph.namespaces import PREFIXES

__all__ = ["Line", "Member", "Reader", "Thing"]

# Bodies, places and themes that many activities share.
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Thing:
    """A node and its values by the IRI of the property; texts in the order of their languages."""

    iri: str
    values: Mapping[str, tuple[Term, ...]]

    def all(self, property: str) -> tuple[Term, ...]:
        """The values of a property, named with its prefix: `dct:title`."""
        prefix, _, local = property.partition(":")
        return self.values.get(PREFIXES[prefix] + local, ())

    def iris(self, property: str) -> tuple[str, ...]:
        """The values that are nodes with IRIs."""
        return tuple(value.value for value in self.all(property) if isinstance(value, ox.NamedNode))

    def texts(self, property: str) -> tuple[ox.Literal, ...]:
        """The values that are literals and more than blanks."""
        values = (value for value in self.all(property) if isinstance(value, ox.Literal))
        return tuple(value for value in values if value.value.strip())

    def one(self, property: str) -> str | None:
        """The first value, an IRI or the text of a literal; None without one."""
        return next((value.value for value in self.all(property)), None)

    def has_type(self, name: str) -> bool:
        """Whether it is said to be of a class, named with its prefix."""
        prefix, _, local = name.partition(":")
        return PREFIXES[prefix] + local in self.iris("rdf:type")


@dataclass(frozen=True, slots=True)
class Member:
    """A body that takes part, by its IRI, and the IRI of its role."""

    body: str
    role: str


@dataclass(frozen=True, slots=True)
class Line:
    """A funding line: who pays (an IRI), when, how much in euros; None where that is not known."""

    iri: str
    financer: str | None
    year: int | None
    amount: Decimal | None


class Reader:
    """Looks things up in an open store."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.shared = lru_cache(maxsize=_REMEMBERED)(self.thing)

    def thing(self, iri: str) -> Thing:
        """All that the default graph says of a node; nothing of one that it does not know.

        `shared` gives the same, and keeps it: for what several activities lead to.
        """
        found: dict[str, list[Term]] = {}
        for row in rows(self.store, "export/thing", thing=ox.NamedNode(iri)):
            property, value = row["property"], row["value"]
            assert property is not None and value is not None
            found.setdefault(property.value, []).append(value)
        return Thing(
            iri, {name: tuple(sorted(values, key=_order)) for name, values in found.items()}
        )

    def members(self, activity: str) -> tuple[Member, ...]:
        """Who takes part in an activity, each in each of its roles, in the order of the source."""
        found = rows(self.store, "export/members", activity=ox.NamedNode(activity))
        return tuple(Member(_text(row, "body"), _text(row, "role")) for row in found)

    def lines(self, activity: str) -> tuple[Line, ...]:
        """The funding lines of an activity, in the order of the source."""
        found = rows(self.store, "export/lines", activity=ox.NamedNode(activity))
        return tuple(_lines(found))


def _lines(found: list[Mapping[str, Term | None]]) -> Iterator[Line]:
    for row in found:
        financer, year, amount = row["financer"], row["year"], row["amount"]
        yield Line(
            _text(row, "line"),
            None if financer is None else financer.value,
            None if year is None else int(year.value[:4]),
            None if amount is None else Decimal(amount.value),
        )


def _text(row: Mapping[str, Term | None], name: str) -> str:
    term = row[name]
    assert term is not None
    return term.value


def _order(term: Term) -> tuple[str, str]:
    language = term.language if isinstance(term, ox.Literal) else None
    # French before English: who reads one text only reads the first.
    return ({"fr": "", None: "~"}.get(language, language or ""), term.value)
