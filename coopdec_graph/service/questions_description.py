"""What OpenAPI says of `/api/v1/questions/…`: one operation for each question, its parameters typed."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from coopdec_graph.language import LANGUAGES
from coopdec_graph.questions.catalogue import (
    Mode,
    Parameter,
    QuestionFile,
    View,
    Who,
    catalogue,
)
from coopdec_graph.questions.kinds import Kind, about, example_of, pattern_of
from coopdec_graph.service.problems_description import ENGINE, problems_of
from coopdec_graph.service.questions import JSON, PATH, listed_questions, offered_formats

__all__ = [
    "CACHED",
    "LANG",
    "NOT_MODIFIED",
    "describe_questions",
    "described_parameter",
    "query_parameter",
]

_TEXT: dict[str, Any] = {"type": "string"}
_BILINGUAL: dict[str, Any] = {
    "type": "object",
    "properties": dict.fromkeys(LANGUAGES, _TEXT),
    "required": list(LANGUAGES),
}
# Headers of what may be asked for again with `If-None-Match`.
CACHED: dict[str, Any] = {
    "ETag": {"description": "Of this answer", "required": True, "schema": _TEXT},
    "Cache-Control": {"required": True, "schema": _TEXT},
}
NOT_MODIFIED: dict[str, Any] = {
    "304": {"description": "What the client has is still the answer", "headers": CACHED}
}
_CUT: dict[str, Any] = {
    "X-Truncated": {"description": "`rows`, if some are missing", "schema": {"const": "rows"}}
}


def describe_questions(app: FastAPI) -> None:
    """Adds the address of each question to the description: to the framework they are one."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        whole = described()
        whole["paths"][PATH]["get"]["responses"] = _LISTED
        for question in catalogue().values():
            whole["paths"].setdefault(f"{PATH}/{question.name}", {"get": _operation(question)})
        return whole

    app.openapi = openapi  # type: ignore[method-assign]


def _operation(question: QuestionFile) -> dict[str, Any]:
    texts = (question.description, question.reading)
    formats = offered_formats(question)
    content: dict[str, Any] = {format.media_type: {} for format in formats}
    content[JSON.media_type] = {"schema": _document(question), "example": _example(question)}
    return {
        "tags": ["questions"],
        "operationId": "question_" + question.name.replace("-", "_"),
        "summary": f"{question.title.fr} / {question.title.en}",
        "description": "\n\n".join(text for t in texts for text in (t.fr, t.en)),
        "parameters": [
            *(described_parameter(each, question.example) for each in question.parameters),
            query_parameter(
                "format",
                {"type": "string", "enum": [format.name for format in formats]},
                "par défaut celui de « Accept » / that of Accept if not said",
                "json",
            ),
            query_parameter(
                "limit", {"type": "integer", "minimum": 1}, "lignes / rows, at most", 10
            ),
            LANG,
        ],
        "responses": _responses(question, content),
    }


def _responses(question: QuestionFile, content: dict[str, Any]) -> dict[str, Any]:
    """What another endpoint takes part in is refused where that is not allowed, and never kept."""
    kept, more = CACHED, NOT_MODIFIED
    refusals: tuple[int, ...] = (400, 406)
    if question.asks_others:
        kept, more, refusals = {"Cache-Control": CACHED["Cache-Control"]}, {}, (400, 403, 406)
    answer = {"description": "The answer", "headers": {**kept, **_CUT}, "content": content}
    return {"200": answer, **more, **problems_of(*refusals, *ENGINE)}


def query_parameter(
    name: str, schema: dict[str, Any], about: str, example: object
) -> dict[str, Any]:
    """A parameter of an address that may be left out."""
    found = {"name": name, "in": "query", "required": False, "schema": schema}
    return {**found, "description": about, "example": example}


LANG = query_parameter(
    "lang",
    {"type": "string", "enum": list(LANGUAGES)},
    "langue des noms d'un tableau, et des messages / language of the names of a table, and of"
    " messages",
    "en",
)


def described_parameter(parameter: Parameter, example: Any) -> dict[str, Any]:
    """A parameter of a question, as one of an address."""
    kind = about(parameter.kind)
    told = f"{parameter.about.fr} ({kind.fr}) / {parameter.about.en} ({kind.en})"
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.mode is Mode.REQUIRED,
        "description": told,
        "schema": _schema(parameter),
        "example": example.get(parameter.name, example_of(parameter.kind)),
    }


def _schema(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_TEXT)
    pattern = pattern_of(parameter.kind)
    if parameter.kind is Kind.LANGUAGE:
        schema["enum"] = list(LANGUAGES)
    elif parameter.kind is Kind.DATE:
        schema["format"] = "date"
    elif pattern is not None:
        schema["pattern"] = pattern
    if parameter.default is not None:
        schema["default"] = parameter.default
    return schema


def _document(question: QuestionFile) -> dict[str, Any]:
    value = {"type": ["string", "number", "boolean", "null"]}
    row = {
        "type": "object",
        "properties": dict.fromkeys(question.columns, value),
        "required": list(question.columns),
        "additionalProperties": False,
    }
    properties: dict[str, Any] = {
        "question": {"const": question.name},
        "release": _TEXT,
        "parameters": {"type": "object", "additionalProperties": _TEXT},
        "reading": _BILINGUAL,
        "total": {"type": ["integer", "null"], "minimum": 0},
        "truncated": {"type": "boolean"},
        "sparql": _TEXT,
        "columns": {"type": "array", "items": _TEXT},
        "rows": {"type": "array", "items": row},
        "took_ms": {"type": "number"},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def _example(question: QuestionFile) -> dict[str, Any]:
    """An answer without rows: those of the example depend on the release."""
    return {
        "question": question.name,
        "release": "8f2f5ad6c8f8cbde",
        "parameters": dict(question.example),
        "reading": question.reading.to_dict(),
        "total": 0,
        "truncated": False,
        "sparql": "SELECT …",
        "columns": list(question.columns),
        "rows": [],
        "took_ms": 4.2,
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_MAYBE: dict[str, Any] = {"type": ["string", "null"]}
_PARAMETER = _object(
    {
        "name": _TEXT,
        "type": {**_TEXT, "enum": list(Kind)},
        "mode": {**_TEXT, "enum": list(Mode)},
        "default": _MAYBE,
        "pattern": _MAYBE,
        "about": _BILINGUAL,
        "value": _BILINGUAL,
    }
)
_QUESTION = _object(
    {
        "name": _TEXT,
        "title": _BILINGUAL,
        "description": _BILINGUAL,
        "who": {**_TEXT, "enum": list(Who)},
        "reading": _BILINGUAL,
        "view": {**_TEXT, "enum": list(View)},
        "parameters": {"type": "array", "items": _PARAMETER},
        "columns": {"type": "array", "items": _TEXT},
        "example": {"type": "object", "additionalProperties": _TEXT},
        "address": {**_TEXT, "format": "uri-reference"},
    }
)
_LISTED: dict[str, Any] = {
    "200": {
        "description": "Every question, with its texts in two languages",
        "headers": CACHED,
        "content": {
            JSON.media_type: {
                "schema": _object({"questions": {"type": "array", "items": _QUESTION}}),
                "example": {"questions": listed_questions()[:1]},
            }
        },
    },
    **NOT_MODIFIED,
    **problems_of(400, 500),
}
