"""Errors over HTTP: one table from class to status, one problem format (RFC 9457)."""

from __future__ import annotations

import json

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from coopdec_graph.errors import (
    CoopdecError,
    QueryError,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
    ReleaseError,
    UsageError,
)
from coopdec_graph.language import Bilingual
from coopdec_graph.service.formats import NotAcceptable, language_of

__all__ = [
    "STATUS",
    "BadRequest",
    "NotFound",
    "TooLarge",
    "UnsupportedType",
    "problem",
    "problem_of_http",
]


class BadRequest(CoopdecError):
    """The request is not one that the protocol allows."""


class NotFound(CoopdecError):
    """Nothing is known at this address."""


class UnsupportedType(CoopdecError):
    """The body of the request has a type we do not take."""


class TooLarge(CoopdecError):
    """The query is longer than we take."""


# The nearest class in a raised error's ancestry decides; a test asks for each.
STATUS: dict[type[CoopdecError], int] = {
    BadRequest: 400,
    NotAcceptable: 406,
    NotFound: 404,
    QueryError: 400,
    QueryFailed: 500,
    QueryForbidden: 400,
    QuerySyntaxError: 400,
    ReleaseError: 503,
    TooLarge: 413,
    UnsupportedType: 415,
    UsageError: 400,
    CoopdecError: 500,
}

_TITLES = {
    400: Bilingual("Requête incorrecte", "Bad request"),
    404: Bilingual("Introuvable", "Not found"),
    405: Bilingual("Méthode non permise", "Method not allowed"),
    406: Bilingual("Format indisponible", "Not acceptable"),
    413: Bilingual("Requête trop longue", "Content too large"),
    415: Bilingual("Type de contenu refusé", "Unsupported media type"),
    500: Bilingual("Erreur du service", "Internal error"),
    503: Bilingual("Service indisponible", "Service unavailable"),
}
_OTHER = Bilingual("Erreur", "Error")


def problem(request: Request, error: CoopdecError) -> Response:
    """The problem document of one of our errors, in the reader's language."""
    status = next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)
    language = language_of(request.query_params.get("lang"), request.headers.get("accept-language"))
    return _document(request, status, error.text(language), type(error).__name__)


def problem_of_http(request: Request, error: HTTPException) -> Response:
    """The problem document of an error of the framework: no such route, wrong method."""
    response = _document(request, error.status_code, str(error.detail), "HTTP")
    response.headers.update(error.headers or {})
    return response


def _document(request: Request, status: int, detail: str, kind: str) -> Response:
    language = language_of(request.query_params.get("lang"), request.headers.get("accept-language"))
    body = {
        "type": "about:blank",
        "title": _TITLES.get(status, _OTHER).text(language),
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "code": kind,
    }
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return Response(content, status, headers, media_type="application/problem+json")
