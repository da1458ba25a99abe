"""What OpenAPI says of the routes of `/reconcile`."""

from __future__ import annotations

from typing import Any

__all__ = ["ENDPOINT", "FORM", "SUGGEST", "WITH_ID", "WITH_TYPE"]

_PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {}, "text/javascript": {}}},
    400: {"description": "A malformed request", **_PROBLEM},
}
_TEXT: dict[str, Any] = {"type": "string"}
_EXAMPLE = '{"q0": {"query": "Mantes-la-Jolie", "type": "Collectivity"}}'
_QUERIES: dict[str, Any] = {**_TEXT, "description": "A query batch, in JSON", "example": _EXAMPLE}
_EXTEND: dict[str, Any] = {**_TEXT, "description": "A data extension query, in JSON"}


def _parameter(name: str, schema: dict[str, Any] = _TEXT, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def _reading(summary: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    described = [*parameters, _parameter("callback")]
    return {
        "summary": summary,
        "responses": _RESPONSES,
        "openapi_extra": {"parameters": described},
    }


ENDPOINT = _reading(
    "Reconciliation: the manifest, or the answer to queries",
    _parameter("queries", _QUERIES),
    _parameter("extend", _EXTEND),
)
FORM: dict[str, Any] = {
    "summary": "Reconciliation: the answer to queries",
    "responses": {
        **_RESPONSES,
        413: {"description": "Too many queries, or too long a form", **_PROBLEM},
        415: {"description": "A body of another type", **_PROBLEM},
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "properties": {"queries": _QUERIES, "extend": _EXTEND},
                    }
                }
            },
        }
    },
}
_PREFIX = _parameter("prefix", required=True)
_CURSOR = _parameter("cursor", {"type": "integer", "minimum": 0})
SUGGEST: dict[str, dict[str, Any]] = {
    "entity": _reading("Entities whose name begins so", _PREFIX, _CURSOR, _parameter("type")),
    "type": _reading("Types whose name begins so", _PREFIX, _CURSOR),
    "property": _reading("Properties whose name begins so", _PREFIX, _CURSOR),
}
WITH_TYPE = _reading(
    "The properties one can ask for of a type",
    _parameter("type"),
    _parameter("limit", {"type": "integer", "minimum": 0}),
)
_ID: dict[str, Any] = {"parameters": [_parameter("id", required=True)]}
_NOT_FOUND: dict[str, Any] = {"description": "Nothing has this identifier", **_PROBLEM}
WITH_ID: dict[str, dict[str, Any]] = {
    "view": {
        "summary": "An entity by its identifier: leads to its page",
        "status_code": 303,
        "responses": {404: _NOT_FOUND},
        "openapi_extra": _ID,
    },
    "preview": {
        "summary": "A small page about an entity, for a frame",
        "responses": {200: {"content": {"text/html": {}}}, 404: _NOT_FOUND},
        "openapi_extra": _ID,
    },
}
