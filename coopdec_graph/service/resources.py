"""One resource as a page shows it: its statements by origin, its mentions, every name looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from coopdec_graph.graph.query import Term
from coopdec_graph.language import Bilingual, Language
from coopdec_graph.namespaces import CD, PREFIXES
from coopdec_graph.service.activities import (
    Funding,
    Party,
    SumRow,
    funding_of,
    parties_of,
    sums_of,
)
from coopdec_graph.service.addresses import Addresses
from coopdec_graph.service.links import Link, best_names
from coopdec_graph.service.queries import Queries
from coopdec_graph.service.terms import name_of_term, rank_of_property
from coopdec_graph.service.values import literal

__all__ = ["Property", "Section", "View", "view"]

_MOST_MENTIONS = 200

# Named graphs by what they hold, in the order a page shows them.
_ORIGINS: tuple[tuple[str, Bilingual], ...] = (
    ("source/", Bilingual("Ce que dit la source", "What the source says")),
    ("derived/", Bilingual("Ce que nous en calculons", "What we compute from it")),
    ("narrative/", Bilingual("Le récit de la source", "The source's prose")),
    ("links", Bilingual("Lieu, codes et liens", "Place, codes and links")),
    ("places", Bilingual("Ce que disent les référentiels", "What reference tables say")),
    ("reference", Bilingual("Noms et codes", "Names and codes")),
    ("candidates", Bilingual("Non accepté", "Not accepted")),
    ("provenance", Bilingual("Provenance et droits", "Provenance and rights")),
    ("quality", Bilingual("Qualité", "Quality")),
    ("vocabulary", Bilingual("Vocabulaire", "Vocabulary")),
)


@dataclass(frozen=True, slots=True)
class Property:
    name: Link
    values: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    graph: str
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class View:
    """`more` tells that there are further mentions than the page lists."""

    iri: str
    title: str
    title_language: str | None
    parties: tuple[Party, ...]
    funding: Funding | None
    sums: tuple[SumRow, ...]
    sections: tuple[Section, ...]
    mentions: tuple[Property, ...]
    more: bool


def view(queries: Queries, iri: str, addresses: Addresses, language: Language) -> View:
    """What the graph knows of an IRI."""
    entity = ox.NamedNode(iri)
    statements = queries.rows("statements", entity=entity)
    mentions = queries.rows("mentions", entity=entity)
    names = _names(queries.rows("labels", entity=entity), addresses, language)
    show = _Shower(names, addresses, language)
    title, title_language = _own_title(statements, language) or (show.iri(iri).text, None)
    parties = parties_of(queries, entity, addresses, language)
    funding = funding_of(queries, entity, addresses, language)
    # What has a table of its own is not listed a second time.
    tabled = {"http://www.w3.org/ns/org#organization"} if parties else set()
    sums = sums_of(queries, entity, addresses, language)
    tabled |= {str(CD.fundedActivity)} if funding else set()
    tabled |= {str(CD.itemOf)} if sums else set()
    listed = [row for row in mentions if _value(row["property"]) not in tabled][:_MOST_MENTIONS]
    grouped = show.grouped((row["property"], row["subject"]) for row in listed)
    sections = _sections(statements, addresses, show, language)
    more = len(mentions) > _MOST_MENTIONS
    return View(iri, title, title_language, parties, funding, sums, sections, grouped, more)


_TITLES = (
    "http://purl.org/dc/terms/title",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/ns/shacl#name",
)


def _own_title(
    statements: list[Mapping[str, Term | None]], language: Language
) -> tuple[str, str | None] | None:
    """A title in the reader's language, else in any, with its language."""
    found: list[tuple[bool, int, str, str | None]] = []
    for row in statements:
        value = row["value"]
        if isinstance(value, ox.Literal) and _value(row["property"]) in _TITLES:
            rank = _TITLES.index(_value(row["property"]))
            found.append((value.language != language, rank, value.value, value.language))
    return min(found)[2:] if found else None


def _value(term: Term | None) -> str:
    return "" if term is None else term.value


def _names(
    labels: list[Mapping[str, Term | None]], addresses: Addresses, language: Language
) -> dict[str, str]:
    """One name per IRI: in the reader's language where there is one, else its type and number."""
    names = best_names(((_value(row["other"]), row["label"]) for row in labels), language)
    types = best_names(((_value(row["type"]), row["typeLabel"]) for row in labels), language)
    for row in labels:
        iri, kind = _value(row["other"]), _value(row["type"])
        of_kind = name_of_term(kind, language) or types.get(kind)
        if iri not in names and of_kind is not None and iri.startswith(addresses.base + "id/"):
            key = iri.removeprefix(addresses.base + "id/").partition("/")[2]
            names[iri] = f"{of_kind} {key}"
    return names


def _sections(
    statements: list[Mapping[str, Term | None]],
    addresses: Addresses,
    show: _Shower,
    language: Language,
) -> tuple[Section, ...]:
    by_graph: dict[str, list[tuple[Term | None, Term | None]]] = {}
    for row in statements:
        by_graph.setdefault(_value(row["graph"]), []).append((row["property"], row["value"]))
    sections = []
    for kind, title in _ORIGINS:
        for graph, pairs in by_graph.items():
            if graph.removeprefix(addresses.base + "graph/").startswith(kind):
                sections.append(Section(title.text(language), graph, show.grouped(pairs)))
    return tuple(sections)


class _Shower:
    """Turns terms into links, with the names that were looked up."""

    def __init__(self, names: Mapping[str, str], addresses: Addresses, language: Language) -> None:
        self._names = names
        self._addresses = addresses
        self._language = language

    def grouped(self, pairs: Iterable[tuple[Term | None, Term | None]]) -> tuple[Property, ...]:
        by_property: dict[str, list[Link]] = {}
        for property, value in pairs:
            iri = _value(property)
            links = by_property.setdefault(iri, [])
            link = self.link(value, iri)
            if link not in links:
                links.append(link)
        ordered = sorted(by_property, key=lambda iri: (rank_of_property(iri), self.iri(iri).text))
        return tuple(Property(self.iri(iri), tuple(by_property[iri])) for iri in ordered)

    def link(self, term: Term | None, property: str) -> Link:
        if isinstance(term, ox.NamedNode):
            return self.iri(term.value)
        if not isinstance(term, ox.Literal):
            return Link(_value(term))
        return Link(literal(term, property, self._language), None, term.language)

    def iri(self, iri: str) -> Link:
        web = iri if iri.startswith(("http://", "https://")) else None
        name = self._names.get(iri) or name_of_term(iri, self._language) or self.short(iri)
        return Link(name, self._addresses.local(iri) or web)

    def short(self, iri: str) -> str:
        """A prefixed name where we know the prefix, else the end of the IRI, else all of it."""
        for prefix, namespace in PREFIXES.items():
            if iri.startswith(namespace) and "/" not in iri.removeprefix(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        below = iri.removeprefix(self._addresses.base)
        return below.removeprefix("id/").removeprefix("graph/") if below != iri else iri
