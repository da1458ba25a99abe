"""What OpenAPI says of `/sparql`; the protocol itself is SPARQL 1.1 Protocol (W3C, 2013)."""

from __future__ import annotations

from typing import Any

from coopdec_graph.graph.query import Form
from coopdec_graph.service.formats import formats_of

__all__ = ["ABOUT", "GET_DESCRIPTION", "POST_DESCRIPTION"]

_EXAMPLE = """\
SELECT ?title ?financer (SUM(?amount) AS ?euros) WHERE {
  ?line cd:fundedActivity/dct:title ?title ; cd:financer/skos:prefLabel ?financer ; cd:amount ?amount
} GROUP BY ?title ?financer ORDER BY ?title DESC(?euros)"""

_SCHEMAS: dict[str, dict[str, Any]] = {
    "query": {"type": "string", "example": _EXAMPLE},
    "default-graph-uri": {"type": "array", "items": {"type": "string", "format": "iri"}},
    "named-graph-uri": {"type": "array", "items": {"type": "string", "format": "iri"}},
    "format": {
        "type": "string",
        "enum": ["json", "csv", "tsv", "xml", "turtle", "jsonld", "nt", "rdfxml", "html"],
    },
}
_PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}

ABOUT: dict[str, Any] = {
    "tags": ["SPARQL"],
    "responses": {
        200: {
            "description": "The whole result",
            "content": {f.media_type: {} for form in Form for f in formats_of(form)},
        },
        400: {"description": "No query, or not valid SPARQL, or SERVICE, or an update", **_PROBLEM},
        406: {"description": "No such format", **_PROBLEM},
        413: {"description": "A query of more than a megabyte", **_PROBLEM},
        415: {"description": "A body of another type", **_PROBLEM},
    },
}
GET_DESCRIPTION: dict[str, Any] = {
    "parameters": [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in _SCHEMAS.items()
    ]
}
POST_DESCRIPTION: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {"type": "object", "properties": _SCHEMAS, "required": ["query"]}
            },
            "application/sparql-query": {"schema": {"type": "string"}},
        },
    }
}
