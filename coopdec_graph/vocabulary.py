"""The concepts we know, read from `ontology/`: themes, statuses, forms, durations; lists of others.

The schemes are open. A label that is not in them gives a candidate concept, kept as printed and
marked as not known; it is never replaced by the nearest one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from coopdec_graph.namespaces import SCHEME, matching_key, slug
from coopdec_graph.resources import query_text, resource_folder

__all__ = [
    "CONCEPT_FILES",
    "CORRESPONDENCE_FILES",
    "LIST_FILES",
    "Concept",
    "Thesaurus",
    "concepts_of_others",
    "list_of_others",
    "thesaurus",
]

CONCEPT_FILES = ("schemes.ttl", "themes.ttl")
# Lists that others keep: no page prints their labels.
LIST_FILES = ("lists/dac.ttl", "lists/sdg.ttl", "lists/iati.ttl", "lists/channels.ttl")
# What leads to them.
CORRESPONDENCE_FILES = ("alignments/themes-dac-sdg.ttl", "alignments/statuses-iati.ttl")

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_CONCEPT = NamedNode("http://www.w3.org/2004/02/skos/core#Concept")


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of a scheme. `known` is False for a candidate: a label we had never seen.

    `path` is the part of the IRI after the scheme; `depth` counts from 1 at the top.
    """

    scheme: str
    path: str
    label: str
    parent: Concept | None = None
    known: bool = True

    @property
    def depth(self) -> int:
        return 1 if self.parent is None else self.parent.depth + 1

    @property
    def iri(self) -> str:
        return f"{SCHEME}{self.scheme}/{self.path}"

    def lineage(self) -> tuple[Concept, ...]:
        """The concept and its ancestors, top first."""
        return (*(self.parent.lineage() if self.parent else ()), self)


class Thesaurus:
    """Finds a concept by its printed French label, under its parent."""

    def __init__(self, concepts: tuple[Concept, ...]) -> None:
        self._concepts = concepts
        self._by_label = {
            (concept.scheme, concept.parent, matching_key(concept.label)): concept
            for concept in concepts
        }

    @property
    def concepts(self) -> tuple[Concept, ...]:
        return self._concepts

    def find(self, scheme: str, label: str, parent: Concept | None = None) -> Concept:
        """The concept with this label under this parent, or a candidate that keeps the label."""
        known = self._by_label.get((scheme, parent, matching_key(label)))
        return known or self._candidate(scheme, label, parent)

    def _candidate(self, scheme: str, label: str, parent: Concept | None) -> Concept:
        under = "" if parent is None else parent.path.removeprefix("candidate/") + "/"
        return Concept(scheme, f"candidate/{under}{slug(label)}", label, parent, known=False)


@cache
def thesaurus() -> Thesaurus:
    """The thesaurus that ships with the product, read once."""
    return Thesaurus(_concepts(_store(CONCEPT_FILES)))


@cache
def list_of_others(scheme: str) -> Mapping[NamedNode, frozenset[str]]:
    """The concepts of a list that others keep, by the IRI of the list, each with its names."""
    names: dict[NamedNode, set[str]] = {}
    for row in _store(LIST_FILES).query(query_text("names_of_lists")):  # type: ignore[union-attr]
        concept, own, name = row[0], row[1], row[2]
        if isinstance(concept, NamedNode) and own == NamedNode(scheme):
            names.setdefault(concept, set()).add(name.value)
    return {concept: frozenset(said) for concept, said in names.items()}


@cache
def concepts_of_others() -> frozenset[str]:
    """The IRI of every concept of the lists that others keep."""
    quads = _store(LIST_FILES).quads_for_pattern(None, _TYPE, _CONCEPT)
    return frozenset(q.subject.value for q in quads if isinstance(q.subject, NamedNode))


def _store(files: Iterable[str]) -> Store:
    store = Store()
    for name in files:
        path = resource_folder("ontology") / name
        store.load(path=str(path), format=RdfFormat.TURTLE)
    return store


def _concepts(store: Store) -> tuple[Concept, ...]:
    rows: dict[str, tuple[str, str, str | None]] = {}
    for row in store.query(query_text("concepts")):  # type: ignore[union-attr]
        concept, scheme, label, broader = row[0], row[1], row[2], row[3]
        if (
            isinstance(concept, NamedNode)
            and isinstance(scheme, NamedNode)
            and isinstance(label, Literal)
        ):
            parent = broader.value if isinstance(broader, NamedNode) else None
            rows[concept.value] = (scheme.value, label.value, parent)
    built: dict[str, Concept] = {}
    for iri in rows:
        _build(iri, rows, built)
    return tuple(built.values())


def _build(
    iri: str, rows: Mapping[str, tuple[str, str, str | None]], built: dict[str, Concept]
) -> Concept:
    if iri not in built:
        scheme, label, broader = rows[iri]
        parent = _build(broader, rows, built) if broader in rows and broader else None
        built[iri] = Concept(
            scheme.removeprefix(str(SCHEME)), iri.removeprefix(scheme + "/"), label, parent
        )
    return built[iri]
