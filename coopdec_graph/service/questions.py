"""`/api/v1/questions`: the catalogue, and the answer to each of its questions in many formats.

Nothing is evaluated here: an engine is asked, with the parameters bound as terms. A release never
changes, so that the answer to the same question is the same: its ETag is made before it is asked.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from coopdec_graph import __version__
from coopdec_graph.engines.base import Answer, Question
from coopdec_graph.graph.query import Form, Term
from coopdec_graph.language import Bilingual
from coopdec_graph.questions.catalogue import QuestionFile, catalogue
from coopdec_graph.questions.kinds import Kind
from coopdec_graph.questions.shown import described
from coopdec_graph.questions.values import Choices, UnknownQuestion, bindings, question_named
from coopdec_graph.results.formats import Format, formats_of
from coopdec_graph.service.api.answers import caching, in_json, unchanged
from coopdec_graph.service.asking import Asking
from coopdec_graph.service.codings import accepted_codings
from coopdec_graph.service.departure import ClientLeft, Departure
from coopdec_graph.service.formats import choose
from coopdec_graph.service.inputs import Inputs, inputs_of
from coopdec_graph.service.problems import BadRequest, NotFound
from coopdec_graph.service.protocol import only
from coopdec_graph.service.routing import readable
from coopdec_graph.service.transfer import Transferred, answer_headers

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

# What another endpoint took part in is another answer tomorrow.
_NOT_KEPT = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Encoding"}

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
    path: str, inputs: Inputs, choices: Mapping[Kind, Choices], most_rows: int
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
    given = {key: only(inputs.pairs, key) or "" for key, _ in inputs.pairs}
    named = given.pop("format", None)
    given.pop("lang", None)
    limit = _limit(given.pop("limit", None), most_rows)
    format = choose(inputs.accept, extension or named, offered_formats(question))
    return AskedQuestion(question, bindings(question, given, choices), format, limit)


def listed_questions() -> list[dict[str, object]]:
    """Every question of the catalogue, as data."""
    return [described(question) for question in catalogue().values()]


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
    document = {"questions": listed_questions()}
    tag = hashlib.sha256(json.dumps(document).encode()).hexdigest()[:32]
    return unchanged(request, tag) or in_json(request, document, caching(tag), JSON.content_type)


class _Answers:
    """Answers questions over one release."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._engine = asking.engine

    async def answer(self, request: Request, name: str) -> Response:
        """Raises NotFound, BadRequest, UsageError, NotAcceptable and QueryError."""
        most = self._engine.limits.rows
        choices = self._asking.choices
        asked = await asyncio.to_thread(read_question, name, inputs_of(request), choices, most)
        tag = asked.tag(self._asking.release)
        kept = _NOT_KEPT if asked.question.asks_others else caching(tag)
        found = None if asked.question.asks_others else unchanged(request, tag)
        if found is not None:
            return found
        answer: Answer | None = None
        try:
            async with Departure(request.receive):
                if asked.format is JSON:
                    return await self._in_json(request, asked, kept)
                answer = await self._engine.ask(_question(request, asked))
        except ClientLeft:
            if answer is not None:
                await answer.close()
            return Response(status_code=499)
        headers = answer_headers(answer, asked.format, asked.question.name)
        lower = {key.lower(): value for key, value in kept.items()}
        return Transferred(answer, {**headers, **lower, "x-release": self._asking.release})

    async def _in_json(
        self, request: Request, asked: AskedQuestion, kept: Mapping[str, str]
    ) -> Response:
        began = time.perf_counter()
        rows = min(asked.limit or MOST_ROWS, MOST_ROWS)
        answer = await self._asking.document(asked.question, asked.bindings, rows, MOST_BYTES)
        answer["took_ms"] = round((time.perf_counter() - began) * 1000, 1)
        headers = {**kept, "X-Release": self._asking.release}
        headers["Server-Timing"] = f"total;dur={answer['took_ms']}"
        if answer["total"] is not None:
            headers["X-Total-Count"] = str(answer["total"])
        if answer["truncated"]:
            headers["X-Truncated"] = "rows"
        # In a thread: a thousand rows take a while to write and to compress.
        return await asyncio.to_thread(in_json, request, answer, headers, JSON.content_type)


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
