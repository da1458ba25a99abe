"""One question to a SPARQL endpoint through SPARQLWrapper, and its answer checked.

SPARQLWrapper opens addresses with urllib's own opener, which follows redirects, reads without a
bound and waits for each byte anew. Here its opener is replaced: no redirect, no other scheme than
http and https, one deadline for the whole exchange, a bound on bytes.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from typing import IO, Any
from urllib.parse import urlsplit

from SPARQLWrapper import JSON, POST, SPARQLWrapper

from coopdec_graph import __version__
from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual

__all__ = ["AGENT", "Endpoint", "Failure", "Refused", "Row", "TooLong", "checked_address"]

AGENT = f"coopdec-graph/{__version__} (links names of places to Wikidata; polite, cached)"

Row = dict[str, Any]

_JSON = ("application/sparql-results+json", "application/json")
_PIECE = 1 << 16
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})

_ADDRESS = Bilingual(
    "« {url} » n'est pas l'adresse d'un point d'accès SPARQL (http ou https, sans compte).",
    "“{url}” is not the address of a SPARQL endpoint (http or https, without an account).",
)
_STATUS = Bilingual("le point d'accès a répondu {status}", "the endpoint answered {status}")
_UNREACHABLE = Bilingual(
    "le point d'accès ne répond pas ({why})", "the endpoint does not answer ({why})"
)
_SLOW = Bilingual(
    "le point d'accès n'a pas répondu en {seconds} s",
    "the endpoint did not answer within {seconds} s",
)
_REDIRECT = Bilingual(
    "le point d'accès renvoie ailleurs ({status}) : il n'est pas suivi",
    "the endpoint redirects elsewhere ({status}): it is not followed",
)
_TYPE = Bilingual(
    "la réponse n'est pas un résultat SPARQL en JSON ({type})",
    "the answer is no SPARQL result in JSON ({type})",
)
_BROKEN = Bilingual(
    "la réponse est incomplète ou mal formée ({why})", "the answer is cut or malformed ({why})"
)
_BYTES = Bilingual("la réponse dépasse {most} octets", "the answer is longer than {most} bytes")
_ROWS = Bilingual(
    "la réponse a {count} lignes, {most} au plus étaient attendues",
    "the answer has {count} rows, {most} at most were expected",
)
_REPEATED = Bilingual(
    "la réponse répète des lignes demandées distinctes",
    "the answer repeats rows that were asked to be distinct",
)


class Failure(Exception):
    """No usable answer. `again` says whether asking once more may help, `pause` when (seconds)."""

    def __init__(
        self, reason: Bilingual, *, again: bool = True, pause: float | None = None, **values: object
    ) -> None:
        self.reason = Bilingual(reason.text("fr", **values), reason.text("en", **values))
        self.again = again
        self.pause = pause
        super().__init__(self.reason.en)


class Refused(Failure):
    """An answer came, and is not to be believed."""


class TooLong(Failure):
    """The endpoint gave up, or we did: the question may be too much for it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where questions go. `timeout` is for a whole exchange, in seconds."""

    url: str
    timeout: float
    most_bytes: int

    def select(self, query: str, names: Sequence[str], most_rows: int) -> list[Row]:
        """The rows of a SELECT DISTINCT with these variables. Raises Failure."""
        wrapper = _Wrapper(self.url, self.timeout)
        wrapper.setQuery(query)
        with wrapper.deadline():
            try:
                response = wrapper.query().response
                return _rows(self._body(response, wrapper), names, most_rows)
            except urllib.error.HTTPError as error:
                with error:
                    raise self._status(error) from None
            except (OSError, http.client.HTTPException, EOFError) as error:
                if wrapper.late or isinstance(error, TimeoutError):
                    raise TooLong(_SLOW, seconds=f"{self.timeout:g}") from None
                if isinstance(error, http.client.HTTPException):
                    raise Refused(_BROKEN, why=type(error).__name__) from None
                raise Failure(_UNREACHABLE, why=_why(error)) from None
            except ValueError as error:
                # An answer that http.client cannot even take apart (a length of "abc").
                raise Refused(_BROKEN, why=type(error).__name__) from None

    def _status(self, error: urllib.error.HTTPError) -> Failure:
        if 300 <= error.code < 400:
            return Refused(_REDIRECT, again=False, status=error.code)
        kind = TooLong if error.code in (500, 504) else Failure
        pause = _retry_after(error.headers.get("Retry-After", ""))
        return kind(_STATUS, again=error.code in _RETRIED, pause=pause, status=error.code)

    def _body(self, response: IO[bytes], wrapper: _Wrapper) -> bytes:
        """The body as its length says. Raises Refused, and OSError at the deadline."""
        assert isinstance(response, http.client.HTTPResponse)
        with response:
            type = response.headers.get_content_type()
            if type not in _JSON:
                raise Refused(_TYPE, type=type)
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise Refused(_BROKEN, why="Content-Encoding")
            body = bytearray()
            while piece := response.read1(_PIECE):
                body += piece
                if len(body) > self.most_bytes:
                    raise Refused(_BYTES, again=False, most=self.most_bytes)
            # read1 gives what there is; http.client knows how much should have come.
            if wrapper.late:
                raise TimeoutError
            if response.length:
                raise Refused(_BROKEN, why=f"{response.length} B")
            return bytes(body)


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper with an opener of our own, one per question."""

    def __init__(self, url: str, seconds: float) -> None:
        super().__init__(url, agent=AGENT)
        self.setMethod(POST)
        self.setReturnFormat(JSON)
        self.setOnlyConneg(True)
        self._deadline = _Deadline(seconds)
        self._seconds = seconds

    def deadline(self) -> _Deadline:
        return self._deadline

    @property
    def late(self) -> bool:
        return self._deadline.passed

    def _getAcceptHeader(self) -> str:
        return _JSON[0]

    def _query(self) -> tuple[Any, str]:
        opener = urllib.request.OpenerDirector()
        proxies = {} if _is_loopback(self.endpoint) else urllib.request.getproxies()
        for handler in (
            urllib.request.ProxyHandler(proxies),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            _Http(self._deadline),
            _Https(self._deadline),
        ):
            opener.add_handler(handler)
        opener.addheaders = []
        return opener.open(self._createRequest(), timeout=self._seconds), self.returnFormat


