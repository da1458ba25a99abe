"""`/api/v1/…`: a list for each resource, a profile for each entity, the search, what keys mean."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from coopdec_graph import __version__
from coopdec_graph.index.resources import Resource, resources
from coopdec_graph.index.tables import table_schema
from coopdec_graph.service.api.answers import caching, in_json, in_pieces, unchanged
from coopdec_graph.service.api.context import context
from coopdec_graph.service.api.formats import EXTENSIONS, JSON, JSON_LD, TURTLE, offered_formats
from coopdec_graph.service.api.lists import PATH, Listed, Lists
from coopdec_graph.service.api.profiles import NO_ENTITY, Profiles, id_and_format
from coopdec_graph.service.api.requests import read_fields, read_request
from coopdec_graph.service.api.search import read_search, searched
from coopdec_graph.service.facts import address_of
from coopdec_graph.service.formats import accept_of, choose
from coopdec_graph.service.inputs import inputs_of
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.problems import NotFound
from coopdec_graph.service.problems_description import problems_of
from coopdec_graph.service.protocol import only, pairs_of
from coopdec_graph.service.routing import readable

__all__ = ["api_router"]

_METADATA = ".csv-metadata.json"


def api_router(lists: Lists, pages: Pages) -> APIRouter:
    """Routes over one release."""
    router = APIRouter(tags=["lists"])
    profiles = Profiles(lists, pages.queries.rows)
    readable(
        router,
        PATH,
        _root(lists),
        summary="What there is: resources, their filters, columns",
        responses={
            200: {"content": {JSON.media_type: {}}},
            304: {"description": "What the client has is still the answer"},
            **problems_of(500),
        },
    )
    # What stands beside the lists comes first: an id may hold anything.
    readable(router, f"{PATH}/context.jsonld", _context, summary="What the keys of a document mean")
    readable(router, f"{PATH}/search", _search(lists), summary="Words in everything, best first")
    for resource in resources().values():
        _add(router, lists, profiles, resource)
    return router


def _root(lists: Lists) -> Callable[[Request], Response]:
    def root(request: Request) -> Response:
        document = {
            "release": lists.release,
            "resources": {name: _told(each) for name, each in resources().items()},
            "search": f"{PATH}/search",
            "questions": f"{PATH}/questions",
            "context": f"{PATH}/context.jsonld",
            "openapi": "/openapi.json",
        }
        return _fixed(request, document, JSON.content_type)

    return root


def _told(resource: Resource) -> dict[str, Any]:
    """What may be asked of a resource, and what comes back."""
    return {
        "href": f"{PATH}/{resource.name}",
        "title": resource.title.to_dict(),
        "filters": [each.name for each in resource.filters],
        "facets": list(resource.facets),
        "sort": list(resource.sortable),
        "formats": [format.name for format in offered_formats(resource)],
        "columns": [
            {
                "name": column.name,
                "type": column.type.value,
                "about": column.about.to_dict(),
                "property": column.property,
            }
            for column in resource.columns
        ],
    }


def _add(router: APIRouter, lists: Lists, profiles: Profiles, resource: Resource) -> None:
    address = f"{PATH}/{resource.name}"
    title = resource.title.en
    readable(router, address, _listing(lists, resource), summary=f"{title}: filtered, counted")
    readable(router, f"{address}{_METADATA}", _metadata(resource))
    readable(router, address + ".{extension}", _listing(lists, resource))
    readable(
        router,
        address + "/{id:path}",
        _profile(profiles, resource),
        summary=f"{title}: one of them",
    )


def _listing(lists: Lists, resource: Resource) -> Callable[[Request], Response]:
    def listing(request: Request) -> Response:
        began = time.perf_counter()
        extension = request.path_params.get("extension")
        if extension is not None and extension not in EXTENSIONS:
            raise NotFound(NO_ENTITY, id=f".{extension}", title=resource.name, nearest="")
        named = None if extension is None else EXTENSIONS[extension]
        asked = read_request(
            inputs_of(request), resource, named, lists.index, lists.choices, lists.release
        )
        found = unchanged(request, asked.tag, "Accept-Language")
        if found is not None:
            return found
        listed = lists.listed(asked)
        headers = {**caching(asked.tag, "Accept-Language"), **_headers(listed, lists)}
        if asked.in_json:
            document = lists.document(listed, address_of(request), began)
            headers["Server-Timing"] = f"total;dur={document['took_ms']}"
            return in_json(request, document, headers, asked.format.content_type)
        name = f"coopdec-{resource.name}.{asked.format.extension}"
        kind = "inline" if asked.format.text else "attachment"
        headers["Content-Disposition"] = f'{kind}; filename="{name}"'
        took = (time.perf_counter() - began) * 1000
        headers["Server-Timing"] = f"selection;dur={took:.1f}"
        return in_pieces(request, lists.pieces(listed), headers, asked.format)

    return listing


def _headers(listed: Listed, lists: Lists) -> dict[str, str]:
    """How many there are, whether these are all, where the list goes on (RFC 8288)."""
    headers = {"X-Total-Count": str(listed.total), "X-Release": lists.release}
    if listed.truncated:
        headers["X-Truncated"] = "rows"
    asked = listed.asked
    links = []
    following = lists.next_address(listed)
    if following is not None:
        links.append(f'<{following}>; rel="next"')
    if asked.format.name in ("csv", "csv-bom"):
        chosen = f"?fields={','.join(asked.fields)}" if asked.fields else ""
        metadata = f"{PATH}/{asked.resource.name}{_METADATA}{chosen}"
        links.append(f'<{metadata}>; rel="describedby"; type="application/csvm+json"')
    if asked.format is JSON:
        links.append(
            f'<{PATH}/context.jsonld>; rel="http://www.w3.org/ns/json-ld#context";'
            ' type="application/ld+json"'
        )
    return {**headers, "Link": ", ".join(links)} if links else headers


def _metadata(resource: Resource) -> Callable[[Request], Response]:
    def metadata(request: Request) -> Response:
        names = only(inputs_of(request).pairs, "fields")
        fields = read_fields(resource, names)
        query = f"?fields={names}" if fields else ""
        schema = table_schema(resource, fields, f"{resource.name}.csv{query}")
        return _fixed(request, schema, "application/csvm+json")

    return metadata


def _context(request: Request) -> Response:
    return _fixed(request, {"@context": context()}, JSON_LD.media_type)


def _fixed(request: Request, document: Mapping[str, Any], media_type: str) -> Response:
    tag = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:32]
    return unchanged(request, tag) or in_json(request, document, caching(tag), media_type)


def _profile(profiles: Profiles, resource: Resource) -> Callable[[Request], Response]:
    formats = (JSON, JSON_LD, TURTLE)

    def profile(request: Request) -> Response:
        began = time.perf_counter()
        id, extension = id_and_format(request.path_params["id"])
        named = only(pairs_of(request.scope["query_string"]), "format")
        format = choose(accept_of(request), extension or named, formats)
        record = profiles.record(resource, id)
        if format is TURTLE:
            # The page of the entity has all its statements, in every form of RDF.
            return RedirectResponse(
                f"/doc/{_local(profiles.lists, record.iri)}.ttl", 303, {"Vary": "Accept"}
            )
        tag = hashlib.sha256(
            repr((profiles.lists.release, record.iri, format.name)).encode()
        ).hexdigest()[:32]
        found = unchanged(request, tag)
        if found is not None:
            return found
        document = profiles.document(resource, record, format, address_of(request), began)
        timing = {"Server-Timing": f"total;dur={document['took_ms']}"}
        return in_json(request, document, {**caching(tag), **timing}, format.content_type)

    return profile


def _local(lists: Lists, iri: str) -> str:
    return iri.removeprefix(lists.base).removeprefix("id/")


def _search(lists: Lists) -> Callable[[Request], Response]:
    def search(request: Request) -> Response:
        began = time.perf_counter()
        asked = read_search(inputs_of(request))
        tag = hashlib.sha256(repr((__version__, lists.release, asked)).encode()).hexdigest()[:32]
        found = unchanged(request, tag)
        if found is not None:
            return found
        document = searched(lists, asked, began)
        return in_json(request, document, caching(tag), JSON.content_type)

    return search
