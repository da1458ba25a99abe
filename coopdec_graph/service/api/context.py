"""What the keys of a JSON document mean, as RDF (JSON-LD 1.1).

The context is one for all resources: a key means the same wherever it stands. A key whose value
is computed is in neither: it is no statement of the graph.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache

import pyoxigraph as ox

from coopdec_graph.index.resources import Column, Type, resources
from coopdec_graph.namespaces import PREFIXES

__all__ = ["context", "facts_of"]

_XSD = PREFIXES["xsd"]
_TYPES: Mapping[Type, str] = {
    Type.DATE: f"{_XSD}date",
    Type.DECIMAL: f"{_XSD}decimal",
    Type.INTEGER: f"{_XSD}integer",
    Type.IRI: "@id",
    Type.YEAR: f"{_XSD}gYear",
}
_NAME = {"@id": PREFIXES["skos"] + "prefLabel", "@container": "@language"}
# The names of some things are no `skos:prefLabel`: those of classes none that a row should state.
_NAMES_OF: Mapping[str, object] = {
    "kind": None,
    "partnership": {"@id": PREFIXES["dct"] + "title", "@container": "@language"},
}


@cache
def context() -> Mapping[str, object]:
    """The JSON-LD context of every document of the API."""
    terms: dict[str, object] = {"iri": "@id", "rows": "@graph", "name": _NAME}
    for resource in resources().values():
        for column in resource.columns:
            # A point is two statements away from its entity.
            if column.property is not None and column.type is not Type.POINT:
                terms[column.name] = _term(column)
    return terms


def _term(column: Column) -> object:
    if column.type is Type.NAME:
        return {"@id": column.property, "@container": "@language"}
    if column.type.linked:
        term: dict[str, object] = {"@id": column.property, "@type": "@id"}
        if column.name in _NAMES_OF:
            term["@context"] = {"name": _NAMES_OF[column.name]}
        return term
    kind = _TYPES.get(column.type)
    typed = {} if kind is None else {"@type": kind}
    spoken = {} if column.language is None else {"@language": column.language}
    return {"@id": column.property, **typed, **spoken}


def facts_of(rows: Iterable[Mapping[str, object]]) -> Iterable[ox.Quad]:
    """The statements of some rows, as a client that reads them as JSON-LD finds them.

    Rows must be exact: a decimal as a text.
    """
    document = {"@context": context(), "rows": list(rows)}
    return ox.parse(json.dumps(document).encode(), format=ox.RdfFormat.JSON_LD)
