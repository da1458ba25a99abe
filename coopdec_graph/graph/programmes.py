"""Programmes as concepts: of the scheme, or candidates that a mapping declares."""

from __future__ import annotations

from rdflib import SKOS, Literal, URIRef

from coopdec_graph.graph.statements import Sink, literal
from coopdec_graph.model import SourceMetadata
from coopdec_graph.namespaces import CD, SCHEME

__all__ = ["add_programme", "programme_iri"]


def programme_iri(terms: SourceMetadata) -> URIRef:
    """The concept of a programme; that of one which the scheme does not have is a candidate."""
    path = f"candidate/{terms.programme}" if terms.labels else terms.programme
    return SCHEME[f"programme/{path}"]


def add_programme(sink: Sink, terms: SourceMetadata) -> URIRef:
    """The same; a candidate is described where it is met."""
    iri = programme_iri(terms)
    if terms.labels:
        sink.type(iri, SKOS.Concept)
        sink.add(iri, SKOS.prefLabel, *map(literal, terms.labels))
        sink.add(iri, SKOS.notation, Literal(terms.programme))
        sink.add(iri, SKOS.inScheme, SCHEME["programme"])
        sink.add(iri, CD.reviewStatus, SCHEME["review-status/candidate"])
    return iri
