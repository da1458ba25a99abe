"""A view of a resource: what the query of its profile makes, in each format."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox

from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.results.formats import Format
from coopdec_graph.service.profiles.catalogue import Profile
from coopdec_graph.service.profiles.compact import compact
from coopdec_graph.service.queries import Queries

__all__ = ["document_of_view", "view_in"]


def view_in(queries: Queries, profile: Profile, entity: ox.NamedNode, format: Format) -> bytes:
    """The view in a format; Turtle and JSON-LD as people write them. Raises QueryError."""
    if format.engine == ox.RdfFormat.JSON_LD:
        document = document_of_view(queries, profile, entity)
        return json.dumps(document, ensure_ascii=False, indent=1).encode()
    if format.engine == ox.RdfFormat.TURTLE:
        return _turtle(queries, profile, entity)
    return queries.graph(f"construct/{profile.query}", format.name, entity=entity)


def document_of_view(queries: Queries, profile: Profile, entity: ox.NamedNode) -> dict[str, Any]:
    """The view as a JSON-LD document. Raises QueryError."""
    return compact(_triples(queries, profile, entity), entity.value, profile.vocabulary)


def _turtle(queries: Queries, profile: Profile, entity: ox.NamedNode) -> bytes:
    """The resource first, then what it leads to."""
    triples = _triples(queries, profile, entity)
    triples.sort(key=lambda triple: (triple.subject != entity, *map(str, triple)))
    known = {**PREFIXES, profile.prefix: profile.vocabulary}
    text = "".join(map(str, triples))
    used = {name: iri for name, iri in known.items() if f"<{iri}" in text}
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=used) or b""


def _triples(queries: Queries, profile: Profile, entity: ox.NamedNode) -> list[ox.Triple]:
    """Each once: a query repeats what several of its rows say."""
    body = queries.graph(f"construct/{profile.query}", "nt", entity=entity)
    return list({quad.triple: None for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)})
