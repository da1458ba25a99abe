"""`/sparql`: queries over HTTP. Nothing is evaluated in this process: an engine is asked.

A plain ASGI endpoint: what a framework would do for it costs more than a small answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from coopdec_graph.engines.base import Answer, Engine, Question
from coopdec_graph.errors import CoopdecError, NoFormat, QueryError
from coopdec_graph.graph.query import Form
from coopdec_graph.language import Bilingual
from coopdec_graph.results.formats import HTML, Format, formats_of
from coopdec_graph.service.codings import accepted_codings
from coopdec_graph.service.departure import ClientLeft, Departure
from coopdec_graph.service.description import ServiceDescription
from coopdec_graph.service.facts import address_of
from coopdec_graph.service.formats import (
    NotAcceptable,
    accept_of,
    choose,
    prefers_page,
)
from coopdec_graph.service.pages import MOST_SHOWN, Pages, Shown
from coopdec_graph.service.problems import BadRequest, problem, status_of
from coopdec_graph.service.protocol import Parameters, read_parameters
from coopdec_graph.service.transfer import answer_headers, transfer, whole_body

__all__ = ["SparqlEndpoint"]

# What a page is made of is read in this process: it must be small.
_MOST_PAGE_BYTES = 2_097_152

_NO_QUERY = Bilingual(
    "Il manque le paramètre « query » : une requête SPARQL.",
    "The parameter “query” is missing: a SPARQL query.",
)

# Characters that a header and a parameter have, at most, in what clients really send.
_USUAL_LENGTH = 2_000


class SparqlEndpoint:
    """The endpoint over one release: an ASGI application."""

    METHODS = ("GET", "HEAD", "OPTIONS", "POST")

    def __init__(
        self,
        engine: Engine,
        pages: Pages,
        description: ServiceDescription,
    ) -> None:
        self._engine = engine
        self._pages = pages
        self._description = description

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        if request.method == "OPTIONS":
            await Response(status_code=204, headers={"Allow": ", ".join(self.METHODS)})(
                scope, receive, send
            )
            return
        try:
            await self._answer(request, receive, send)
        except (ClientLeft, ClientDisconnect):
            return
        except CoopdecError as error:
            await problem(request, error)(scope, receive, send)

    async def _answer(self, request: Request, receive: Receive, send: Send) -> None:
        parameters = await read_parameters(request, self._engine.limits.query_bytes)
        if parameters.query is None:
            response = await self._without_query(request, parameters.format)
            await response(request.scope, receive, send)
            return
        chosen = _choice(accept_of(request), parameters.format)
        async with Departure(receive):
            try:
                answer = await self._engine.ask(_question(request, parameters, chosen))
            except NoFormat as error:
                raise _not_acceptable(chosen, error) from None
            except QueryError as error:
                if not prefers_page(request):
                    raise
                response = await self._page(request, parameters.query, error=error)
                await response(request.scope, receive, send)
                return
            try:
                await self._send(request, parameters.query, answer, chosen, send)
            finally:
                await answer.close()

    async def _without_query(self, request: Request, named: str | None) -> Response:
        if request.method == "POST":
            raise BadRequest(_NO_QUERY)
        try:
            format = choose(accept_of(request), named, formats_of(Form.GRAPH))
        except NotAcceptable:
            # A client of results forgot its query.
            raise BadRequest(_NO_QUERY) from None
        if format is HTML:
            return await run_in_threadpool(self._pages.sparql_form, request)
        body = await self._description.written(address_of(request), format)
        return Response(body, 200, {"Vary": "Accept"}, media_type=format.content_type)

    async def _page(
        self,
        request: Request,
        query: str,
        answer: Shown | None = None,
        error: QueryError | None = None,
    ) -> Response:
        status = 200 if error is None else status_of(error)
        return await run_in_threadpool(
            self._pages.sparql_form, request, query, answer=answer, error=error, status=status
        )

    async def _send(
        self,
        request: Request,
        query: str,
        answer: Answer,
        chosen: Mapping[Form, Format | NotAcceptable],
        send: Send,
    ) -> None:
        format = chosen[answer.form]
        assert isinstance(format, Format)
        if format is HTML:
            body = await whole_body(answer)
            shown = Shown(answer.form, body, answer.cut)
            response = await self._page(request, query, shown)
            await response(request.scope, request.receive, send)
            return
        await transfer(request.method == "HEAD", answer, answer_headers(answer, format), send)


def _choice(accept: str | None, name: str | None) -> Mapping[Form, Format | NotAcceptable]:
    """As `_chosen`, which remembers; what is long is not worth the memory it would be kept in."""
    usual = len(accept or "") + len(name or "") <= _USUAL_LENGTH
    return (_chosen if usual else _chosen.__wrapped__)(accept, name)


@lru_cache(maxsize=128)
def _chosen(accept: str | None, name: str | None) -> Mapping[Form, Format | NotAcceptable]:
    """The format for each form of result, or why there is none: the form is not known yet."""
    chosen: dict[Form, Format | NotAcceptable] = {}
    for form in Form:
        try:
            chosen[form] = choose(accept, name, formats_of(form))
        except NotAcceptable as error:
            chosen[form] = error
    return chosen


def _question(
    request: Request, parameters: Parameters, chosen: Mapping[Form, Format | NotAcceptable]
) -> Question:
    assert parameters.query is not None
    offered = {form: format for form, format in chosen.items() if isinstance(format, Format)}
    page = HTML in offered.values()
    question = Question(
        parameters.query,
        {form: _for_engine(form, format) for form, format in offered.items()},
        parameters.dataset,
        rows=parameters.rows,
        seconds=parameters.seconds,
        codings=() if page else accepted_codings(request.headers.get("accept-encoding")),
        base=f"{address_of(request)}/sparql",
    )
    if not page:
        return question
    most = min(parameters.rows or MOST_SHOWN, MOST_SHOWN)
    return replace(question, rows=most, bytes=_MOST_PAGE_BYTES)


def _for_engine(form: Form, format: Format) -> str:
    """What a page is made of: JSON rows, or Turtle."""
    if format is HTML:
        return "turtle" if form is Form.GRAPH else "json"
    return format.name


def _not_acceptable(chosen: Mapping[Form, Format | NotAcceptable], error: NoFormat) -> CoopdecError:
    refused = chosen[Form(str(error.details["form"]))]
    # The same object is kept for the next request: what it went through is not.
    return refused.with_traceback(None) if isinstance(refused, NotAcceptable) else error
