"""What OpenAPI says of `/api/v1/questions/…`: one operation for each question, its parameters typed."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from coopdec_graph.language import LANGUAGES
from coopdec_graph.questions.catalogue import Mode, Parameter, QuestionFile, catalogue
from coopdec_graph.questions.kinds import Kind, about, example_of, pattern_of
from coopdec_graph.service.questions import JSON, PATH, offered_formats

__all__ = ["ERRORS", "describe_questions", "described_parameter", "query_parameter"]

_PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}
_TEXT: dict[str, Any] = {"type": "string"}
_BILINGUAL: dict[str, Any] = {
    "type": "object",
    "properties": dict.fromkeys(LANGUAGES, _TEXT),
    "required": list(LANGUAGES),
}
ERRORS: dict[str, Any] = {
    "304": {"description": "What the client has is still the answer"},
    "400": {"description": "A parameter is missing, unknown or wrong; `nearest` helps", **_PROBLEM},
    "404": {"description": "No such question; `nearest` helps", **_PROBLEM},
    "406": {"description": "No such format", **_PROBLEM},
    "503": {"description": "Too many queries are waiting; see Retry-After", **_PROBLEM},
    "504": {"description": "The time limit was reached", **_PROBLEM},
    "507": {"description": "The memory or result limit was reached", **_PROBLEM},
}


def describe_questions(app: FastAPI) -> None:
    """Adds the address of each question to the description: to the framework they are one."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        whole = described()
        for question in catalogue().values():
            whole["paths"].setdefault(f"{PATH}/{question.name}", {"get": _operation(question)})
        return whole

    app.openapi = openapi  # type: ignore[method-assign]


def _operation(question: QuestionFile) -> dict[str, Any]:
    texts = (question.description, question.reading)
    formats = offered_formats(question)
    content: dict[str, Any] = {format.media_type: {} for format in formats}
    content[JSON.media_type] = {"schema": _document(question)}
    return {
        "tags": ["questions"],
        "operationId": "question_" + question.name.replace("-", "_"),
        "summary": f"{question.title.fr} / {question.title.en}",
        "description": "\n\n".join(text for t in texts for text in (t.fr, t.en)),
        "parameters": [
            *(described_parameter(each, question.example) for each in question.parameters),
            query_parameter(
                "format", {"type": "string", "enum": [format.name for format in formats]}
            ),
            query_parameter("limit", {"type": "integer", "minimum": 1}),
        ],
        "responses": {"200": {"description": "The answer", "content": content}, **ERRORS},
    }


def query_parameter(name: str, schema: dict[str, Any], about: str = "") -> dict[str, Any]:
    """A parameter of an address that may be left out."""
    found = {"name": name, "in": "query", "required": False, "schema": schema}
    return {**found, "description": about} if about else found


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
