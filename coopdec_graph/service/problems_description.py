"""What OpenAPI says of errors: one model, and one answer for each status, with an example of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from coopdec_graph import errors
from coopdec_graph.language import LANGUAGES, Bilingual, Language
from coopdec_graph.service import problems
from coopdec_graph.service.formats import NotAcceptable

__all__ = ["ENGINE", "PROBLEM", "describe_problems", "problems_of"]

_MEDIA_TYPE = "application/problem+json"
# What any question to the engine may end in.
ENGINE = (500, 502, 503, 504, 507)

_TEXT: dict[str, Any] = {"type": "string"}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}
_PLACE: dict[str, Any] = {"type": "integer", "minimum": 1}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An error (RFC 9457), in French or English by Accept-Language or `lang`",
    "properties": {
        "type": {**_TEXT, "format": "uri-reference", "description": "What `status` says, no more"},
        "title": {**_TEXT, "description": "The status in words"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {**_TEXT, "description": "What is wrong, for who reads"},
        "instance": {**_TEXT, "format": "uri-reference", "description": "The path that was asked"},
        "code": {**_TEXT, "description": "The kind of error, for programs: docs/service.md"},
        "nearest": {**_TEXTS, "description": "What may have been meant by a wrong name or value"},
        "offered": {**_TEXTS, "description": "What may be written instead, all of it"},
        "line": {**_PLACE, "description": "Where a SPARQL query does not parse"},
        "column": {**_PLACE, "description": "Where a SPARQL query does not parse"},
        "hint": {**_TEXT, "description": "What may be wrong with the query"},
    },
    "required": ["type", "title", "status", "detail", "instance", "code"],
}

# By status: what it means here, then an error that ends in it (None: the framework's own) and the
# address it is of.
_KNOWN: Mapping[int, tuple[str, errors.CoopdecError | None, str]] = {
    400: (
        "What is asked is incomplete, unknown or wrong; `nearest` or `offered` may help",
        errors.UsageError(
            Bilingual(
                "« Marok » ne convient pas à « country » : un pays. Les plus proches : MA.",
                "“Marok” does not fit “country”: a country. The nearest: MA.",
            )
        ).detailed({"nearest": ["MA"]}),
        "/api/v1/partnerships",
    ),
    403: (
        "SERVICE: this service asks no other",
        errors.QueryForbidden(Bilingual("SERVICE est refusé.", "SERVICE is refused.")),
        "/sparql",
    ),
    404: (
        "Nothing is known at this address; `nearest` may help",
        problems.NotFound(
            Bilingual(
                "Il n'y a pas de « atlas-320 » parmi : partnerships.",
                "There is no “atlas-320” among: partnerships.",
            )
        ).detailed({"nearest": ["atlas-3203"]}),
        "/api/v1/partnerships/atlas-320",
    ),
    406: (
        "No such format of this answer",
        NotAcceptable(
            Bilingual(
                "Aucun des formats demandés n'est disponible. Disponibles : format=json.",
                "None of the requested formats is available. Available: format=json.",
            )
        ),
        "/api/v1/search",
    ),
    413: (
        "The body is longer than the service takes",
        problems.TooLarge(
            Bilingual("La requête dépasse 1000000 octets.", "The query exceeds 1000000 bytes.")
        ),
        "/sparql",
    ),
    415: (
        "A body of another type",
        problems.UnsupportedType(
            Bilingual(
                "Le corps doit être en application/x-www-form-urlencoded (UTF-8).",
                "The body must be application/x-www-form-urlencoded (UTF-8).",
            )
        ),
        "/reconcile",
    ),
    416: ("The file has no such part", None, "/dump.nq"),
    500: (
        "A defect of the service, or the engine gave up",
        errors.QueryFailed(
            Bilingual("Le moteur n'a pas pu répondre.", "The engine could not answer.")
        ),
        "/sparql",
    ),
    502: (
        "The engine, or the store behind it, failed",
        errors.EngineBroken(Bilingual("Le moteur s'est arrêté.", "The engine stopped.")),
        "/sparql",
    ),
    503: (
        "Too many queries are waiting; see Retry-After",
        errors.Overloaded(
            Bilingual("Trop de requêtes attendent.", "Too many queries are waiting.")
        ),
        "/sparql",
    ),
    504: (
        "The time limit was reached",
        errors.QueryTooSlow(
            Bilingual("La requête a dépassé 30 s.", "The query took longer than 30 s.")
        ),
        "/sparql",
    ),
    507: (
        "The memory or result limit was reached",
        errors.ResultTooBig(
            Bilingual(
                "Le résultat a plus de 1000000 lignes.", "The result has more than 1000000 rows."
            )
        ),
        "/sparql",
    ),
}


def problems_of(*statuses: int, **about: str) -> dict[Any, Any]:
    """The errors of an operation; `about` says more of one than is said of all: `s404="…"`."""
    return {
        str(status): {
            "$ref": f"#/components/responses/Problem{status}",
            "description": about.get(f"s{status}", _KNOWN[status][0]),
        }
        for status in statuses
    }


def describe_problems(app: FastAPI) -> None:
    """Adds what `problems_of` refers to."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        whole = described()
        components = whole.setdefault("components", {})
        components.setdefault("schemas", {})["Problem"] = PROBLEM
        components["responses"] = {f"Problem{status}": _answer(status) for status in _KNOWN}
        return whole

    app.openapi = openapi  # type: ignore[method-assign]


def _example(
    status: int, error: errors.CoopdecError | None, language: Language, path: str
) -> dict[str, object]:
    if error is None:
        return problems.document_of_status(status, language, path)
    assert problems.status_of(error) == status
    return problems.problem_document(error, language, path)


def _answer(status: int) -> dict[str, Any]:
    about, error, path = _KNOWN[status]
    examples = {
        language: {"value": _example(status, error, language, path)} for language in LANGUAGES
    }
    headers: dict[str, Any] = {"Content-Language": {"schema": {**_TEXT, "enum": [*LANGUAGES]}}}
    if status == 503:
        headers["Retry-After"] = {"schema": {"type": "integer", "minimum": 0}}
    return {
        "description": about,
        "headers": headers,
        "content": {
            _MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples},
            # For who asks for pages before anything else, as browsers do.
            "text/html": {},
        },
    }
