"""What OpenAPI says of `/sparql`; the protocol itself is SPARQL 1.1 Protocol (W3C, 2013)."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from coopdec_graph.graph.query import Form
from coopdec_graph.namespaces import DEFAULT_BASE
from coopdec_graph.results.formats import formats_of
from coopdec_graph.service.problems_description import ENGINE, problems_of

__all__ = ["describe_sparql"]

_EXAMPLE = """\
SELECT ?title ?financer (SUM(?amount) AS ?euros) WHERE {
  ?line cd:fundedActivity/dct:title ?title ; cd:financer/skos:prefLabel ?financer ; cd:amount ?amount
} GROUP BY ?title ?financer ORDER BY ?title DESC(?euros)"""

_SCHEMAS: dict[str, dict[str, Any]] = {
    "query": {"type": "string"},
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
_EXAMPLES: dict[str, Any] = {
    "query": _EXAMPLE,
    "default-graph-uri": [f"{DEFAULT_BASE}graph/links"],
    "named-graph-uri": [f"{DEFAULT_BASE}graph/links"],
    "format": "csv",
    "timeout": 5,
    "max-rows": 100,
}

# SPARQL 1.1 Query Results JSON Format (W3C, 2013); the value of a triple term is an object.
_TERM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "enum": ["uri", "literal", "bnode", "triple"]},
        "value": {},
        "xml:lang": {"type": "string"},
        "datatype": {"type": "string"},
    },
    "required": ["type", "value"],
    "additionalProperties": True,
}
_BINDING: dict[str, Any] = {"type": "object", "additionalProperties": _TERM}
_RESULTS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "head": {
            "type": "object",
            "properties": {"vars": {"type": "array", "items": {"type": "string"}}},
        },
        "boolean": {"type": "boolean"},
        "results": {
            "type": "object",
            "properties": {"bindings": {"type": "array", "items": _BINDING}},
            "required": ["bindings"],
        },
        "truncated": {"type": "object", "properties": {"rows": {"type": "integer"}}},
    },
    "required": ["head"],
    "additionalProperties": False,
}
_ABOUT: dict[str, Any] = {
    "tags": ["SPARQL"],
    "responses": {
        "200": {
            "description": "The whole result",
            "headers": {"X-Truncated": {"schema": {"const": "rows"}}},
            "content": {
                **{format.media_type: {} for form in Form for format in formats_of(form)},
                "application/sparql-results+json": {
                    "schema": _RESULTS,
                    "example": {
                        "head": {"vars": ["n"]},
                        "results": {"bindings": [{"n": {"type": "literal", "value": "1"}}]},
                    },
                },
            },
        },
        **problems_of(
            *(400, 403, 406, 413, 415, *ENGINE), s400="No query, an update, or not valid SPARQL"
        ),
    },
}
_PATH: dict[str, Any] = {
    "get": {
        "summary": "SPARQL query",
        "operationId": "sparql_get",
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": False,
                "schema": schema,
                "example": _EXAMPLES[name],
            }
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
                    "schema": {"type": "object", "properties": _SCHEMAS, "required": ["query"]},
                    "example": {"query": _EXAMPLE, "format": "csv"},
                },
                "application/sparql-query": {"schema": {"type": "string"}, "example": _EXAMPLE},
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
