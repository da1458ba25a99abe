"""Errors over HTTP: one table from class to status, one problem format (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from coopdec_graph.errors import (
    CoopdecError,
    EngineBroken,
    NoFormat,
    Overloaded,
    QueryError,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
    QueryTooBig,
    QueryTooSlow,
    ReleaseError,
    ResultTooBig,
    UpdateRefused,
    UsageError,
)
from coopdec_graph.federation.failures import FederationFailed
from coopdec_graph.language import Bilingual, Language
from coopdec_graph.service.formats import NotAcceptable, language_of, prefers_page

__all__ = [
    "STATUS",
    "BadRequest",
    "NotFound",
    "TooLarge",
    "UnsupportedType",
    "document_of_status",
    "method_not_allowed",
    "problem",
    "problem_document",
    "problem_of_http",
    "status_of",
    "unexpected",
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
    EngineBroken: 502,
    FederationFailed: 502,
    NoFormat: 406,
    NotAcceptable: 406,
    NotFound: 404,
    Overloaded: 503,
    QueryError: 400,
    QueryFailed: 500,
    QueryForbidden: 403,
    QuerySyntaxError: 400,
    QueryTooBig: 507,
    QueryTooSlow: 504,
    ReleaseError: 503,
    ResultTooBig: 507,
    TooLarge: 413,
    UnsupportedType: 415,
    UpdateRefused: 400,
    UsageError: 400,
    CoopdecError: 500,
}

_TITLES = {
    400: Bilingual("Requête incorrecte", "Bad request"),
    403: Bilingual("Requête refusée", "Forbidden"),
    404: Bilingual("Introuvable", "Not found"),
    405: Bilingual("Méthode non permise", "Method not allowed"),
    406: Bilingual("Format indisponible", "Not acceptable"),
    413: Bilingual("Requête trop longue", "Content too large"),
    415: Bilingual("Type de contenu refusé", "Unsupported media type"),
    416: Bilingual("Partie introuvable", "Range not satisfiable"),
    500: Bilingual("Erreur du service", "Internal error"),
    502: Bilingual("Le moteur ne répond pas", "Bad gateway"),
    503: Bilingual("Service indisponible", "Service unavailable"),
    504: Bilingual("Limite de temps atteinte", "Time limit reached"),
    507: Bilingual("Limite de taille atteinte", "Size limit reached"),
}
# RFC 3986, 3.3.
_OF_PATHS = "/:@!$&'()*+,;="
_OTHER = Bilingual("Erreur", "Error")
_DETAILS = {
    404: Bilingual("Rien ne répond à l'adresse {path}.", "Nothing answers at {path}."),
    405: Bilingual(
        "{method} n'est pas permis à l'adresse {path}.", "{method} is not allowed at {path}."
    ),
    416: Bilingual(
        "Le fichier de l'adresse {path} n'a pas cette partie.",
        "The file at {path} has no such part.",
    ),
    500: Bilingual(
        "Le service a rencontré un défaut. Il est noté dans son journal.",
        "The service met a defect of its own. It is noted in its log.",
    ),
}


def status_of(error: CoopdecError) -> int:
    """The HTTP status of one of our errors."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)


def problem(request: Request, error: CoopdecError) -> Response:
    """The answer to one of our errors, in the reader's language, with its details (RFC 9457, 3.2)."""
    body = problem_document(error, language_of(request), str(request.scope["path"]))
    response = _answer(request, body)
    if isinstance(error, Overloaded):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def problem_document(error: CoopdecError, language: Language, path: str) -> dict[str, object]:
    """One of our errors as a problem document. None of its details takes the place of a standard
    member."""
    status = status_of(error)
    body = _body(status, error.text(language), type(error).__name__, language, path)
    more = {name: _in(language, value) for name, value in error.details.items()}
    return body | {name: value for name, value in more.items() if name not in body}


def _body(status: int, detail: str, code: str, language: Language, path: str) -> dict[str, object]:
    return {
        "type": "about:blank",
        "title": _TITLES.get(status, _OTHER).text(language),
        "status": status,
        "detail": detail,
        # A reference (RFC 9457, 3.1.5): a path that was decoded is none.
        "instance": quote(path, safe=_OF_PATHS, errors="replace"),
        "code": code,
    }


def _in(language: Language, value: object) -> object:
    """A text in two languages as one of them; anything else as it is."""
    bilingual = isinstance(value, Mapping) and set(value) == {"fr", "en"}
    return value[language] if bilingual else value  # type: ignore[index]


def problem_of_http(request: Request, error: HTTPException) -> Response:
    """The answer to an error of the framework: no such route, wrong method."""
    response = _answer(request, _plain(request, error.status_code, "HTTP"))
    response.headers.update(error.headers or {})
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(sorted(_allowed(request)))
    return response


def method_not_allowed(request: Request, methods: Iterable[str]) -> Response:
    """The answer of an address that knows its methods itself."""
    response = _answer(request, _plain(request, 405, "HTTP"))
    response.headers["Allow"] = ", ".join(methods)
    return response


def unexpected(request: Request) -> Response:
    """The answer to a defect of ours: nothing of its inside."""
    return _answer(request, _plain(request, 500, "Unexpected"))


def _plain(request: Request, status: int, code: str) -> dict[str, object]:
    path = str(request.scope["path"])
    return document_of_status(status, language_of(request), path, request.method, code)


def document_of_status(
    status: int, language: Language, path: str, method: str = "GET", code: str = "HTTP"
) -> dict[str, object]:
    """A document that says no more than its status does."""
    text = _DETAILS.get(status, _OTHER).text(language, path=path, method=method)
    return _body(status, text, code, language, path)


def _allowed(request: Request) -> set[str]:
    """Every method of the address: the framework names those of one route only."""
    found: set[str] = set()
    for route in request.app.routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            found |= getattr(route, "methods", None) or {"GET", "HEAD"}
    return found


def _answer(request: Request, body: Mapping[str, object]) -> Response:
    """A problem document; a page for who asks for pages."""
    language, status = language_of(request), int(str(body["status"]))
    if prefers_page(request):
        title, detail = str(body["title"]), str(body["detail"])
        page: Response = request.app.state.pages.error(request, status, title, detail)
        return page
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = {"Content-Language": language, "Vary": "Accept, Accept-Language"}
    return Response(content, status, headers, media_type="application/problem+json")
