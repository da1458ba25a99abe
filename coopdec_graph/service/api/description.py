"""What OpenAPI says of the lists, profiles and search: typed, so that a client can be generated."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI

from coopdec_graph.index.resources import Column, Resource, Type, resources
from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.questions.catalogue import catalogue
from coopdec_graph.results.formats import GEOJSON
from coopdec_graph.service.api.cursors import token_of
from coopdec_graph.service.api.examples import list_example, profile_example, search_example
from coopdec_graph.service.api.formats import JSON, JSON_LD, offered_formats
from coopdec_graph.service.api.lists import PATH, Lists
from coopdec_graph.service.api.requests import DEFAULT_FACET_ROWS, DEFAULT_ROWS, MOST_ROWS
from coopdec_graph.service.api.search import DEFAULT_FOUND, MOST_FOUND
from coopdec_graph.service.problems_description import ENGINE, problems_of
from coopdec_graph.service.questions_description import (
    CACHED,
    LANG,
    NOT_MODIFIED,
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
_OWN: tuple[tuple[str, dict[str, Any], Bilingual, object], ...] = (
    (
        "q",
        {"type": "string", "maxLength": 200},
        Bilingual(
            "mots à chercher : tous, sans égard aux majuscules, aux accents ni aux terminaisons",
            "words to look for: all of them, whatever their case, accents and endings",
        ),
        "eau potable",
    ),
    (
        "cursor",
        _TEXT,
        Bilingual("où la liste continue : voir « next »", "where the list goes on: see “next”"),
        token_of("", DEFAULT_ROWS),
    ),
    (
        "limit",
        {"type": "integer", "minimum": 0, "maximum": MOST_ROWS},
        Bilingual(
            f"lignes d'une page : {DEFAULT_ROWS} en JSON, toutes dans les autres formats",
            f"rows of a page: {DEFAULT_ROWS} in JSON, all in other formats",
        ),
        20,
    ),
    (
        "facet_limit",
        {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_FACET_ROWS},
        Bilingual("valeurs montrées de chaque facette", "values shown of each facet"),
        5,
    ),
    (
        "bom",
        {"type": "integer", "enum": [0, 1]},
        Bilingual("1 : un CSV qu'Excel ouvre avec ses accents", "1: a CSV that Excel opens right"),
        0,
    ),
)


def describe_api(app: FastAPI, lists: Lists) -> None:
    """Adds what the framework cannot see: parameters, models and errors of each address.

    Examples are of the release.
    """
    described = app.openapi

    def openapi() -> dict[str, Any]:
        whole = described()
        schemas = whole.setdefault("components", {}).setdefault("schemas", {})
        if "Linked" in schemas:
            return whole
        schemas |= {"Name": _NAME, "Geometry": _POINT, "Linked": _linked(), "Facet": _facet()}
        schemas |= {
            "Related": _related(),
            "LinkedDocument": _LINKED,
            "FeatureCollection": _FEATURES,
        }
        for resource in resources().values():
            schemas |= _models(resource)
            paths = whole["paths"]
            paths[f"{PATH}/{resource.name}"]["get"] |= _list_operation(resource, lists)
            paths[PATH + f"/{resource.name}/{{id}}"]["get"] |= _profile_operation(resource, lists)
        whole["paths"][f"{PATH}/search"]["get"] |= _search_operation(lists)
        whole["paths"][f"{PATH}/context.jsonld"]["get"]["responses"] = {
            "200": {
                "description": "The context",
                "headers": CACHED,
                "content": {JSON_LD.media_type: {"schema": _CONTEXT}},
            },
            **NOT_MODIFIED,
            **problems_of(500),
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


def _some(names: Iterable[str]) -> dict[str, Any]:
    """Some of these names, with commas between; `*` is all."""
    one = "|".join((r"\*", *names))
    return {**_TEXT, "pattern": f"^({one})(,({one}))*$"}


def _linked() -> dict[str, Any]:
    linked = {"iri": _TEXT, "name": {"$ref": "#/components/schemas/Name"}}
    return _object({**linked, "code": {"type": ["string", "null"]}}, frozenset({"code"}))


def _facet() -> dict[str, Any]:
    value = {"value": _TEXT, "name": {"$ref": "#/components/schemas/Name"}, "count": _COUNT}
    row = _object({**value, "code": _TEXT}, frozenset({"code"}))
    return _object({"values": _COUNT, "truncated": {"type": "boolean"}, "rows": _array(row)})


def _related() -> dict[str, Any]:
    return _object({"total": _COUNT, "href": _TEXT, "rows": _array({"type": "object"})})


_OPEN: dict[str, Any] = {"type": "object", "additionalProperties": True}
_CONTEXT: dict[str, Any] = {
    "type": "object",
    "properties": {"@context": _OPEN},
    "required": ["@context"],
}
# A list or a profile as statements: decimals are texts, for who must not take them for doubles.
_LINKED: dict[str, Any] = {
    "type": "object",
    "description": "A list or a profile in JSON-LD 1.1: as in JSON, but for decimals, which are texts",
    "properties": {
        "@context": {**_TEXT, "format": "uri"},
        "release": _TEXT,
        "resource": _TEXT,
        "rows": _array(_OPEN),
        "sparql": _TEXT,
        "took_ms": {"type": "number"},
    },
    "required": ["@context", "release", "resource", "rows", "sparql", "took_ms"],
    "additionalProperties": True,
}
_FEATURES: dict[str, Any] = _object(
    {
        "type": {"const": "FeatureCollection"},
        "features": _array(
            _object(
                {
                    "type": {"const": "Feature"},
                    "id": _TEXT,
                    "geometry": _PLAIN[Type.POINT],
                    "properties": _OPEN,
                }
            )
        ),
    }
)
_HEADERS: dict[str, Any] = {
    "Link": {"description": "Where the list goes on: rel=next (RFC 8288)", "schema": _TEXT},
    "X-Total-Count": {"description": "How many there are", "required": True, "schema": _COUNT},
    "X-Truncated": {"description": "`rows`, if some are missing", "schema": {"const": "rows"}},
    "X-Release": {"description": "What the answer is of", "required": True, "schema": _TEXT},
}


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


def _list_operation(resource: Resource, lists: Lists) -> dict[str, Any]:
    question = catalogue()[resource.name]
    formats = offered_formats(resource)
    content: dict[str, Any] = {format.media_type: {} for format in formats}
    model = {"$ref": f"#/components/schemas/{resource.name.capitalize()}List"}
    content[JSON.media_type] = {"schema": model, "example": list_example(lists, resource)}
    content[JSON_LD.media_type] = {"schema": {"$ref": "#/components/schemas/LinkedDocument"}}
    if GEOJSON in formats:
        content[GEOJSON.media_type] = {"schema": {"$ref": "#/components/schemas/FeatureCollection"}}
    names = ", ".join(resource.sortable)
    columns = ", ".join(column.name for column in resource.columns)
    facets = ", ".join(resource.facets)
    return {
        "operationId": f"list_{resource.name}",
        "description": "\n\n".join((question.description.fr, question.description.en)),
        "parameters": [
            *(
                described_parameter(each, question.example)
                for each in question.parameters
                if each.name != "language"
            ),
            *(
                query_parameter(name, schema, f"{told.fr} / {told.en}", example)
                for name, schema, told, example in _OWN
            ),
            LANG,
            query_parameter(
                "sort",
                {
                    "type": "string",
                    "enum": [f"{sign}{n}" for n in resource.sortable for sign in ("", "-")]
                    + ["relevance"],
                },
                f"- : décroissant / descending. {names}",
                resource.sort,
            ),
            query_parameter(
                "fields",
                _some(column.name for column in resource.columns),
                f"colonnes, avec des virgules / columns: {columns}",
                ",".join(column.name for column in resource.columns[:2]),
            ),
            query_parameter(
                "facets",
                _some(resource.facets),
                f"facettes à compter / facets to count, *: {facets}",
                ",".join(resource.facets[:2]),
            ),
            query_parameter(
                "format",
                {**_TEXT, "enum": [format.name for format in formats]},
                "par défaut celui de « Accept » / that of Accept if not said",
                "json",
            ),
        ],
        "responses": {
            "200": {
                "description": "A page of the list",
                "content": content,
                "headers": {**CACHED, **_HEADERS},
            },
            **NOT_MODIFIED,
            **problems_of(400, 406, 500),
        },
    }


def _profile_operation(resource: Resource, lists: Lists) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{resource.name.capitalize()}Profile"}
    example = profile_example(lists, resource)
    linked = {"schema": {"$ref": "#/components/schemas/LinkedDocument"}}
    id: dict[str, Any] = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": f"`id` d'une ligne : la fin de l'IRI après / the end of the IRI after"
        f" `{resource.start}`",
        "schema": _TEXT,
        "example": example["rows"][0]["id"] if example["rows"] else "-",
    }
    shown = query_parameter(
        "format",
        {**_TEXT, "enum": ["json", "jsonld", "turtle"]},
        "par défaut celui de « Accept » / that of Accept if not said",
        "json",
    )
    return {
        "operationId": f"get_{resource.name}",
        "parameters": [id, shown, LANG],
        "responses": {
            "200": {
                "description": "The entity and what it has to do with",
                "headers": CACHED,
                "content": {
                    JSON.media_type: {"schema": schema, "example": example},
                    JSON_LD.media_type: linked,
                },
            },
            "303": {
                "description": "Its page in Turtle",
                "headers": {"Location": {"required": True, "schema": _TEXT}},
            },
            **NOT_MODIFIED,
            **problems_of(400, 404, 406, *ENGINE),
        },
    }


def _search_operation(lists: Lists) -> dict[str, Any]:
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
    _, schema, told, example = _OWN[0]
    words = query_parameter("q", schema, f"{told.fr} / {told.en}", example)
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_FOUND, "default": DEFAULT_FOUND}
    return {
        "operationId": "search",
        "parameters": [
            {**words, "required": True},
            query_parameter("limit", limit, "de chaque liste / of each list, at most", 3),
            LANG,
        ],
        "responses": {
            "200": {
                "description": "The best of each resource",
                "headers": CACHED,
                "content": {
                    JSON.media_type: {"schema": document, "example": search_example(lists)}
                },
            },
            **NOT_MODIFIED,
            **problems_of(400, 500),
        },
    }
