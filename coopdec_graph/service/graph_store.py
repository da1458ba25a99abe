"""Named graphs, read: SPARQL 1.1 Graph Store HTTP Protocol (W3C, 2013), GET and HEAD.

`/graph-store?graph=IRI` and `?default` name a graph indirectly (4.2), `/graph/…` directly (4.1).
A graph may be large: it is asked of the engine and sent on as `/sparql` sends its answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import Response

from coopdec_graph.engines.base import Answer, Engine, Question
from coopdec_graph.graph.query import Form, Term
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import DEFAULT_BASE
from coopdec_graph.resources import query_text
from coopdec_graph.results.formats import HTML, Format, formats_of
from coopdec_graph.service.codings import accepted_codings
from coopdec_graph.service.departure import ClientLeft, Departure
from coopdec_graph.service.formats import accept_of, by_extension, choose
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.problems import BadRequest, NotFound
from coopdec_graph.service.problems_description import ENGINE, problems_of
from coopdec_graph.service.routing import readable
from coopdec_graph.service.transfer import Transferred, answer_headers

__all__ = ["CONTENT", "graph_store_router", "offered_formats", "shown_as_text"]

_UNKNOWN = Bilingual("Il n'y a pas de graphe <{iri}>.", "There is no graph <{iri}>.")
_ONE = Bilingual(
    "Il faut un seul paramètre « graph » (l'IRI d'un graphe), ou « default ».",
    "Exactly one parameter is needed: “graph” (the IRI of a graph), or “default”.",
)
_ABSOLUTE = Bilingual("« {iri} » n'est pas une IRI absolue.", "“{iri}” is not an absolute IRI.")
_ENCODING = Bilingual(
    "Les paramètres ne sont pas en UTF-8 codé en pourcent.",
    "The parameters are not percent-encoded UTF-8.",
)


def offered_formats() -> tuple[Format, ...]:
    """The formats of a graph that is no page."""
    return tuple(format for format in formats_of(Form.GRAPH) if format is not HTML)


# A browser gets Turtle as a plain text.
CONTENT: dict[str, Any] = {
    **{format.media_type: {} for format in offered_formats()},
    "text/plain": {},
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The graph",
        "content": CONTENT,
    },
    **problems_of(404, 406, *ENGINE),
}
_DIRECT: dict[str, Any] = {
    "parameters": [
        {
            "name": "path",
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
            "example": "source/atlas-3203",
        }
    ]
}
_INDIRECT: dict[str, Any] = {
    "parameters": [
        {
            "name": "graph",
            "in": "query",
            "schema": {"type": "string", "format": "iri"},
            "example": f"{DEFAULT_BASE}graph/links",
        },
        {
            "name": "default",
            "in": "query",
            "allowEmptyValue": True,
            "schema": {"type": "string"},
            "example": "",
        },
        {
            "name": "format",
            "in": "query",
            "example": "turtle",
            "schema": {"type": "string", "enum": [format.name for format in offered_formats()]},
        },
    ]
}


def graph_store_router(pages: Pages, engine: Engine) -> APIRouter:
    """Routes over one release."""
    router = APIRouter(tags=["graphs"])

    async def direct(request: Request) -> Response:
        stem, named = by_extension(request.path_params["path"])
        graph = _node(f"{pages.addresses.base}graph/{stem}", NotFound, _UNKNOWN)
        return await _graph(request, pages, engine, graph, named)

    async def indirect(request: Request) -> Response:
        graph, named = _parameters(request)
        return await _graph(request, pages, engine, graph, named)

    readable(
        router,
        "/graph/{path:path}",
        direct,
        summary="The content of a named graph",
        openapi_extra=_DIRECT,
        responses=_RESPONSES,
    )
    readable(
        router,
        "/graph-store",
        indirect,
        summary="The content of a graph, by its IRI: Graph Store Protocol",
        openapi_extra=_INDIRECT,
        responses={**_RESPONSES, **problems_of(400, s400="Not one graph")},
    )
    return router


def _parameters(request: Request) -> tuple[ox.NamedNode | None, str | None]:
    """The graph, None for the default graph, and a format's name. Raises BadRequest.

    The IRI must be absolute (4.2).
    """
    try:
        text = request.scope["query_string"].decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError:
        raise BadRequest(_ENCODING) from None
    chosen = [(name, value) for name, value in pairs if name in ("graph", "default")]
    named = [value for name, value in pairs if name == "format"]
    if len(chosen) != 1 or len(named) > 1:
        raise BadRequest(_ONE)
    name, value = chosen[0]
    graph = None if name == "default" else _node(value, BadRequest, _ABSOLUTE)
    return graph, named[0] if named else None


def _node(iri: str, refusal: type[BadRequest] | type[NotFound], message: Bilingual) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        raise refusal(message, iri=iri[:200]) from None


async def _graph(
    request: Request, pages: Pages, engine: Engine, graph: ox.NamedNode | None, named: str | None
) -> Response:
    """A graph on its way. Raises NotFound, NotAcceptable and QueryError."""
    plain = shown_as_text(request, named)
    format = offered_formats()[0] if plain else choose(accept_of(request), named, offered_formats())
    answer: Answer | None = None
    try:
        async with Departure(request.receive):
            if graph is not None and not await pages.queries.rows_of("graph_known", graph=graph):
                raise NotFound(_UNKNOWN, iri=graph.value)
            answer = await engine.ask(_question(request, graph, format))
    except ClientLeft:
        if answer is not None:
            await answer.close()
        return Response(status_code=499)
    headers = answer_headers(answer, format)
    if plain:
        headers["content-type"] = "text/plain; charset=utf-8"
    return Transferred(answer, headers)


def shown_as_text(request: Request, named: str | None) -> bool:
    """Whether a browser asks, which can show Turtle as plain text: a graph has no page."""
    return not named and "text/html" in (accept_of(request) or "")


def _question(request: Request, graph: ox.NamedNode | None, format: Format) -> Question:
    bindings: Mapping[str, Term] = {} if graph is None else {"graph": graph}
    return Question(
        query_text("default_graph" if graph is None else "graph"),
        {Form.GRAPH: format.name},
        bindings=bindings,
        codings=accepted_codings(request.headers.get("accept-encoding")),
    )
