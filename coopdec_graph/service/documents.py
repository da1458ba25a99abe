"""Resources that dereference: `/id/…` leads to `/doc/…`, which shows what is known in any format.

Follows "Cool URIs for the Semantic Web" (W3C, 2008), 303 redirects.
"""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from coopdec_graph.graph.query import Form, Term
from coopdec_graph.language import Bilingual
from coopdec_graph.service.formats import by_extension, formats_of
from coopdec_graph.service.graph_store import CONTENT
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.problems import NotFound
from coopdec_graph.service.problems_description import ENGINE, problems_of
from coopdec_graph.service.profiles.document import answer_document
from coopdec_graph.service.questions_description import CACHED, NOT_MODIFIED, query_parameter
from coopdec_graph.service.routing import readable
from coopdec_graph.service.vocabulary import alignment_of_terms

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
_OF_TERMS: dict[int | str, dict[str, Any]] = {
    200: {"description": "An alignment of terms with another vocabulary", "content": CONTENT}
}
_NAMED = {"type": "string", "minLength": 1}
_WANTED = [
    query_parameter(
        "_profile",
        _NAMED,
        "Views the client takes, best first: tokens, or IRIs in angle brackets (see `/profiles`). "
        "`alt` lists those there are. Before `Accept-Profile`.",
        "schema.org",
    ),
    query_parameter("profile", _NAMED, "The same as `_profile`, which is not given then", "eurio"),
    query_parameter(
        "_mediatype",
        _NAMED,
        "Media types the client takes, best first. Before `Accept`, after an extension.",
        "application/ld+json",
    ),
    {
        "name": "Accept-Profile",
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "description": "IRIs of profiles in angle brackets, each with its quality",
        "example": "<https://schema.org/>, <https://w3id.org/coopdec/profiles#eurio>;q=0.5",
    },
]
_PROFILED: dict[str, Any] = {
    name: {"description": about, "required": True, "schema": {"type": "string"}}
    for name, about in (
        ("Content-Profile", "The profile of this answer"),
        ("Link", "The profile, other formats and other profiles (`rel` profile, alternate)"),
    )
}
_FOUND: dict[str, Any] = {
    "openapi_extra": {"parameters": [*_PATH["parameters"], *_WANTED]},
    "responses": {
        301: {"description": "Another identifier has taken its place", "headers": _LOCATION},
        200: {
            "headers": {**CACHED, **_PROFILED},
            "content": {format.media_type: {} for format in formats_of(Form.GRAPH)}
            | {"text/plain": {}},
        },
        **NOT_MODIFIED,
        **problems_of(
            400, 404, 406, *ENGINE, s400="Two profiles", s406="No such format, or no such profile"
        ),
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
        terms = alignment_of_terms(request, path.removeprefix("/"))
        return terms or _see(request, "/doc/correspondence" + path)

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
        **{**_LEADS, "responses": {**_OF_TERMS, **_LEADS["responses"], **problems_of(406)}},
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
    stem, extension = by_extension(path)
    iri = pages.addresses.iri_of_document(stem)
    entity = _node(iri)
    successor = pages.queries.rows("replaced_by", entity=entity)
    if successor:
        return _moved(pages, request, successor[0]["successor"], path.removeprefix(stem))
    if not pages.queries.rows("known", entity=entity):
        raise NotFound(_UNKNOWN, iri=iri)
    return answer_document(pages, request, entity, stem, extension)


def _moved(pages: Pages, request: Request, successor: Term | None, suffix: str) -> Response:
    """For good: to the same format, with the same query."""
    path = pages.addresses.local(successor.value) if isinstance(successor, ox.NamedNode) else None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse((path or "/") + suffix + query, 301)


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        raise NotFound(_UNKNOWN, iri=iri) from None
