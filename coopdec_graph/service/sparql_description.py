"""What OpenAPI says of `/sparql`; the protocol itself is SPARQL 1.1 Protocol (W3C, 2013)."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from coopdec_graph.graph.query import Form
from coopdec_graph.results.formats import formats_of

__all__ = ["describe_sparql"]

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
        "enum": sorted({format.name for form in Form for format in formats_of(form)}),
    },
    "timeout": {
        "type": "number",
        "exclusiveMinimum": 0,
        "description": "Seconds; never more than the service's own limit",
    },
    "max-rows": {
        "type": "integer",
        "minimum": 1,
        "description": "Cuts the result after so many rows; X-Truncated then says so",
    },
}
_PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}

_ABOUT: dict[str, Any] = {
    "tags": ["SPARQL"],
    "responses": {
        "200": {
            "description": "The whole result",
            "content": {f.media_type: {} for form in Form for f in formats_of(form)},
        },
        "400": {"description": "No query, or not valid SPARQL", **_PROBLEM},
        "403": {"description": "SERVICE, or an update", **_PROBLEM},
        "406": {"description": "No such format", **_PROBLEM},
        "413": {"description": "A query that is too long", **_PROBLEM},
        "415": {"description": "A body of another type", **_PROBLEM},
        "503": {"description": "Too many queries are waiting; see Retry-After", **_PROBLEM},
        "504": {"description": "The time limit was reached", **_PROBLEM},
        "507": {"description": "The memory or result limit was reached", **_PROBLEM},
    },
}
_PATH: dict[str, Any] = {
    "get": {
        "summary": "SPARQL query",
        "operationId": "sparql_get",
        "parameters": [
            {"name": name, "in": "query", "required": False, "schema": schema}
            for name, schema in _SCHEMAS.items()
        ],
        **_ABOUT,
    },
    "post": {
        "summary": "SPARQL query in a form or as the body",
        "operationId": "sparql_post",
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "properties": _SCHEMAS, "required": ["query"]}
                },
                "application/sparql-query": {"schema": {"type": "string"}},
            },
        },
        **_ABOUT,
    },
}


def describe_sparql(app: FastAPI) -> None:
    """Adds `/sparql` to the description: as a plain route it has none of its own."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        whole = described()
        whole["paths"].setdefault("/sparql", _PATH)
        return whole

    app.openapi = openapi  # type: ignore[method-assign]
