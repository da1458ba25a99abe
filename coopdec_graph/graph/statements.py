"""Statements in named graphs, before any store: collected, ordered, written as N-Quads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import pyoxigraph as ox
from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from coopdec_graph.model import Text

__all__ = [
    "Sink",
    "Statement",
    "as_rdflib",
    "decimal",
    "literal",
    "merge_n_quads",
    "n_quads",
    "quads_as_lines",
    "rdflib_graph",
    "text",
    "triple_and_graph",
    "year",
]

_SPACES_OF_TRIPLE = 2

# graph, subject, predicate, object
Statement = tuple[URIRef, URIRef, URIRef, URIRef | Literal]


class Sink:
    """Collects the statements of one named graph; an absent object adds nothing."""

    def __init__(self, graph: URIRef) -> None:
        self.graph = graph
        self._statements: list[Statement] = []

    def add(self, subject: URIRef, predicate: URIRef, *objects: URIRef | Literal | None) -> None:
        for value in objects:
            if value is not None:
                self._statements.append((self.graph, subject, predicate, value))

    def type(self, subject: URIRef, *classes: URIRef) -> None:
        self.add(subject, RDF.type, *classes)

    def __iter__(self) -> Iterator[Statement]:
        return iter(self._statements)


def text(value: str | None, language: str | None = "fr") -> Literal | None:
    return None if value is None else Literal(value, lang=language)


def literal(said: Text) -> Literal:
    """A text of a source, with its language where the source says it."""
    return Literal(said.value, lang=said.language)


def year(value: int | None) -> Literal | None:
    return None if value is None else Literal(f"{value:04}", datatype=XSD.gYear, normalize=False)


def decimal(value: Decimal | None) -> Literal | None:
    """A sum in euros with the digits it was given, never in exponent form."""
    return None if value is None else Literal(f"{value:f}", datatype=XSD.decimal, normalize=False)


def n_quads(statements: Iterable[Statement]) -> bytes:
    """The statements as canonical N-Quads, each once, in code point order: same set, same bytes."""
    return quads_as_lines(
        ox.Quad(_ox_iri(s), _ox_iri(p), _ox(o), _ox_iri(g)) for g, s, p, o in statements
    )


def quads_as_lines(quads: Iterable[ox.Quad]) -> bytes:
    """Quads of the store's library as canonical N-Quads, ordered."""
    return merge_n_quads(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")


def merge_n_quads(*documents: bytes) -> bytes:
    """N-Quads documents as one: each line once, in code point order."""
    lines = set[bytes]().union(*(document.split(b"\n") for document in documents)) - {b""}
    return b"".join(line + b"\n" for line in sorted(lines))


def triple_and_graph(line: bytes) -> tuple[bytes, bytes]:
    """A line of `n_quads`, without its end, as its triple and its graph; none (b"") for the default."""
    quad = line.removesuffix(b" .")
    triple, _, graph = quad.rpartition(b" ")
    # What ends a literal looks like an IRI only with the quotation mark in it.
    named = graph.startswith(b"<") and b'"' not in graph and triple.count(b" ") >= _SPACES_OF_TRIPLE
    return (triple, graph) if named else (quad, b"")


def _ox_iri(term: URIRef) -> ox.NamedNode:
    return ox.NamedNode(str(term))


def _ox(term: URIRef | Literal) -> ox.NamedNode | ox.Literal:
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        datatype = ox.NamedNode(str(term.datatype or XSD.string))
        return ox.Literal(str(term), datatype=datatype)
    return _ox_iri(term)


def as_rdflib(statements: Iterable[Statement]) -> Graph:
    """The statements as one rdflib graph, named graphs merged: what SHACL validates."""
    graph = Graph()
    for _, subject, predicate, value in statements:
        graph.add((subject, predicate, value))
    return graph


def rdflib_graph(quads: Iterable[ox.Quad]) -> Graph:
    """Quads of the store's library as one rdflib graph; literals keep the form they have."""
    graph = Graph()
    for quad in quads:
        graph.add((_rdflib(quad.subject), _rdflib(quad.predicate), _rdflib(quad.object)))
    return graph


def _rdflib(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Triple):
        raise ValueError("triple terms (RDF 1.2) are not supported")
    if term.language:
        return Literal(term.value, lang=term.language)
    plain = term.datatype.value == str(XSD.string)
    datatype = None if plain else URIRef(term.datatype.value)
    return Literal(term.value, datatype=datatype, normalize=False)
