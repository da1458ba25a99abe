"""The models of OpenAPI for lists and profiles: a row, a list of rows, a profile of each resource."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coopdec_graph.index.resources import Column, Resource, Type
from coopdec_graph.language import LANGUAGES

__all__ = [
    "CONTEXT",
    "COUNT",
    "FEATURES",
    "HEADERS",
    "LINKED",
    "NAME",
    "POINT",
    "TEXT",
    "array_of",
    "facet_model",
    "linked_model",
    "models_of",
    "object_of",
    "related_model",
    "some_of",
]

TEXT: dict[str, Any] = {"type": "string"}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
NAME: dict[str, Any] = {
    "type": "object",
    "description": "A name by language",
    "properties": dict.fromkeys(LANGUAGES, TEXT),
    "additionalProperties": TEXT,
}
POINT: dict[str, Any] = {
    "type": "object",
    "description": "GeoJSON geometry (RFC 7946)",
    "properties": {"type": TEXT, "coordinates": {"type": "array", "items": {}}},
    "required": ["type", "coordinates"],
}
_PLAIN: dict[Type, dict[str, Any]] = {
    Type.DATE: {"type": ["string", "null"], "format": "date"},
    Type.DECIMAL: {"type": ["number", "null"]},
    Type.INTEGER: {"type": ["integer", "null"]},
    Type.IRI: {"type": ["string", "null"], "format": "iri"},
    Type.NAME: {"$ref": "#/components/schemas/Name"},
    Type.POINT: {"oneOf": [{"$ref": "#/components/schemas/Geometry"}, {"type": "null"}]},
    Type.TEXT: {"type": ["string", "null"]},
    Type.YEAR: {"type": ["integer", "null"], "examples": [2019]},
}


def object_of(properties: dict[str, Any], optional: frozenset[str] = frozenset()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def array_of(items: dict[str, Any]) -> dict[str, Any]:
    """A list of such things."""
    return {"type": "array", "items": items}


def some_of(names: Iterable[str]) -> dict[str, Any]:
    """Some of these names, with commas between; `*` is all."""
    one = "|".join((r"\*", *names))
    return {**TEXT, "pattern": f"^({one})(,({one}))*$"}


def linked_model() -> dict[str, Any]:
    """What a column leads to."""
    linked = {"iri": TEXT, "name": {"$ref": "#/components/schemas/Name"}}
    return object_of({**linked, "code": {"type": ["string", "null"]}}, frozenset({"code"}))


def facet_model() -> dict[str, Any]:
    """The values of one facet, counted."""
    value = {"value": TEXT, "name": {"$ref": "#/components/schemas/Name"}, "count": COUNT}
    row = object_of({**value, "code": TEXT}, frozenset({"code"}))
    return object_of({"values": COUNT, "truncated": {"type": "boolean"}, "rows": array_of(row)})


def related_model() -> dict[str, Any]:
    """The beginning of a list that has to do with an entity."""
    return object_of({"total": COUNT, "href": TEXT, "rows": array_of({"type": "object"})})


OPEN: dict[str, Any] = {"type": "object", "additionalProperties": True}
CONTEXT: dict[str, Any] = {
    "type": "object",
    "properties": {"@context": OPEN},
    "required": ["@context"],
}
# A list or a profile as statements: decimals are texts, for who must not take them for doubles.
LINKED: dict[str, Any] = {
    "type": "object",
    "description": "A list or a profile in JSON-LD 1.1: as in JSON, but for decimals, which are texts",
    "properties": {
        "@context": {**TEXT, "format": "uri"},
        "release": TEXT,
        "resource": TEXT,
        "rows": array_of(OPEN),
        "sparql": TEXT,
        "took_ms": {"type": "number"},
    },
    "required": ["@context", "release", "resource", "rows", "sparql", "took_ms"],
    "additionalProperties": True,
}
FEATURES: dict[str, Any] = object_of(
    {
        "type": {"const": "FeatureCollection"},
        "features": array_of(
            object_of(
                {
                    "type": {"const": "Feature"},
                    "id": TEXT,
                    "geometry": _PLAIN[Type.POINT],
                    "properties": OPEN,
                }
            )
        ),
    }
)
HEADERS: dict[str, Any] = {
    "Link": {"description": "Where the list goes on: rel=next (RFC 8288)", "schema": TEXT},
    "X-Total-Count": {"description": "How many there are", "required": True, "schema": COUNT},
    "X-Truncated": {"description": "`rows`, if some are missing", "schema": {"const": "rows"}},
    "X-Release": {"description": "What the answer is of", "required": True, "schema": TEXT},
}


def models_of(resource: Resource) -> dict[str, Any]:
    """A row, a list of rows, a profile."""
    name = resource.name.capitalize()
    row = {"iri": {**TEXT, "format": "iri"}, "id": TEXT}
    row |= {column.name: _value(column) for column in resource.columns}
    # `fields` leaves some out.
    optional = frozenset(row) - {"iri", "id"}
    rows = array_of({"$ref": f"#/components/schemas/{name}Row"})
    listed = {
        "@context": TEXT,
        "release": TEXT,
        "resource": {"const": resource.name},
        "parameters": {"type": "object", "additionalProperties": TEXT},
        "sort": TEXT,
        "total": COUNT,
        "truncated": {"type": "boolean"},
        "next": {"type": ["string", "null"]},
        "sparql": TEXT,
        "facets": {
            "type": "object",
            "additionalProperties": {"$ref": "#/components/schemas/Facet"},
        },
        "rows": rows,
        "took_ms": {"type": "number"},
    }
    profile = {
        "@context": TEXT,
        "release": TEXT,
        "resource": {"const": resource.name},
        "rows": rows,
        "prose": {"type": "object", "additionalProperties": array_of(TEXT)},
        "related": {
            "type": "object",
            "additionalProperties": {"$ref": "#/components/schemas/Related"},
        },
        "sparql": TEXT,
        "took_ms": {"type": "number"},
    }
    return {
        f"{name}Row": object_of(row, optional),
        f"{name}List": object_of(listed, frozenset({"@context", "facets"})),
        f"{name}Profile": object_of(profile, frozenset({"@context", "prose"})),
    }


def _value(column: Column) -> dict[str, Any]:
    told = {"description": f"{column.about.fr} / {column.about.en}"}
    linked = {"$ref": "#/components/schemas/Linked"}
    if column.type is Type.LINKS:
        return {**array_of(linked), **told}
    if column.type is Type.LINK:
        return {"oneOf": [linked, {"type": "null"}], **told}
    return {**_PLAIN[column.type], **told}
