"""`/admin`: writes, for who holds the token. SPARQL 1.1 Protocol (2.2), Graph Store Protocol (5).

The routes exist only when a token is configured. Every answer is JSON, a problem (RFC 9457) when
nothing was done. There is no CORS here: no page of another site has a reason to write.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from coopdec_graph.errors import CoopdecError, UsageError
from coopdec_graph.language import Bilingual
from coopdec_graph.publishing.assembly import PersonalDataFound
from coopdec_graph.publishing.changes import (
    BODY_FORMATS,
    GraphWrite,
    NotWritable,
    SparqlUpdate,
    WriteMethod,
)
from coopdec_graph.publishing.documents import RdfUnreadable
from coopdec_graph.publishing.edits import ChangeRefused
from coopdec_graph.publishing.evaluator import EvaluationLimits
from coopdec_graph.publishing.updates import Editor, NoSuchGraph, OtherRelease, Outcome, WriterBusy
from coopdec_graph.service.formats import language_of
from coopdec_graph.service.problems import BadRequest, TooLarge, UnsupportedType, status_of

__all__ = ["PREFIX", "AdminLimits", "Unauthorised", "admin_router", "read_token"]

PREFIX = "/admin"

_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-update"
_SHORTEST_TOKEN = 24
_LONGEST_TOKEN = 1024
# The form of a token in a header (RFC 6750, 2.1).
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_METHODS: Mapping[str, WriteMethod] = {"PUT": "PUT", "POST": "POST", "DELETE": "DELETE"}
_TRIED = {"true": True, "false": False}

_UNREADABLE = Bilingual(
    "Le fichier du jeton « {path} » ne peut pas être lu : {reason}.",
    "The token file “{path}” cannot be read: {reason}.",
)
_OPEN = Bilingual(
    "Le fichier du jeton « {path} » est lisible par tous. Faites : chmod 600 {path}",
    "The token file “{path}” can be read by everybody. Run: chmod 600 {path}",
)
_WEAK = Bilingual(
    "Le jeton de « {path} » doit avoir de {least} à {most} caractères parmi A-Z a-z 0-9 - . _ ~ + /, sur une ligne.",
    "The token in “{path}” must have {least} to {most} characters among A-Z a-z 0-9 - . _ ~ + /, on one line.",
)
_UNAUTHORISED = Bilingual(
    "Il faut le jeton d'administration : « Authorization: Bearer … ».",
    "The administration token is needed: “Authorization: Bearer …”.",
)
_LARGE = Bilingual("Le corps dépasse {most} octets.", "The body exceeds {most} bytes.")
_TYPE = Bilingual("Le corps doit être en {offered}.", "The body must be one of {offered}.")
_ENCODING = Bilingual("Le texte n'est pas en UTF-8.", "The text is not UTF-8.")
_ONE = Bilingual("Donnez « {name} » une fois.", "Give “{name}” once.")
_USING = Bilingual(
    "« {name} » n'est pas pris en charge : écrivez USING ou WITH dans la modification.",
    "“{name}” is not supported: write USING or WITH in the update.",
)
_DRY = Bilingual("« dry-run » vaut true ou false.", "“dry-run” is true or false.")
_PRECONDITION = Bilingual(
    "If-Match donne l'identifiant d'une publication entre guillemets, ou *.",
    "If-Match gives the identifier of a release in quotes, or *.",
)
_TITLES = {
    True: Bilingual("Écriture refusée", "Write refused"),
    False: Bilingual("Écriture impossible", "Write not possible"),
}


class Unauthorised(CoopdecError):
    """The request does not carry the token."""


# What only administrators meet; the other classes have their status in problems.py.
_STATUS: dict[type[CoopdecError], int] = {
    ChangeRefused: 422,
    NoSuchGraph: 404,
    NotWritable: 403,
    OtherRelease: 412,
    PersonalDataFound: 422,
    RdfUnreadable: 400,
    Unauthorised: 401,
    # The request was fine: the folder of releases could not be written.
    UsageError: 500,
    WriterBusy: 503,
}

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AdminLimits:
    """Sizes of a body in bytes, and what working one change out may take."""

    update_bytes: int = 1_000_000
    graph_bytes: int = 50_000_000
    evaluation: EvaluationLimits = field(default_factory=EvaluationLimits)


def read_token(path: Path) -> str:
    """The token in a file: one line. Raises UsageError when it is weak, or open to everybody."""
    try:
        with path.open("rb") as file:
            mode = path.stat().st_mode
            content = file.read(_LONGEST_TOKEN + 3)
    except OSError as error:
        raise UsageError(_UNREADABLE, path=path, reason=error.strerror) from None
    if mode & 0o006:
        raise UsageError(_OPEN, path=path)
    token = content.decode("ascii", "replace").removesuffix("\n").removesuffix("\r")
    if not _SHORTEST_TOKEN <= len(token) <= _LONGEST_TOKEN or not _TOKEN.fullmatch(token):
        raise UsageError(_WEAK, path=path, least=_SHORTEST_TOKEN, most=_LONGEST_TOKEN)
    return token


def admin_router(folder: Path, token: str, limits: AdminLimits | None = None) -> APIRouter:
    """The routes over a folder of releases, for requests that carry `token`.

    What they publish is the current release of the folder; who serves it must look there.
    """
    handlers = _Admin(folder, token, limits or AdminLimits())
    router = APIRouter(prefix=PREFIX, include_in_schema=False)
    for path, handler, methods in (
        ("/update", handlers.update, ["POST"]),
        ("/graph-store", handlers.graph_store, list(_METHODS)),
    ):
        router.add_api_route(path, handlers.guarded(handler), methods=methods)
    return router


Handler = Callable[[Request], Awaitable[Response]]


class _Admin:
    def __init__(self, folder: Path, token: str, limits: AdminLimits) -> None:
        self._token = token.encode()
        self._limits = limits
        self._editor = Editor(folder, limits.evaluation)

    def guarded(self, handler: Handler) -> Handler:
        """The handler behind the token, its errors told as problems."""

        async def guarded(request: Request) -> Response:
            try:
                self._authorise(request)
                return await handler(request)
            except CoopdecError as error:
                return _problem(request, error)

        return guarded

    def _authorise(self, request: Request) -> None:
        """Raises Unauthorised (RFC 6750, 3). Nothing of the body has been read by then."""
        given = request.headers.getlist("authorization")
        scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        same = hmac.compare_digest(token.strip().encode("utf-8", "replace"), self._token)
        if scheme.lower() != "bearer" or not same:
            raise Unauthorised(_UNAUTHORISED)

    async def update(self, request: Request) -> Response:
        """SPARQL 1.1 Protocol, 2.2: an update in a form or as the body."""
        dry_run, pairs = _parameters(request)
        kind = _media_type(request)
        if kind not in (_DIRECT, _FORM):
            raise UnsupportedType(_TYPE, offered=f"{_DIRECT}, {_FORM}")
        text = _text(await _body(request, self._limits.update_bytes))
        if kind == _FORM:
            form = _pairs(text)
            pairs, text = [*pairs, *form], _only("update", form)
        for name, _ in pairs:
            if name in ("using-graph-uri", "using-named-graph-uri"):
                raise BadRequest(_USING, name=name)
        outcome = await run_in_threadpool(
            self._editor.apply, SparqlUpdate(text), expected=_expected(request), dry_run=dry_run
        )
        return _done(outcome, 200)

    async def graph_store(self, request: Request) -> Response:
        """Graph Store Protocol, 5.3 to 5.5, with the graph named in the address (4.2)."""
        dry_run, pairs = _parameters(request)
        graph, method = _only("graph", pairs), _METHODS[request.method]
        kind, content = "", b""
        if method != "DELETE":
            kind = _media_type(request)
            if kind not in BODY_FORMATS:
                raise UnsupportedType(_TYPE, offered=", ".join(BODY_FORMATS))
            content = await _body(request, self._limits.graph_bytes)
        write = GraphWrite(method, graph, content, kind)
        outcome = await run_in_threadpool(
            self._editor.apply, write, expected=_expected(request), dry_run=dry_run
        )
        return _done(outcome, 201 if outcome.created and outcome.published else 200)


# ---- Reading a request ---------------------------------------------------------------------------


def _parameters(request: Request) -> tuple[bool, Pairs]:
    """Whether the change is only tried, and all parameters of the address."""
    pairs = _pairs(_text(request.scope["query_string"]))
    tried = [value for name, value in pairs if name == "dry-run"]
    if len(tried) > 1 or any(value not in _TRIED for value in tried):
        raise BadRequest(_DRY)
    return bool(tried) and _TRIED[tried[0]], pairs


def _pairs(encoded: str) -> Pairs:
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict")
    except ValueError:
        raise BadRequest(_ENCODING) from None


def _only(name: str, pairs: Pairs) -> str:
    values = [value for key, value in pairs if key == name]
    if len(values) != 1:
        raise BadRequest(_ONE, name=name)
    return values[0]


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _body(request: Request, most: int) -> bytes:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise TooLarge(_LARGE, most=most)
        chunks.append(chunk)
    return b"".join(chunks)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest(_ENCODING) from None


def _expected(request: Request) -> frozenset[str] | None:
    """The releases that If-Match names (RFC 9110, 13.1.1), or None for whichever is current."""
    given = ", ".join(request.headers.getlist("if-match")).strip()
    if given in ("", "*"):
        return None
    tags = [tag.strip() for tag in given.split(",")]
    if not all(re.fullmatch(r'"[0-9a-f]*"', tag) for tag in tags):
        raise BadRequest(_PRECONDITION)
    return frozenset(tag.strip('"') for tag in tags)


# ---- Answering -----------------------------------------------------------------------------------


def _done(outcome: Outcome, status: int) -> Response:
    headers = {"ETag": f'"{outcome.release}"', "Cache-Control": "no-store"}
    return JSONResponse(outcome.to_dict(), status, headers)


def _problem(request: Request, error: CoopdecError) -> Response:
    """A problem document; never a page, whoever asks."""
    status = _STATUS.get(type(error)) or status_of(error)
    language = language_of(request)
    body: dict[str, object] = {
        "type": "about:blank",
        "title": _TITLES[status < 500].text(language),
        "status": status,
        "detail": error.text(language),
        "instance": request.url.path,
        "code": type(error).__name__,
    }
    if isinstance(error, ChangeRefused):
        body["findings"] = list(error.findings)
    headers = {"Content-Language": language, "Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="coopdec-graph"'
    if isinstance(error, WriterBusy):
        headers["Retry-After"] = str(error.seconds)
    return JSONResponse(body, status, headers, media_type="application/problem+json")
