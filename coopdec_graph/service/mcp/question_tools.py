"""Each question of the catalogue as a tool of its own, its parameters typed."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.questions.catalogue import Mode, Parameter, QuestionFile, catalogue
from coopdec_graph.questions.kinds import MOST_CHARACTERS, Kind, about, example_of, pattern_of
from coopdec_graph.service.mcp.holdings import Holdings
from coopdec_graph.service.mcp.tool import (
    BILINGUAL,
    COUNT,
    ROWS,
    TEXT,
    Document,
    Given,
    Tool,
    described,
    object_of,
    rows_wanted,
)
from coopdec_graph.vocabulary import thesaurus

__all__ = ["MOST_BYTES", "question_tools"]

# A whole answer of a tool is read by a model, and stands in it twice.
MOST_BYTES = 1_048_576

# A program writes these as numbers.
_NUMBERS = {Kind.YEAR: "integer", Kind.AMOUNT: "number"}


def question_tools(holdings: Holdings) -> list[Tool]:
    """In the order of their names."""
    return [_tool(holdings, question) for question in catalogue().values()]


def _tool(holdings: Holdings, question: QuestionFile) -> Tool:
    parameters = {p.name: _schema(p, question) for p in question.parameters}
    optional = [p.name for p in question.parameters if p.mode is not Mode.REQUIRED]
    given = {**parameters, "limit": rows_wanted()}
    return Tool(
        question.name,
        question.title,
        Bilingual(
            f"{question.description.fr} {question.reading.fr}",
            f"{question.description.en} {question.reading.en}",
        ),
        object_of(given, (*optional, "limit")),
        _answer_schema(question),
        partial(_answer, holdings, question),
        question.asks_others,
    )


def _schema(parameter: Parameter, question: QuestionFile) -> dict[str, Any]:
    kind = parameter.kind
    written = about(kind)
    told = Bilingual(f"{parameter.about.fr} ({written.fr})", f"{parameter.about.en} ({written.en})")
    schema: dict[str, Any] = dict(TEXT)
    if kind in _NUMBERS:
        schema["type"] = ["string", _NUMBERS[kind]]
    if pattern := pattern_of(kind):
        schema["pattern"] = pattern
    elif kind in (Kind.LANGUAGE, Kind.STATUS):
        schema["enum"] = list(LANGUAGES) if kind is Kind.LANGUAGE else _statuses()
    else:
        schema["maxLength"] = MOST_CHARACTERS
    if parameter.default is not None:
        schema["default"] = parameter.default
    schema["examples"] = [question.example.get(parameter.name, example_of(kind))]
    return described(told, schema)


@cache
def _statuses() -> list[str]:
    return [concept.path for concept in thesaurus().concepts if concept.scheme == "status"]


def _answer_schema(question: QuestionFile) -> dict[str, Any]:
    return {
        "question": {"const": question.name},
        "parameters": {"type": "object", "additionalProperties": TEXT},
        "reading": BILINGUAL,
        "total": COUNT,
        "truncated": {"type": "boolean"},
        "sparql": TEXT,
        # Every row has every column: said once, for a model reads the list of tools whole.
        "columns": {"const": list(question.columns)},
        "rows": ROWS,
    }


async def _answer(holdings: Holdings, question: QuestionFile, given: Given) -> Document:
    rows = given.rows()
    kinds = {parameter.name: parameter.kind for parameter in question.parameters}
    texts = {
        name: given.text(name, numbers=kinds[name] in _NUMBERS)
        for name in given.names()
        if name in kinds
    }
    bound = await holdings.asking.bound(question, texts)
    return await holdings.asking.document(question, bound, rows, MOST_BYTES)
