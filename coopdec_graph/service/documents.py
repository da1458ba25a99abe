"""Resources that dereference: `/id/…` leads to `/doc/…`, which shows what is known in any format.

Follows "Cool URIs for the Semantic Web" (W3C, 2008), 303 redirects.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from coopdec_graph.graph.query import Form, Term
from coopdec_graph.language import Bilingual
from coopdec_graph.service.formats import (
    HTML,
    Format,
    accept_of,
    by_extension,
    choose,
    formats_of,
    link_header,
)
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.problems import NotFound
from coopdec_graph.service.problems_description import ENGINE, problems_of
from coopdec_graph.service.routing import readable

__all__ = ["documents_router"]

_UNKNOWN = Bilingual("Rien n'est connu de <{iri}>.", "Nothing is known of <{iri}>.")
_LOCATION: dict[str, Any] = {"Location": {"required": True, "schema": {"type": "string"}}}
_PATH: dict[str, Any] = {
    "parameters": [
        {
            "name": "path",
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
            "example": "partnership/atlas-3203",
        }
    ]
}
_LEADS: dict[str, Any] = {
    "status_code": 303,
    "openapi_extra": _PATH,
    "responses": {
        303: {"headers": _LOCATION},
        **problems_of(404, 500, s404="A line break is in no identifier"),
    },
}
_FOUND: dict[str, Any] = {
    "openapi_extra": _PATH,
    "responses": {
        301: {"description": "Another identifier has taken its place", "headers": _LOCATION},
        200: {"content": {format.media_type: {} for format in formats_of(Form.GRAPH)}},
        **problems_of(404, 406, *ENGINE),
    },
}


def documents_router(pages: Pages) -> APIRouter:
    """Routes over one release."""
    router = APIRouter(tags=["resources"])

    def thing(request: Request) -> Response:
        return _see(request, "/doc" + _raw_path(request).removeprefix("/id"))

    def concept(request: Request) -> Response:
        return _see(request, "/doc" + _raw_path(request))

    def correspondence(request: Request) -> Response:
        path = _raw_path(request).removeprefix("/alignment")
        return _see(request, "/doc/correspondence" + path)

    def document(request: Request) -> Response:
        return _document(pages, request, request.path_params["path"])

    readable(router, "/id/{path:path}", thing, summary="A thing: leads to its document", **_LEADS)
    readable(
        router, "/scheme/{path:path}", concept, summary="A concept: leads to its document", **_LEADS
    )
    readable(
        router,
        "/alignment/{path:path}",
        correspondence,
        summary="A correspondence of concepts, or one of its associations: leads to its document",
        **_LEADS,
    )
    readable(router, "/doc/{path:path}", document, summary="What is known of a thing", **_FOUND)
    return router


def _see(request: Request, path: str) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(path + query, 303, {"Vary": "Accept"})


def _raw_path(request: Request) -> str:
    """The path as it was sent, so that a redirect keeps its percent-encoding."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return raw.decode("latin-1").partition("?")[0]


def _document(pages: Pages, request: Request, path: str) -> Response:
    stem, named = by_extension(path)
    iri = pages.addresses.iri_of_document(stem)
    format = choose(accept_of(request), named, _offered())
    entity = _node(iri)
    successor = pages.queries.rows("replaced_by", entity=entity)
    if successor:
        return _moved(pages, request, successor[0]["successor"], path.removeprefix(stem))
    found = pages.resource(request, iri) if format is HTML else _described(pages, entity, format)
    if found is None:
        raise NotFound(_UNKNOWN, iri=iri)
    found.headers["Link"] = link_header("/doc/" + _encoded(stem))
    return found


def _moved(pages: Pages, request: Request, successor: Term | None, suffix: str) -> Response:
    """For good: to the same format, with the same query."""
    path = pages.addresses.local(successor.value) if isinstance(successor, ox.NamedNode) else None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse((path or "/") + suffix + query, 301)


def _encoded(stem: str) -> str:
    return quote(stem, safe="/:@!$&'()*+,;=-._~")


def _offered() -> tuple[Format, ...]:
    """RDF first, so that a client without preference gets data; a browser asks for HTML."""
    return formats_of(Form.GRAPH)


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        raise NotFound(_UNKNOWN, iri=iri) from None


def _described(pages: Pages, entity: ox.NamedNode, format: Format) -> Response | None:
    if not pages.queries.rows("known", entity=entity):
        return None
    body = pages.queries.graph("describe", format.name, entity=entity)
    return Response(body, 200, {"Vary": "Accept"}, media_type=format.content_type)
