"""What OpenAPI says of the lists, profiles and search: typed, so that a client can be generated."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from coopdec_graph.index.resources import Resource, resources
from coopdec_graph.language import Bilingual
from coopdec_graph.questions.catalogue import catalogue
from coopdec_graph.results.formats import GEOJSON
from coopdec_graph.service.api.cursors import token_of
from coopdec_graph.service.api.examples import list_example, profile_example, search_example
from coopdec_graph.service.api.formats import JSON, JSON_LD, offered_formats
from coopdec_graph.service.api.lists import PATH, Lists
from coopdec_graph.service.api.models import (
    CONTEXT,
    COUNT,
    FEATURES,
    HEADERS,
    LINKED,
    NAME,
    POINT,
    TEXT,
    array_of,
    facet_model,
    linked_model,
    models_of,
    object_of,
    related_model,
    some_of,
)
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
        TEXT,
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
        schemas |= {
            "Name": NAME,
            "Geometry": POINT,
            "Linked": linked_model(),
            "Facet": facet_model(),
        }
        schemas |= {
            "Related": related_model(),
            "LinkedDocument": LINKED,
            "FeatureCollection": FEATURES,
        }
        for resource in resources().values():
            schemas |= models_of(resource)
            paths = whole["paths"]
            paths[f"{PATH}/{resource.name}"]["get"] |= _list_operation(resource, lists)
            paths[PATH + f"/{resource.name}/{{id}}"]["get"] |= _profile_operation(resource, lists)
        whole["paths"][f"{PATH}/search"]["get"] |= _search_operation(lists)
        whole["paths"][f"{PATH}/context.jsonld"]["get"]["responses"] = {
            "200": {
                "description": "The context",
                "headers": CACHED,
                "content": {JSON_LD.media_type: {"schema": CONTEXT}},
            },
            **NOT_MODIFIED,
            **problems_of(500),
        }
        return whole

    app.openapi = openapi  # type: ignore[method-assign]


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
                some_of(column.name for column in resource.columns),
                f"colonnes, avec des virgules / columns: {columns}",
                ",".join(column.name for column in resource.columns[:2]),
            ),
            query_parameter(
                "facets",
                some_of(resource.facets),
                f"facettes à compter / facets to count, *: {facets}",
                ",".join(resource.facets[:2]),
            ),
            query_parameter(
                "format",
                {**TEXT, "enum": [format.name for format in formats]},
                "par défaut celui de « Accept » / that of Accept if not said",
                "json",
            ),
        ],
        "responses": {
            "200": {
                "description": "A page of the list",
                "content": content,
                "headers": {**CACHED, **HEADERS},
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
        "schema": TEXT,
        "example": example["rows"][0]["id"] if example["rows"] else "-",
    }
    shown = query_parameter(
        "format",
        {**TEXT, "enum": ["json", "jsonld", "turtle"]},
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
                "headers": {"Location": {"required": True, "schema": TEXT}},
            },
            **NOT_MODIFIED,
            **problems_of(400, 404, 406, *ENGINE),
        },
    }


def _search_operation(lists: Lists) -> dict[str, Any]:
    found = object_of(
        {
            "iri": TEXT,
            "name": {"$ref": "#/components/schemas/Name"},
        }
    )
    each = object_of({"total": COUNT, "href": TEXT, "rows": array_of(found)})
    document = object_of(
        {
            "release": TEXT,
            "q": TEXT,
            "found": object_of(dict.fromkeys(resources(), each)),
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
