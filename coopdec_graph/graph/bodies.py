"""The bodies that a graph prints the names of: what linking starts from, whatever the programme."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import pyoxigraph as ox
from rdflib import RDF, RDFS, SKOS, URIRef

from coopdec_graph.countries import countries
from coopdec_graph.graph.codes import country_iri
from coopdec_graph.namespaces import CD

__all__ = ["PrintedBody", "printed_bodies"]

_TYPE = f"<{RDF.type}>".encode()
_READ = {_TYPE, *(f"<{one}>".encode() for one in (RDFS.label, SKOS.prefLabel, CD.country))}
_COLLECTIVITIES = {f"<{kind}>".encode() for kind in (CD.FrenchCollectivity, CD.ForeignCollectivity)}


@dataclass(frozen=True, slots=True)
class PrintedBody:
    """A French or foreign collectivity: its preferred name, its country (ISO alpha-2) if known."""

    iri: URIRef
    is_french: bool
    name: str
    country: str | None


@dataclass(slots=True)
class _Read:
    kinds: set[str] = field(default_factory=set)
    preferred: str = ""
    labels: set[str] = field(default_factory=set)
    country: str | None = None


def printed_bodies(lines: Iterable[bytes]) -> list[PrintedBody]:
    """The collectivities in lines of N-Quads, which are walked twice, in the order of their IRIs."""
    bodies = {line.partition(b" ")[0] for line in lines if _is_collectivity(line)}
    kept = b"\n".join(line for line in lines if _is_read(line, bodies))
    read: dict[str, _Read] = {}
    for quad in ox.parse(kept, format=ox.RdfFormat.N_QUADS):
        if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.Triple):
            _take(read.setdefault(quad.subject.value, _Read()), quad.predicate, quad.object.value)
    return [_body(iri, read[iri]) for iri in sorted(read)]


def _is_collectivity(line: bytes) -> bool:
    parts = line.split(b" ", 3)
    return len(parts) == 4 and parts[1] == _TYPE and parts[2] in _COLLECTIVITIES


def _is_read(line: bytes, bodies: Collection[bytes]) -> bool:
    subject, _, rest = line.partition(b" ")
    return subject in bodies and rest.partition(b" ")[0] in _READ


def _take(body: _Read, property: ox.NamedNode, value: str) -> None:
    # Compared as texts: an rdflib IRI never equals a string.
    if property.value == str(RDF.type):
        body.kinds.add(value)
    elif property.value == str(SKOS.prefLabel):
        body.preferred = value
    elif property.value == str(RDFS.label):
        body.labels.add(value)
    else:
        body.country = _codes().get(value)


def _body(iri: str, read: _Read) -> PrintedBody:
    is_french = str(CD.FrenchCollectivity) in read.kinds
    name = read.preferred or min(read.labels, default="")
    return PrintedBody(URIRef(iri), is_french, name, read.country or ("FR" if is_french else None))


@cache
def _codes() -> Mapping[str, str]:
    """ISO alpha-2 codes by the IRI of the EU's authority table."""
    return {str(country_iri(country.alpha2)): country.alpha2 for country in countries()}
