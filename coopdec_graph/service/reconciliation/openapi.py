"""What OpenAPI says of the routes of `/reconcile`. What their documents mean is in the specification
(Reconciliation Service API 0.2)."""

from __future__ import annotations

from typing import Any

from coopdec_graph.service.problems_description import ENGINE, problems_of
from coopdec_graph.service.reconciliation.kinds import TYPES

__all__ = ["ENDPOINT", "FORM", "SUGGEST", "WITH_ID", "WITH_TYPE"]

_TEXT: dict[str, Any] = {"type": "string"}
_EXAMPLE = '{"q0": {"query": "Mantes-la-Jolie", "type": "Collectivity"}}'
_QUERIES: dict[str, Any] = {**_TEXT, "description": "A query batch, in JSON", "example": _EXAMPLE}
_EXTENSION = '{"ids": ["id/collectivity/fr/mantes-la-jolie"], "properties": [{"id": "country"}]}'
_EXTEND: dict[str, Any] = {
    **_TEXT,
    "description": "A data extension query, in JSON",
    "example": _EXTENSION,
}
# A manifest, a result batch or an extension: an object in each case.
_OBJECT: dict[str, Any] = {"type": "object", "additionalProperties": True}
_NAMED: dict[str, Any] = {
    "type": "object",
    "properties": {"id": _TEXT, "name": _TEXT, "description": _TEXT},
    "required": ["id", "name"],
    "additionalProperties": True,
}
_RESULT: dict[str, Any] = {
    "type": "object",
    "properties": {"result": {"type": "array", "items": _NAMED}},
    "required": ["result"],
    "additionalProperties": False,
}
_PROPOSED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "properties": {"type": "array", "items": _NAMED},
        "type": _TEXT,
        "limit": {"type": "integer", "minimum": 0},
    },
    "required": ["properties"],
    "additionalProperties": False,
}


def _parameter(
    name: str, schema: dict[str, Any] = _TEXT, required: bool = False, example: object = None
) -> dict[str, Any]:
    found = {"name": name, "in": "query", "required": required, "schema": schema}
    return found if example is None else {**found, "example": example}


def _responses(model: dict[str, Any], *errors: int) -> dict[int | str, dict[str, Any]]:
    content: dict[str, Any] = {"application/json": {"schema": model}, "text/javascript": {}}
    return {200: {"content": content}, **problems_of(400, *errors, *ENGINE)}


def _reading(summary: str, model: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    described = [*parameters, _parameter("callback", example="show"), _LANGUAGE]
    return {
        "summary": summary,
        "responses": _responses(model),
        "openapi_extra": {"parameters": described},
    }


_LANGUAGE = _parameter("lang", {**_TEXT, "enum": ["fr", "en"]}, example="en")
ENDPOINT = _reading(
    "Reconciliation: the manifest, or the answer to queries",
    _OBJECT,
    _parameter("queries", _QUERIES, example=_EXAMPLE),
    _parameter("extend", _EXTEND),
)
FORM: dict[str, Any] = {
    "summary": "Reconciliation: the answer to queries",
    "operation_id": "post_reconcile",
    "response_description": "The answers",
    "responses": _responses(_OBJECT, 413, 415),
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "properties": {"queries": _QUERIES, "extend": _EXTEND},
                    },
                    "example": {"queries": _EXAMPLE},
                }
            },
        }
    },
}
_PREFIX = _parameter("prefix", required=True, example="ma")
_CURSOR = _parameter(
    "cursor", {"type": "integer", "minimum": 0, "maximum": 999_999_999}, example=20
)
_TYPE = _parameter("type", {**_TEXT, "enum": list(TYPES)}, example="Collectivity")
SUGGEST: dict[str, dict[str, Any]] = {
    "entity": _reading("Entities whose name begins so", _RESULT, _PREFIX, _CURSOR, _TYPE),
    "type": _reading("Types whose name begins so", _RESULT, _PREFIX, _CURSOR),
    "property": _reading("Properties whose name begins so", _RESULT, _PREFIX, _CURSOR),
}
WITH_TYPE = _reading(
    "The properties one can ask for of a type",
    _PROPOSED,
    _TYPE,
    _parameter("limit", {"type": "integer", "minimum": 0, "maximum": 999_999_999}, example=10),
)
_ID: dict[str, Any] = {
    "parameters": [
        _parameter("id", required=True, example="id/collectivity/fr/mantes-la-jolie"),
        _LANGUAGE,
    ]
}
WITH_ID: dict[str, dict[str, Any]] = {
    "view": {
        "summary": "An entity by its identifier: leads to its page",
        "status_code": 303,
        "responses": problems_of(400, 404, *ENGINE),
        "openapi_extra": _ID,
    },
    "preview": {
        "summary": "A small page about an entity, for a frame",
        "responses": {200: {"content": {"text/html": {}}}, **problems_of(400, 404, *ENGINE)},
        "openapi_extra": _ID,
    },
}
