"""`/sparql`: the SPARQL 1.1 Protocol for queries (W3C, 2013, section 2.1)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

import pyoxigraph as ox
from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from coopdec_graph.errors import QueryError
from coopdec_graph.graph.query import Answer, Dataset, Form, evaluate
from coopdec_graph.language import Bilingual
from coopdec_graph.service.formats import (
    HTML,
    EngineFormat,
    Format,
    accept_of,
    choose,
    engine_default,
    formats_of,
    prefers_page,
)
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.problems import BadRequest, TooLarge, UnsupportedType, status_of
from coopdec_graph.service.routing import readable
from coopdec_graph.service.sparql_description import ABOUT, GET_DESCRIPTION, POST_DESCRIPTION

__all__ = ["add_sparql"]

MOST_BYTES = 1_000_000

_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"

_NO_QUERY = Bilingual(
    "Il manque le paramètre « query » : une requête SPARQL.",
    "The parameter “query” is missing: a SPARQL query.",
)
_TWO_QUERIES = Bilingual(
    "Le paramètre « query » est donné plusieurs fois.",
    "The parameter “query” is given more than once.",
)
_READ_ONLY = Bilingual(
    "Ce point d'accès est en lecture seule : « update » n'est pas accepté.",
    "This endpoint is read-only: “update” is not accepted.",
)
_TYPE = Bilingual(
    "Le corps doit être en {form} ou {direct} (UTF-8).",
    "The body must be {form} or {direct} (UTF-8).",
)
_ENCODING = Bilingual(
    "Les paramètres ne sont pas en UTF-8 codé en pourcent.",
    "The parameters are not percent-encoded UTF-8.",
)
_LONG = Bilingual("La requête dépasse {most} octets.", "The query exceeds {most} bytes.")
_GRAPH = Bilingual("« {iri} » n'est pas une IRI absolue.", "“{iri}” is not an absolute IRI.")

Pairs = list[tuple[str, str]]


def add_sparql(app: FastAPI, pages: Pages) -> None:
    """Adds the route over one release: GET, HEAD and POST."""
    endpoint = _endpoint(pages)
    readable(
        app, "/sparql", endpoint, summary="SPARQL query", openapi_extra=GET_DESCRIPTION, **ABOUT
    )
    app.add_api_route(
        "/sparql",
        endpoint,
        methods=["POST"],
        summary="SPARQL query in a form or as the body",
        openapi_extra=POST_DESCRIPTION,
        response_class=Response,
        **ABOUT,
    )


def _endpoint(pages: Pages) -> Callable[[Request], Awaitable[Response]]:
    """The handler. The engine works in a thread, never on the event loop."""

    async def sparql(request: Request) -> Response:
        pairs = await _parameters(request)
        queries = [value for name, value in pairs if name == "query"]
        if not queries and request.method in ("GET", "HEAD") and _prefers_page(request):
            return await run_in_threadpool(pages.sparql_form, request)
        if any(name == "update" for name, _ in pairs):
            raise BadRequest(_READ_ONLY)
        if not queries:
            raise BadRequest(_NO_QUERY)
        if len(queries) > 1:
            raise BadRequest(_TWO_QUERIES)
        return await run_in_threadpool(_answer, pages, request, queries[0], pairs)

    return sparql


async def _parameters(request: Request) -> Pairs:
    """Every parameter, from the address and, in a form post, from the body; each decoded once."""
    pairs = _pairs(request.scope["query_string"])
    if request.method != "POST":
        return pairs
    body = await _body(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == _DIRECT:
            return [*pairs, ("query", body.decode("utf-8"))]
        if kind == _FORM:
            return [*pairs, *_pairs(body)]
    except UnicodeDecodeError:
        pass
    raise UnsupportedType(_TYPE, form=_FORM, direct=_DIRECT)


def _pairs(encoded: bytes) -> Pairs:
    """Form-encoded pairs in UTF-8, decoded once: `+` is a space, `%2B` a plus. Raises BadRequest."""
    try:
        return parse_qsl(encoded.decode("utf-8"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise BadRequest(_ENCODING) from None


async def _body(request: Request) -> bytes:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_BYTES:
            raise TooLarge(_LONG, most=MOST_BYTES)
        chunks.append(chunk)
    return b"".join(chunks)


def _prefers_page(request: Request) -> bool:
    offered = (*formats_of(Form.SELECT), HTML)
    return choose(accept_of(request), None, offered) is HTML


def _answer(pages: Pages, request: Request, query: str, pairs: Pairs) -> Response:
    chosen: list[Format] = []

    def pick(form: Form) -> EngineFormat:
        name = next((value for key, value in pairs if key == "format"), None)
        offered = formats_of(form)
        chosen.append(choose(accept_of(request), name, offered))
        return chosen[0].engine or engine_default(form)

    try:
        answer = evaluate(pages.store, query, pick, _dataset(pairs))
    except QueryError as error:
        if prefers_page(request):
            return pages.sparql_form(request, query, error=error, status=status_of(error))
        raise
    return _respond(pages, request, query, answer, chosen[0])


def _respond(
    pages: Pages, request: Request, query: str, answer: Answer, format: Format
) -> Response:
    if format is HTML:
        return pages.sparql_form(request, query, answer=answer)
    headers = {"Vary": "Accept"}
    if format.name in ("csv", "tsv"):
        headers["Content-Disposition"] = f'inline; filename="coopdec.{format.name}"'
    return Response(answer.body, 200, headers, media_type=format.content_type)


def _dataset(pairs: Pairs) -> Dataset:
    """The dataset a request names; its parts default to every published graph."""
    default = tuple(value for name, value in pairs if name == "default-graph-uri")
    named = tuple(value for name, value in pairs if name == "named-graph-uri")
    for iri in (*default, *named):
        try:
            ox.NamedNode(iri)
        except ValueError:
            raise BadRequest(_GRAPH, iri=iri[:200]) from None
    if not default and not named:
        return Dataset()
    return Dataset(default, named)
