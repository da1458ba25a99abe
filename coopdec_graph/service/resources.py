"""One resource as a page shows it: its statements by origin, its mentions, every name looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from coopdec_graph.graph.query import Term, rows
from coopdec_graph.language import Bilingual, Language
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.service.addresses import Addresses

__all__ = ["Link", "Property", "Section", "View", "view"]

_MOST_MENTIONS = 200

# Named graphs by what they hold, in the order a page shows them.
_ORIGINS: tuple[tuple[str, Bilingual], ...] = (
    ("source/", Bilingual("Ce que dit la page de l'Atlas", "What the Atlas page says")),
    ("derived/", Bilingual("Ce que nous en calculons", "What we compute from it")),
    ("narrative/", Bilingual("Le récit de la page", "The page's prose")),
    ("provenance", Bilingual("Provenance et droits", "Provenance and rights")),
    ("quality", Bilingual("Qualité", "Quality")),
    ("vocabulary", Bilingual("Vocabulaire", "Vocabulary")),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A value to show: its text, the language of the text, and where it leads, if anywhere."""

    text: str
    href: str | None = None
    language: str | None = None
    iri: str | None = None


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
    sections: tuple[Section, ...]
    mentions: tuple[Property, ...]
    more: bool


def view(store: ox.Store, iri: str, addresses: Addresses, language: Language) -> View | None:
    """What the graph knows of an IRI; None when it says nothing about it."""
    entity = ox.NamedNode(iri)
    statements = rows(store, "statements", entity=entity)
    mentions = rows(store, "mentions", entity=entity)
    if not statements and not mentions:
        return None
    names = _names(rows(store, "labels", entity=entity), language)
    show = _Shower(names, addresses)
    title = _own_title(statements, language) or names.get(iri) or show.short(iri)
    sections = _sections(statements, addresses, show, language)
    listed = mentions[:_MOST_MENTIONS]
    grouped = show.grouped((row["property"], row["subject"]) for row in listed)
    return View(iri, title, sections, grouped, len(mentions) > _MOST_MENTIONS)


_TITLES = (
    "http://purl.org/dc/terms/title",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/ns/shacl#name",
)


def _own_title(statements: list[Mapping[str, Term | None]], language: Language) -> str | None:
    """A title in the reader's language, else in any."""
    found: list[tuple[bool, int, str]] = []
    for row in statements:
        value = row["value"]
        if isinstance(value, ox.Literal) and str(_value(row["property"])) in _TITLES:
            rank = _TITLES.index(_value(row["property"]))
            found.append((value.language != language, rank, value.value))
    return min(found)[2] if found else None


def _value(term: Term | None) -> str:
    return "" if term is None else term.value


def _names(labels: list[Mapping[str, Term | None]], language: Language) -> dict[str, str]:
    """One name per IRI: in the reader's language where there is one."""
    best: dict[str, tuple[bool, str]] = {}
    for row in labels:
        other, label = _value(row["other"]), row["label"]
        if isinstance(label, ox.Literal):
            candidate = (label.language != language, label.value)
            best[other] = min(best.get(other, candidate), candidate)
    return {iri: name for iri, (_, name) in best.items()}


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

    def __init__(self, names: Mapping[str, str], addresses: Addresses) -> None:
        self._names = names
        self._addresses = addresses

    def grouped(self, pairs: Iterable[tuple[Term | None, Term | None]]) -> tuple[Property, ...]:
        by_property: dict[str, list[Link]] = {}
        for property, value in pairs:
            links = by_property.setdefault(_value(property), [])
            link = self.link(value)
            if link not in links:
                links.append(link)
        return tuple(Property(self.iri(iri), tuple(links)) for iri, links in by_property.items())

    def link(self, term: Term | None) -> Link:
        if isinstance(term, ox.NamedNode):
            return self.iri(term.value)
        language = term.language if isinstance(term, ox.Literal) else None
        return Link(_value(term), None, language)

    def iri(self, iri: str) -> Link:
        web = iri if iri.startswith(("http://", "https://")) else None
        return Link(
            self._names.get(iri) or self.short(iri), self._addresses.local(iri) or web, None, iri
        )

    def short(self, iri: str) -> str:
        """A prefixed name where we know the prefix, else the end of the IRI, else all of it."""
        for prefix, namespace in PREFIXES.items():
            if iri.startswith(namespace) and "/" not in iri.removeprefix(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        below = iri.removeprefix(self._addresses.base)
        return below.removeprefix("id/").removeprefix("graph/") if below != iri else iri
