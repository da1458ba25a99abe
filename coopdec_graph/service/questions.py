"""`/api/v1/questions`: the catalogue, and the answer to each of its questions in many formats.

Nothing is evaluated here: an engine is asked, with the parameters bound as terms. A release never
changes, so that the answer to the same question is the same: its ETag is made before it is asked.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response
from werkzeug.http import parse_etags

from coopdec_graph import __version__
from coopdec_graph.engines.base import Answer, Question
from coopdec_graph.graph.query import Form, Term
from coopdec_graph.language import Bilingual
from coopdec_graph.questions.catalogue import QuestionFile, catalogue
from coopdec_graph.questions.shown import described
from coopdec_graph.questions.values import UnknownQuestion, question_named
from coopdec_graph.results.formats import Format, formats_of
from coopdec_graph.service.asking import Asking
from coopdec_graph.service.codings import accepted_codings
from coopdec_graph.service.departure import ClientLeft, Departure
from coopdec_graph.service.formats import accept_of, choose
from coopdec_graph.service.problems import BadRequest, NotFound
from coopdec_graph.service.protocol import only, pairs_of
from coopdec_graph.service.question_answers import coded
from coopdec_graph.service.routing import readable
from coopdec_graph.service.transfer import Transferred, answer_headers

__all__ = ["JSON", "PATH", "offered_formats", "questions_router"]

PATH = "/api/v1/questions"

JSON = Format("json", "application/json", extension="json", forms=frozenset({Form.SELECT}))
_OTHERS = ("csv", "tsv", "csv-bom", "xlsx", "parquet", "geojson")
# A document in JSON is made in this process: it must be small. Other formats have all rows.
_MOST_ROWS = 1_000
_MOST_BYTES = 8_388_608

# What another endpoint took part in is another answer tomorrow.
_NOT_KEPT = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Encoding"}

_LIMIT = Bilingual(
    "Le paramètre « limit » est un nombre de lignes, de 1 à {most}.",
    "The parameter “limit” is a number of rows, from 1 to {most}.",
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request: the question, its terms, the format, the rows the client settles for."""

    question: QuestionFile
    bindings: Mapping[str, Term]
    format: Format
    limit: int | None

    def tag(self, release: str) -> str:
        """What tells this answer from any other, of any release."""
        terms = sorted((name, str(term)) for name, term in self.bindings.items())
        whole = (__version__, release, self.question.name, self.format.name, self.limit, terms)
        return hashlib.sha256(repr(whole).encode()).hexdigest()[:32]


def offered_formats(question: QuestionFile) -> tuple[Format, ...]:
    """The formats of a question's answer, ours first; GeoJSON where its rows have positions."""
    names = _OTHERS if question.has_positions else _OTHERS[:-1]
    known = {format.name: format for format in formats_of(Form.SELECT)}
    return (JSON, *(known[name] for name in names))


def questions_router(asking: Asking) -> APIRouter:
    """Routes over one release."""
    router = APIRouter(tags=["questions"])
    answers = _Answers(asking)

    async def listed(request: Request) -> Response:
        return _listed(request)

    async def asked(request: Request) -> Response:
        return await answers.answer(request, request.path_params["name"])

    readable(router, PATH, listed, summary="The questions of the catalogue, with their parameters")
    # OpenAPI is told of each question apart (`questions_description.py`).
    readable(router, PATH + "/{name}", asked)
    return router


def _listed(request: Request) -> Response:
    questions = [described(question) for question in catalogue().values()]
    body = json.dumps({"questions": questions}, ensure_ascii=False).encode()
    tag = hashlib.sha256(body).hexdigest()[:32]
    return _unchanged(request, tag) or Response(
        body, 200, _caching(tag), media_type=JSON.content_type
    )


def _caching(tag: str) -> dict[str, str]:
    """A weak validator: a content coding changes the bytes. Whoever keeps an answer asks again."""
    return {"ETag": f'W/"{tag}"', "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}


def _unchanged(request: Request, tag: str) -> Response | None:
    """304 for a client that has this already (RFC 9110, 13.1.2)."""
    if parse_etags(request.headers.get("if-none-match")).contains_weak(tag):
        return Response(status_code=304, headers=_caching(tag))
    return None


class _Answers:
    """Answers questions over one release."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._engine = asking.engine

    async def answer(self, request: Request, name: str) -> Response:
        """Raises NotFound, BadRequest, UsageError, NotAcceptable and QueryError."""
        asked = await self._asked(request, name)
        tag = asked.tag(self._asking.release)
        unchanged = None if asked.question.asks_others else _unchanged(request, tag)
        if unchanged is not None:
            return unchanged
        caching = _NOT_KEPT if asked.question.asks_others else _caching(tag)
        answer: Answer | None = None
        try:
            async with Departure(request.receive):
                if asked.format is JSON:
                    return await self._in_json(request, asked, caching)
                answer = await self._engine.ask(_question(request, asked))
        except ClientLeft:
            if answer is not None:
                await answer.close()
            return Response(status_code=499)
        headers = answer_headers(answer, asked.format, asked.question.name)
        lower = {key.lower(): value for key, value in caching.items()}
        return Transferred(answer, {**headers, **lower})

    async def _asked(self, request: Request, path: str) -> _Asked:
        name, extension = _split(path)
        try:
            question = question_named(name)
        except UnknownQuestion as error:
            raise NotFound(error.message, **error.values).detailed(error.details) from None
        pairs = pairs_of(request.scope["query_string"])
        given = {key: only(pairs, key) or "" for key, _ in pairs}
        named = given.pop("format", None)
        given.pop("lang", None)
        limit = _limit(given.pop("limit", None), self._engine.limits.rows)
        format = choose(accept_of(request), extension or named, offered_formats(question))
        bound = await self._asking.bound(question, given)
        return _Asked(question, bound, format, limit)

    async def _in_json(
        self, request: Request, asked: _Asked, caching: Mapping[str, str]
    ) -> Response:
        rows = min(asked.limit or _MOST_ROWS, _MOST_ROWS)
        answer = await self._asking.document(asked.question, asked.bindings, rows, _MOST_BYTES)
        headers = dict(caching)
        if answer["truncated"]:
            headers["X-Truncated"] = "rows"
        codings = accepted_codings(request.headers.get("accept-encoding"))
        document, coding = await asyncio.to_thread(_written, answer, codings)
        if coding is not None:
            headers["Content-Encoding"] = coding
        return Response(document, 200, headers, media_type=JSON.content_type)


def _written(answer: object, codings: Sequence[str]) -> tuple[bytes, str | None]:
    return coded(json.dumps(answer, ensure_ascii=False).encode(), codings)


def _split(path: str) -> tuple[str, str | None]:
    """The name of a question, and that of a format if the path ends with an extension."""
    stem, dot, extension = path.rpartition(".")
    known = {JSON.extension, *_OTHERS} - {"csv-bom"}
    return (stem, extension) if dot and extension in known else (path, None)


def _limit(text: str | None, most: int) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most):
        raise BadRequest(_LIMIT, most=most)
    return int(text)


def _question(request: Request, asked: _Asked) -> Question:
    return Question(
        asked.question.asked_with(asked.bindings),
        {Form.SELECT: asked.format.name},
        bindings=asked.bindings,
        rows=asked.limit,
        codings=accepted_codings(request.headers.get("accept-encoding")),
    )
