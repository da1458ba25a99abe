"""What OpenAPI says of the lists, profiles and search: typed, so that a client can be generated."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from coopdec_graph.index.resources import Column, Resource, Type, resources
from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.questions.catalogue import catalogue
from coopdec_graph.service.api.formats import JSON, JSON_LD, offered_formats
from coopdec_graph.service.api.lists import PATH
from coopdec_graph.service.api.requests import DEFAULT_FACET_ROWS, DEFAULT_ROWS, MOST_ROWS
from coopdec_graph.service.api.search import DEFAULT_FOUND, MOST_FOUND
from coopdec_graph.service.questions_description import (
    ERRORS,
    described_parameter,
    query_parameter,
)

__all__ = ["describe_api"]

_TEXT: dict[str, Any] = {"type": "string"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_NAME: dict[str, Any] = {
    "type": "object",
    "description": "A name by language",
    "properties": dict.fromkeys(LANGUAGES, _TEXT),
    "additionalProperties": _TEXT,
}
_POINT: dict[str, Any] = {
    "type": "object",
    "description": "GeoJSON geometry (RFC 7946)",
    "properties": {"type": _TEXT, "coordinates": {"type": "array", "items": {}}},
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
_OWN: tuple[tuple[str, dict[str, Any], Bilingual], ...] = (
    (
        "q",
        {"type": "string", "maxLength": 200, "examples": ["eau potable"]},
        Bilingual(
            "mots à chercher : tous, sans égard aux majuscules, aux accents ni aux terminaisons",
            "words to look for: all of them, whatever their case, accents and endings",
        ),
    ),
    (
        "cursor",
        _TEXT,
        Bilingual("où la liste continue : voir « next »", "where the list goes on: see “next”"),
    ),
    (
        "limit",
        {"type": "integer", "minimum": 0, "maximum": MOST_ROWS},
        Bilingual(
            f"lignes d'une page : {DEFAULT_ROWS} en JSON, toutes dans les autres formats",
            f"rows of a page: {DEFAULT_ROWS} in JSON, all in other formats",
        ),
    ),
    (
        "facet_limit",
        {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_FACET_ROWS},
        Bilingual("valeurs montrées de chaque facette", "values shown of each facet"),
    ),
    (
        "lang",
        {"type": "string", "enum": list(LANGUAGES)},
        Bilingual(
            "langue des noms d'un tableau, et des messages",
            "language of the names of a table, and of messages",
        ),
    ),
    (
        "bom",
        {"type": "integer", "enum": [0, 1]},
        Bilingual("1 : un CSV qu'Excel ouvre avec ses accents", "1: a CSV that Excel opens right"),
    ),
)


def describe_api(app: FastAPI) -> None:
    """Adds what the framework cannot see: parameters, models and errors of each address."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        whole = described()
        schemas = whole.setdefault("components", {}).setdefault("schemas", {})
        if "Linked" in schemas:
            return whole
        schemas |= {"Name": _NAME, "Geometry": _POINT, "Linked": _linked(), "Facet": _facet()}
        schemas["Related"] = _related()
        for resource in resources().values():
            schemas |= _models(resource)
            paths = whole["paths"]
            paths[f"{PATH}/{resource.name}"]["get"] |= _list_operation(resource)
            paths[PATH + f"/{resource.name}/{{id}}"]["get"] |= _profile_operation(resource)
        whole["paths"][f"{PATH}/search"]["get"] |= _search_operation()
        whole["paths"][f"{PATH}/context.jsonld"]["get"]["responses"] = {
            "200": {"description": "The context", "content": {JSON_LD.media_type: {}}},
            "304": ERRORS["304"],
        }
        return whole

    app.openapi = openapi  # type: ignore[method-assign]


