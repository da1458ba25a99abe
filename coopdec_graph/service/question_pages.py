"""`/questions`: the catalogue as pages, each question a form, its answer a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from coopdec_graph.errors import CoopdecError, QueryForbidden, UsageError
from coopdec_graph.federation.failures import FederationFailed
from coopdec_graph.language import Bilingual, Language
from coopdec_graph.questions.catalogue import Mode, Parameter, QuestionFile, Who, catalogue
from coopdec_graph.questions.kinds import LISTED, Kind, about, example_of
from coopdec_graph.questions.values import Choices, UnknownQuestion, question_named
from coopdec_graph.service.asking import Asking
from coopdec_graph.service.pages import MOST_SHOWN, Pages
from coopdec_graph.service.problems import NotFound, status_of
from coopdec_graph.service.problems_description import ENGINE, problems_of
from coopdec_graph.service.protocol import only, pairs_of
from coopdec_graph.service.questions import PATH, offered_formats
from coopdec_graph.service.routing import readable

__all__ = ["question_pages_router"]

_MOST_BYTES = 8_388_608
# A longer list of values makes a page slow, and nobody reads it.
_MOST_CHOICES = 300
# What a form sends besides the parameters: that it was sent, and the language of the page.
_OWN = ("ask", "lang")

_WHO: Mapping[Who, Bilingual] = {
    Who.JOURNALIST: Bilingual("Pour qui enquête", "For who investigates"),
    Who.EMBASSY: Bilingual("Pour les ambassades", "For embassies"),
    Who.REGION_OFFICER: Bilingual("Pour les collectivités", "For authorities"),
    Who.RESEARCHER: Bilingual("Pour la recherche", "For research"),
    Who.WIKIDATA: Bilingual("Pour Wikidata", "For Wikidata"),
    Who.DATA_STEWARD: Bilingual("Pour qui tient les données", "For who keeps the data"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    name: str
    about: str
    hint: str
    value: str
    example: str
    required: bool
    options: Sequence[str]
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an answer."""

    text: str
    href: str | None
    number: bool


def question_pages_router(pages: Pages, asking: Asking) -> APIRouter:
    """Routes over one release."""
    router = APIRouter(tags=["questions"])

    def listed(request: Request) -> Response:
        return _listed(request, pages)

    async def asked(request: Request) -> Response:
        return await _asked(request, pages, asking)

    page: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {}}}}
    readable(
        router,
        "/questions",
        listed,
        summary="The questions, as a page",
        responses={**page, **problems_of(500)},
    )
    readable(
        router,
        "/questions/{name}",
        asked,
        summary="One question: a form, and its answer",
        responses={**page, **problems_of(400, 403, 404, *ENGINE)},
        openapi_extra={
            "parameters": [
                {
                    "name": "name",
                    "in": "path",
                    "required": True,
                    "example": "partnerships",
                    "schema": {"type": "string"},
                }
            ]
        },
    )
    return router


def _listed(request: Request, pages: Pages) -> Response:
    language = pages.language(request)
    order = list(_WHO)
    questions = sorted(catalogue().values(), key=lambda each: order.index(each.who))
    groups = [
        (_WHO[who].text(language), list(of))
        for who, of in groupby(questions, key=lambda each: each.who)
    ]
    return pages.page(request, "questions.html", groups=groups)


async def _asked(request: Request, pages: Pages, asking: Asking) -> Response:
    """The form, with the answer if it was sent. Raises NotFound and QueryError."""
    try:
        question = question_named(request.path_params["name"])
    except UnknownQuestion as error:
        raise NotFound(error.message, **error.values).detailed(error.details) from None
    pairs = pairs_of(request.scope["query_string"])
    sent = {name: only(pairs, name) or "" for name, _ in pairs if name not in _OWN}
    given = {name: value for name, value in sent.items() if value}
    if any(parameter.kind is Kind.LANGUAGE for parameter in question.parameters):
        given.setdefault("language", pages.language(request))
    answer: dict[str, Any] | None = None
    refusal: CoopdecError | None = None
    if any(name != "lang" for name, _ in pairs):
        try:
            bound = await asking.bound(question, given)
            answer = await asking.document(question, bound, MOST_SHOWN, _MOST_BYTES)
        except (UsageError, QueryForbidden, FederationFailed) as found:
            refusal = found
    return pages.page(
        request,
        "question.html",
        status=status_of(refusal) if refusal else 200,
        question=question,
        error=refusal.text(pages.language(request)) if refusal else None,
        fields=_fields(question, given, asking.choices, pages.language(request)),
        example=urlencode(question.example),
        answer=answer,
        downloads=_downloads(question, given),
        **_table(question, answer, pages),
    )


def _fields(
    question: QuestionFile,
    given: Mapping[str, str],
    choices: Mapping[Kind, Choices],
    language: Language,
) -> list[Field]:
    return [_field(parameter, given, choices, language) for parameter in question.parameters]


def _field(
    parameter: Parameter,
    given: Mapping[str, str],
    choices: Mapping[Kind, Choices],
    language: Language,
) -> Field:
    listed = choices[parameter.kind].listed(_MOST_CHOICES) if parameter.kind in LISTED else []
    told = parameter.about.text(language)
    few = parameter.default is not None and 0 < len(listed) <= 2
    return Field(
        parameter.name,
        told[:1].upper() + told[1:],
        about(parameter.kind).text(language),
        given.get(parameter.name, parameter.default or ""),
        example_of(parameter.kind),
        parameter.mode is Mode.REQUIRED,
        [value for value, _ in listed] if few else [],
        [] if few else listed,
    )


def _downloads(question: QuestionFile, given: Mapping[str, str]) -> list[tuple[str, str]]:
    query = urlencode(given)
    formats = [f for f in offered_formats(question) if f.name not in ("csv-bom", "tsv")]
    return [
        (f.name.upper(), f"{PATH}/{question.name}.{f.extension}" + (f"?{query}" if query else ""))
        for f in formats
    ]


def _table(
    question: QuestionFile, answer: Mapping[str, Any] | None, pages: Pages
) -> dict[str, Any]:
    """The columns and cells that are shown: not those that repeat what was asked."""
    asked = {parameter.name for parameter in question.parameters}
    columns = [name for name in question.columns if name not in asked]
    found = [] if answer is None else answer["rows"]
    rows = [[_cell(row[name], pages) for name in columns] for row in found]
    return {"columns": columns, "rows": rows}


def _cell(value: object, pages: Pages) -> Cell:
    text = "" if value is None else str(value)
    number = isinstance(value, int | float)
    if not text.startswith(("http://", "https://")) or " " in text:
        return Cell(text, None, number)
    shown = text.removeprefix(pages.addresses.base).removeprefix("id/")
    return Cell(shown, pages.addresses.local(text) or text, number)