class _Deadline:
    """Ends an exchange, whatever it is doing: a timeout of a socket starts anew with each byte."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.passed = False

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            for connection in self._sockets:
                connection.close()
            self._sockets.clear()

    def watch(self, connection: socket.socket) -> None:
        with self._lock:
            self._sockets.append(connection)

    def _end(self) -> None:
        self.passed = True
        with self._lock:
            for connection in self._sockets:
                with suppress(OSError):
                    # TLS would wait for the other side's goodbye: the socket beneath it does not.
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)


class _Connection(http.client.HTTPConnection):
    def __init__(self, deadline: _Deadline, host: str, **options: Any) -> None:
        super().__init__(host, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.watch(self.sock)


class _SecureConnection(http.client.HTTPSConnection):
    def __init__(self, deadline: _Deadline, host: str, **options: Any) -> None:
        super().__init__(host, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.watch(self.sock)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, deadline: _Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_Connection, self._deadline), request)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, deadline: _Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        connection = partial(_SecureConnection, self._deadline)
        return self.do_open(connection, request, context=ssl.create_default_context())


def checked_address(url: str) -> str:
    """The address of an endpoint. Raises UsageError for anything but http(s) without an account."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        valid = valid and parts.username is None and not parts.fragment
        valid = valid and url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        valid = False
    if not valid:
        raise UsageError(_ADDRESS, url=url)
    return url


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _rows(body: bytes, names: Sequence[str], most: int) -> list[Row]:
    """The rows of a result (SPARQL 1.1 Query Results JSON Format), each checked. Raises Refused."""
    try:
        result = json.loads(body)
        head: list[str] = result["head"]["vars"]
        rows: list[Row] = result["results"]["bindings"]
        valid = isinstance(rows, list) and set(head) == set(names)
        valid = valid and all(_is_row(row, names) for row in rows)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused(_BROKEN, why=type(error).__name__) from None
    if not valid:
        raise Refused(_BROKEN, why="head, results")
    if len(rows) > most:
        raise Refused(_ROWS, again=False, count=len(rows), most=most)
    if len({_identity(row) for row in rows}) != len(rows):
        raise Refused(_REPEATED, again=False)
    return rows


def _is_row(row: object, names: Sequence[str]) -> bool:
    return isinstance(row, dict) and all(
        name in names
        and isinstance(term, dict)
        and term.get("type") in ("uri", "literal", "typed-literal", "bnode")
        and isinstance(term.get("value"), str)
        and isinstance(term.get("xml:lang", ""), str)
        for name, term in row.items()
    )


def _identity(row: Row) -> tuple[tuple[str, str, str, str], ...]:
    return tuple(
        (name, term["type"], term["value"], term.get("xml:lang", "") or term.get("datatype", ""))
        for name, term in sorted(row.items())
    )


def _retry_after(text: str) -> float | None:
    """Seconds to wait (RFC 9110, 10.2.3): a number of them, or a date."""
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _why(error: BaseException) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, OSError):
        return reason.strerror or type(reason).__name__
    return type(error).__name__