def _object(properties: dict[str, Any], optional: frozenset[str] = frozenset()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _linked() -> dict[str, Any]:
    linked = {"iri": _TEXT, "name": {"$ref": "#/components/schemas/Name"}}
    return _object({**linked, "code": {"type": ["string", "null"]}}, frozenset({"code"}))


def _facet() -> dict[str, Any]:
    value = {"value": _TEXT, "name": {"$ref": "#/components/schemas/Name"}, "count": _COUNT}
    row = _object({**value, "code": _TEXT}, frozenset({"code"}))
    return _object({"values": _COUNT, "truncated": {"type": "boolean"}, "rows": _array(row)})


def _related() -> dict[str, Any]:
    return _object({"total": _COUNT, "href": _TEXT, "rows": _array({"type": "object"})})


def _models(resource: Resource) -> dict[str, Any]:
    """A row, a list of rows, a profile."""
    name = resource.name.capitalize()
    row = {"iri": {**_TEXT, "format": "iri"}, "id": _TEXT}
    row |= {column.name: _value(column) for column in resource.columns}
    # `fields` leaves some out.
    optional = frozenset(row) - {"iri", "id"}
    rows = _array({"$ref": f"#/components/schemas/{name}Row"})
    listed = {
        "@context": _TEXT,
        "release": _TEXT,
        "resource": {"const": resource.name},
        "parameters": {"type": "object", "additionalProperties": _TEXT},
        "sort": _TEXT,
        "total": _COUNT,
        "truncated": {"type": "boolean"},
        "next": {"type": ["string", "null"]},
        "sparql": _TEXT,
        "facets": {
            "type": "object",
            "additionalProperties": {"$ref": "#/components/schemas/Facet"},
        },
        "rows": rows,
        "took_ms": {"type": "number"},
    }
    profile = {
        "@context": _TEXT,
        "release": _TEXT,
        "resource": {"const": resource.name},
        "rows": rows,
        "prose": {"type": "object", "additionalProperties": _array(_TEXT)},
        "related": {
            "type": "object",
            "additionalProperties": {"$ref": "#/components/schemas/Related"},
        },
        "sparql": _TEXT,
        "took_ms": {"type": "number"},
    }
    return {
        f"{name}Row": _object(row, optional),
        f"{name}List": _object(listed, frozenset({"@context", "facets"})),
        f"{name}Profile": _object(profile, frozenset({"@context", "prose"})),
    }


def _value(column: Column) -> dict[str, Any]:
    told = {"description": f"{column.about.fr} / {column.about.en}"}
    linked = {"$ref": "#/components/schemas/Linked"}
    if column.type is Type.LINKS:
        return {**_array(linked), **told}
    if column.type is Type.LINK:
        return {"oneOf": [linked, {"type": "null"}], **told}
    return {**_PLAIN[column.type], **told}


def _list_operation(resource: Resource) -> dict[str, Any]:
    question = catalogue()[resource.name]
    formats = offered_formats(resource)
    content: dict[str, Any] = {format.media_type: {} for format in formats}
    model = {"schema": {"$ref": f"#/components/schemas/{resource.name.capitalize()}List"}}
    content[JSON.media_type] = content[JSON_LD.media_type] = model
    names = ", ".join(resource.sortable)
    columns = ", ".join(column.name for column in resource.columns)
    facets = ", ".join(resource.facets)
    headers = {
        "Link": "where the list goes on: rel=next (RFC 8288)",
        "X-Total-Count": "how many there are",
        "X-Truncated": "rows, if these are not all",
        "X-Release": "the release the answer is of",
    }
    return {
        "operationId": f"list_{resource.name}",
        "description": "\n\n".join((question.description.fr, question.description.en)),
        "parameters": [
            *(
                described_parameter(each, question.example)
                for each in question.parameters
                if each.name != "language"
            ),
            *(query_parameter(n, schema, f"{t.fr} / {t.en}") for n, schema, t in _OWN),
            query_parameter(
                "sort",
                {
                    "type": "string",
                    "enum": [f"{sign}{n}" for n in resource.sortable for sign in ("", "-")]
                    + ["relevance"],
                },
                f"- : décroissant / descending. {names}",
            ),
            query_parameter("fields", _TEXT, f"colonnes, avec des virgules / columns: {columns}"),
            query_parameter("facets", _TEXT, f"facettes à compter / facets to count, *: {facets}"),
            query_parameter("format", {**_TEXT, "enum": [format.name for format in formats]}),
        ],
        "responses": {
            "200": {
                "description": "A page of the list",
                "content": content,
                "headers": {
                    name: {"description": text, "schema": _TEXT} for name, text in headers.items()
                },
            },
            **ERRORS,
        },
    }


def _profile_operation(resource: Resource) -> dict[str, Any]:
    model = {"schema": {"$ref": f"#/components/schemas/{resource.name.capitalize()}Profile"}}
    id: dict[str, Any] = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": f"`id` d'une ligne : la fin de l'IRI après / the end of the IRI after"
        f" `{resource.start}`",
        "schema": _TEXT,
    }
    shown = query_parameter("format", {**_TEXT, "enum": ["json", "jsonld", "turtle"]})
    return {
        "operationId": f"get_{resource.name}",
        "parameters": [id, shown],
        "responses": {
            "200": {
                "description": "The entity and what it has to do with",
                "content": {JSON.media_type: model, JSON_LD.media_type: model},
            },
            "303": {"description": "Its page in Turtle"},
            **ERRORS,
        },
    }


def _search_operation() -> dict[str, Any]:
    found = _object(
        {
            "iri": _TEXT,
            "name": {"$ref": "#/components/schemas/Name"},
        }
    )
    each = _object({"total": _COUNT, "href": _TEXT, "rows": _array(found)})
    document = _object(
        {
            "release": _TEXT,
            "q": _TEXT,
            "found": _object(dict.fromkeys(resources(), each)),
            "took_ms": {"type": "number"},
        }
    )
    words = query_parameter("q", _OWN[0][1], f"{_OWN[0][2].fr} / {_OWN[0][2].en}")
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_FOUND, "default": DEFAULT_FOUND}
    return {
        "operationId": "search",
        "parameters": [{**words, "required": True}, query_parameter("limit", limit)],
        "responses": {
            "200": {
                "description": "The best of each resource",
                "content": {JSON.media_type: {"schema": document}},
            },
            **ERRORS,
        },
    }
