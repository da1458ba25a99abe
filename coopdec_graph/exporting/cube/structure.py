"""The structure of the cube: what its dimensions, measures and attributes are, and their codes.

Terms are those of the ontology, which says no ranges; a cube must (RDF Data Cube, IC-4, IC-5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from coopdec_graph.exporting.reading import Reader, Thing
from coopdec_graph.namespaces import PREFIXES, Minter

__all__ = ["PREFIXES_OF_CUBES", "iri", "text", "triple", "structure"]

PREFIXES_OF_CUBES = {**PREFIXES, "qb": "http://purl.org/linked-data/cube#"}


@dataclass(frozen=True, slots=True)
class _Component:
    """A property of the cube, what kind it is, its range, and the scheme of its own codes."""

    property: str
    kind: str
    range: str
    codes: str | None = None
    required: bool = True


_COMPONENTS = (
    _Component("cd:financerType", "dimension", "skos:Concept", "financer-types"),
    _Component("cd:year", "dimension", "xsd:gYear"),
    _Component("cd:partnerCountry", "dimension", "skos:Concept", "countries"),
    _Component("cd:mainTheme", "dimension", "skos:Concept", "themes"),
    _Component("cd:announcedTotal", "measure", "xsd:decimal"),
    _Component("cd:lineCount", "measure", "xsd:integer"),
    _Component("cd:currency", "attribute", "rdfs:Resource"),
    _Component("cd:unreadLineCount", "attribute", "xsd:integer", required=False),
)
_TITLES = {
    "financer-types": ("Types de financeurs du cube", "Financer types of the cube"),
    "countries": ("Pays partenaires du cube", "Partner countries of the cube"),
    "themes": ("Thèmes du cube", "Themes of the cube"),
}
_STRUCTURE = ("Structure des financements annoncés", "Structure of announced funding")


def iri(name: str) -> ox.NamedNode:
    """A term by its name with a prefix."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES_OF_CUBES[prefix] + local)


def triple(subject: str, property: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    """A statement about a node, by the name of its property."""
    return ox.Triple(ox.NamedNode(subject), iri(property), value)


def text(fr: str, en: str) -> Sequence[ox.Literal]:
    """One text in both languages."""
    return ox.Literal(fr, language="fr"), ox.Literal(en, language="en")


def structure(mint: Minter, reader: Reader, codes: dict[str, list[str]]) -> Iterator[ox.Triple]:
    """The structure and its components; `codes` are the IRIs that stand in each code list."""
    node = mint.cube("structure")
    yield triple(node, "rdf:type", iri("qb:DataStructureDefinition"))
    for label in text(*_STRUCTURE):
        yield triple(node, "rdfs:label", label)
    for place in range(1, len(_COMPONENTS) + 1):
        component = ox.NamedNode(mint.cube("structure", str(place)))
        yield triple(node, "qb:component", component)
    for place, part in enumerate(_COMPONENTS, start=1):
        yield from _specification(mint.cube("structure", str(place)), place, part)
    for part in _COMPONENTS:
        yield from _property(part, mint, reader)
    for name, members in codes.items():
        yield from _code_list(mint.cube("codes", name), name, members)
    yield from _concepts(mint, reader, codes)


def _specification(node: str, place: int, part: _Component) -> Iterator[ox.Triple]:
    yield triple(node, "rdf:type", iri("qb:ComponentSpecification"))
    yield triple(node, f"qb:{part.kind}", iri(part.property))
    yield triple(node, "qb:order", _typed(str(place), "integer"))
    if part.kind == "attribute":
        required = _typed("true" if part.required else "false", "boolean")
        yield triple(node, "qb:componentRequired", required)


def _property(part: _Component, mint: Minter, reader: Reader) -> Iterator[ox.Triple]:
    term = iri(part.property)
    kinds = ["rdf:Property", f"qb:{part.kind.capitalize()}Property"]
    for kind in [*kinds, *(["qb:CodedProperty"] if part.codes else [])]:
        yield ox.Triple(term, iri("rdf:type"), iri(kind))
    for label in reader.thing(term.value).texts("rdfs:label"):
        yield ox.Triple(term, iri("rdfs:label"), label)
    yield ox.Triple(term, iri("rdfs:range"), iri(part.range))
    if part.codes:
        codes = ox.NamedNode(mint.cube("codes", part.codes))
        yield ox.Triple(term, iri("qb:codeList"), codes)


def _code_list(node: str, name: str, members: Iterable[str]) -> Iterator[ox.Triple]:
    yield triple(node, "rdf:type", iri("skos:ConceptScheme"))
    for label in text(*_TITLES[name]):
        yield triple(node, "rdfs:label", label)
    for member in members:
        yield triple(node, "skos:hasTopConcept", ox.NamedNode(member))


def _concepts(mint: Minter, reader: Reader, codes: dict[str, list[str]]) -> Iterator[ox.Triple]:
    for name, members in codes.items():
        for member in members:
            concept: Thing = reader.shared(member)
            yield triple(member, "rdf:type", iri("skos:Concept"))
            for label in concept.texts("skos:prefLabel"):
                yield triple(member, "skos:prefLabel", label)
            for notation in concept.texts("skos:notation"):
                yield triple(member, "skos:notation", notation)
            yield triple(member, "skos:inScheme", ox.NamedNode(mint.cube("codes", name)))


def _typed(value: str, datatype: str) -> ox.Literal:
    return ox.Literal(value, datatype=iri(f"xsd:{datatype}"))
