"""`/api/v1/questions`: the catalogue, and the answer to each of its questions in many formats.

Nothing is evaluated here: an engine is asked, with the parameters bound as terms. A release never
changes, so that the answer to the same question is the same: its ETag is made before it is asked.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response
from werkzeug.http import parse_etags

from coopdec_graph import __version__
from coopdec_graph.engines.base import Answer, Engine, Question
from coopdec_graph.errors import ResultTooBig
from coopdec_graph.graph.query import Form, Term
from coopdec_graph.language import Bilingual
from coopdec_graph.questions.catalogue import QuestionFile, catalogue
from coopdec_graph.questions.kinds import Kind
from coopdec_graph.questions.shown import described
from coopdec_graph.questions.values import (
    Choices,
    UnknownQuestion,
    bindings,
    question_named,
)
from coopdec_graph.results.formats import Format, formats_of
from coopdec_graph.service.asking import Asking, asking_of
from coopdec_graph.service.codings import accepted_codings
from coopdec_graph.service.departure import ClientLeft, Departure
from coopdec_graph.service.formats import choose
from coopdec_graph.service.problems import BadRequest, NotFound
from coopdec_graph.service.protocol import only
from coopdec_graph.service.question_answers import answer_in_json, coded
from coopdec_graph.service.routing import readable
from coopdec_graph.service.transfer import Transferred, answer_headers, whole_body

__all__ = [
    "JSON",
    "MOST_BYTES",
    "MOST_ROWS",
    "PATH",
    "AskedQuestion",
    "listed_questions",
    "offered_formats",
    "questions_router",
    "read_question",
]

PATH = "/api/v1/questions"

JSON = Format("json", "application/json", extension="json", forms=frozenset({Form.SELECT}))
_OTHERS = ("csv", "tsv", "csv-bom", "xlsx", "parquet", "geojson")
# A document in JSON is made in this process: it must be small. Other formats have all rows.
MOST_ROWS = 1_000
MOST_BYTES = 8_388_608

_LIMIT = Bilingual(
    "Le paramètre « limit » est un nombre de lignes, de 1 à {most}.",
    "The parameter “limit” is a number of rows, from 1 to {most}.",
)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """What is asked: the question, its terms, the format, the rows the client settles for."""

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


def read_question(
    path: str, asking: Asking, choices: Mapping[Kind, Choices], most_rows: int
) -> AskedQuestion:
    """The question that a path names, with its parameters.

    For a thread: a list, and the nearest of many thousand names, take a while. Raises NotFound,
    BadRequest, UsageError and NotAcceptable.
    """
    name, extension = _split(path)
    try:
        question = question_named(name)
    except UnknownQuestion as error:
        raise NotFound(error.message, **error.values).detailed(error.details) from None
    given = {key: only(asking.pairs, key) or "" for key, _ in asking.pairs}
    named = given.pop("format", None)
    given.pop("lang", None)
    limit = _limit(given.pop("limit", None), most_rows)
    format = choose(asking.accept, extension or named, offered_formats(question))
    return AskedQuestion(question, bindings(question, given, choices), format, limit)


def listed_questions() -> list[dict[str, object]]:
    """Every question of the catalogue, as data."""
    return [described(question) for question in catalogue().values()]


def questions_router(engine: Engine, release: str, choices: Mapping[Kind, Choices]) -> APIRouter:
    """Routes over one release."""
    router = APIRouter(tags=["questions"])
    answers = _Answers(engine, release, choices)

    async def listed(request: Request) -> Response:
        return _listed(request)

    async def asked(request: Request) -> Response:
        return await answers.answer(request, request.path_params["name"])

    readable(router, PATH, listed, summary="The questions of the catalogue, with their parameters")
    # OpenAPI is told of each question apart (`questions_description.py`).
    readable(router, PATH + "/{name}", asked)
    return router


def _listed(request: Request) -> Response:
    body = json.dumps({"questions": listed_questions()}, ensure_ascii=False).encode()
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

    def __init__(self, engine: Engine, release: str, choices: Mapping[Kind, Choices]) -> None:
        self._engine = engine
        self._release = release
        self._choices = choices

    async def answer(self, request: Request, name: str) -> Response:
        """Raises NotFound, BadRequest, UsageError, NotAcceptable and QueryError."""
        most = self._engine.limits.rows
        asking = asking_of(request)
        asked = await asyncio.to_thread(read_question, name, asking, self._choices, most)
        tag = asked.tag(self._release)
        unchanged = _unchanged(request, tag)
        if unchanged is not None:
            return unchanged
        answer: Answer | None = None
        try:
            async with Departure(request.receive):
                if asked.format is JSON:
                    return await self._in_json(request, asked, tag)
                answer = await self._engine.ask(_question(request, asked))
        except ClientLeft:
            if answer is not None:
                await answer.close()
            return Response(status_code=499)
        headers = answer_headers(answer, asked.format, asked.question.name)
        caching = {key.lower(): value for key, value in _caching(tag).items()}
        return Transferred(answer, {**headers, **caching})

    async def _in_json(self, request: Request, asked: AskedQuestion, tag: str) -> Response:
        rows = min(asked.limit or MOST_ROWS, MOST_ROWS)
        question = Question(
            asked.question.asked_with(asked.bindings),
            {Form.SELECT: "json"},
            bindings=asked.bindings,
            rows=rows,
            bytes=MOST_BYTES,
        )
        answer = await self._engine.ask(question)
        try:
            body = await whole_body(answer)
            total = await self._counted(asked) if answer.cut else None
        finally:
            await answer.close()
        document = await asyncio.to_thread(
            answer_in_json, asked.question, asked.bindings, self._release, body, answer.cut, total
        )
        headers = _caching(tag)
        if answer.cut:
            headers["X-Truncated"] = "rows"
        codings = accepted_codings(request.headers.get("accept-encoding"))
        document, coding = await asyncio.to_thread(coded, document, codings)
        if coding is not None:
            headers["Content-Encoding"] = coding
        return Response(document, 200, headers, media_type=JSON.content_type)

    async def _counted(self, asked: AskedQuestion) -> int | None:
        """How many rows there are: the lines of the answer as TSV, in which a row is a line.

        None for more than an answer may have.
        """
        question = Question(
            asked.question.asked_with(asked.bindings), {Form.SELECT: "tsv"}, bindings=asked.bindings
        )
        try:
            answer = await self._engine.ask(question)
        except ResultTooBig:
            return None
        try:
            if answer.whole is not None:
                return answer.whole.count(b"\n") - 1
            return sum([piece.count(b"\n") async for piece in answer.pieces()]) - 1
        except ResultTooBig:
            return None
        finally:
            await answer.close()


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


def _question(request: Request, asked: AskedQuestion) -> Question:
    return Question(
        asked.question.asked_with(asked.bindings),
        {Form.SELECT: asked.format.name},
        bindings=asked.bindings,
        rows=asked.limit,
        codings=accepted_codings(request.headers.get("accept-encoding")),
    )
