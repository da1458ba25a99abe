"""One query to a remote store over HTTP: a whole body comes back, or an error.

What a store may do wrong is listed in docs/scaling.md: a body cut under a 200, HTML for a result,
a partial result told only by a header, an endless body, a redirect.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence

import httpx

from coopdec_graph.engines.remote.configuration import Auth, Credentials, Kind, Method, RemoteStore
from coopdec_graph.errors import (
    EngineBroken,
    Overloaded,
    QueryError,
    QueryFailed,
    QueryTooSlow,
    ResultTooBig,
)
from coopdec_graph.graph.query import Dataset, Form
from coopdec_graph.language import Bilingual

__all__ = ["RemoteClient", "authentication"]

_SLOW = Bilingual(
    "Le magasin distant n'a pas répondu en {seconds} s.",
    "The remote store did not answer within {seconds} s.",
)
_BUSY = Bilingual(
    "Le magasin distant est occupé. Réessayez plus tard.",
    "The remote store is busy. Try again later.",
)
_UNREACHABLE = Bilingual(
    "Le magasin distant ne répond pas ({reason}).", "The remote store does not answer ({reason})."
)
_CUT = Bilingual(
    "La réponse du magasin distant s'arrête avant sa fin.",
    "The remote store's answer stops before its end.",
)
_TYPE = Bilingual(
    "Le magasin distant a répondu autre chose qu'un résultat ({type}).",
    "The remote store answered something that is no result ({type}).",
)
_STATUS = Bilingual("Le magasin distant a répondu {status}.", "The remote store answered {status}.")
_REFUSED = Bilingual(
    "Le magasin distant refuse la requête{reason}.", "The remote store refuses the query{reason}."
)
_BYTES = Bilingual(
    "Le résultat dépasse {most} octets. Ajoutez LIMIT, ou prenez le téléchargement complet.",
    "The result exceeds {most} bytes. Add LIMIT, or take the complete download.",
)
_ROWS = Bilingual(
    "Le magasin distant coupe les résultats à {most} lignes. Ajoutez un LIMIT plus petit.",
    "The remote store cuts results at {most} rows. Add a smaller LIMIT.",
)

# What we read back. N-Triples for graphs: a line that was cut never parses, and there are no
# prefixes that a store could get wrong.
_RESULTS = ("application/sparql-results+json", "application/json")
_GRAPHS = ("application/n-triples",)
_GATEWAY = (502, 503, 429)
_SLOW_STATUS = (408, 504)
# What Virtuoso says of a query it gave up ("S1T00": the transaction's time is over; "42000 …
# estimated execution time"), and Oxigraph.
_SLOW_WORDS = re.compile(r"S1T00|S1TAT|estimated execution time|time(?:d )?-?out|cancell?ed", re.I)
# Two of Virtuoso's transactions wanted the same rows: it works the next time.
_DEADLOCK = re.compile(r"\b40001\b")
_LONGEST_REASON = 200


def authentication(credentials: Credentials | None) -> httpx.Auth | None:
    """How httpx says who asks."""
    if credentials is None:
        return None
    kind = httpx.DigestAuth if credentials.scheme is Auth.DIGEST else httpx.BasicAuth
    return kind(credentials.user, credentials.password)


class RemoteClient:
    """A pool of connections to one store. For one event loop."""

    def __init__(self, store: RemoteStore, connections: int) -> None:
        self._store = store
        # Neither a proxy nor a .netrc of the environment, no redirect, no compression: what is
        # asked and what comes back is what the configuration says, and no more bytes than counted.
        self._http = httpx.AsyncClient(
            auth=authentication(store.credentials) if store.private else None,
            headers={"Accept-Encoding": "identity", "User-Agent": "coopdec-graph"},
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            timeout=None,
            follow_redirects=False,
            trust_env=False,
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def ask(
        self, query: str, form: Form, dataset: Dataset, seconds: float, most: int
    ) -> bytes:
        """JSON, or the N-Triples of a graph: the body of an answer of at most `most` bytes, complete as far as HTTP can tell.

        Raises QueryTooSlow, Overloaded, ResultTooBig, QueryFailed and EngineBroken.
        """
        if seconds <= 0:
            raise QueryTooSlow(_SLOW, seconds=0)
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(
                    self._request(query, form, dataset, seconds), form, most
                )
        except TimeoutError:
            raise QueryTooSlow(_SLOW, seconds=round(seconds, 1)) from None
        except (httpx.RemoteProtocolError, httpx.DecodingError):
            raise EngineBroken(_CUT) from None
        except httpx.HTTPError as error:
            raise EngineBroken(_UNREACHABLE, reason=type(error).__name__) from None

    def _request(self, query: str, form: Form, dataset: Dataset, seconds: float) -> httpx.Request:
        store = self._store
        parameters = [("query", query)]
        parameters += _graphs("default-graph-uri", dataset.default_graphs)
        parameters += _graphs("named-graph-uri", dataset.named_graphs)
        if store.timeout_parameter is not None:
            parameters.append((store.timeout_parameter, _timeout(seconds, store.timeout_unit)))
        headers = {"Accept": (_GRAPHS if form is Form.GRAPH else _RESULTS)[0]}
        if store.query_method is Method.GET:
            return self._http.build_request(
                "GET", store.query_url, params=tuple(parameters), headers=headers
            )
        content = str(httpx.QueryParams(tuple(parameters))).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self._http.build_request("POST", store.query_url, content=content, headers=headers)

    async def _exchange(self, request: httpx.Request, form: Form, most: int) -> bytes:
        response = await self._http.send(request, stream=True)
        try:
            if response.status_code != 200:
                raise _refusal(response, await _beginning(response))
            _refuse_other(response.headers, form)
            _refuse_partial(response.headers)
            if form is Form.GRAPH and not _framed(response.headers):
                # Nothing would tell a whole body from one cut between two lines.
                raise EngineBroken(_CUT)
            content = await _whole(response, most)
        finally:
            await response.aclose()
        if self._store.kind is Kind.VIRTUOSO and form is not Form.GRAPH:
            return _blank_nodes(content)
        return content


def _graphs(name: str, iris: Sequence[str] | None) -> list[tuple[str, str]]:
    return [(name, iri) for iri in iris or ()]


def _timeout(seconds: float, unit: str) -> str:
    return str(max(1, int(seconds * 1000))) if unit == "ms" else str(max(1, int(seconds)))


async def _beginning(response: httpx.Response) -> str:
    """The first bytes of an error, as text; an endless one is not waited for."""
    content = b""
    async for piece in response.aiter_raw():
        content += piece
        if len(content) > 4096:
            break
    return content[:4096].decode("utf-8", "replace")


def _refusal(response: httpx.Response, text: str) -> QueryError:
    """What an error status means. The query parses here, so a 400 is the store's own limit."""
    status = response.status_code
    plain = _media_type(response.headers) == "text/plain"
    if status in _SLOW_STATUS or (plain and status >= 400 and _SLOW_WORDS.search(text)):
        return QueryTooSlow(_SLOW, seconds="?")
    if status in _GATEWAY or (plain and _DEADLOCK.search(text)):
        return Overloaded(_BUSY)
    if status == 400 or (status == 500 and plain):
        return QueryFailed(_REFUSED, reason=_reason(text) if plain else "")
    return EngineBroken(_STATUS, status=status)


def _reason(text: str) -> str:
    """The first line of a plain error, made printable; the rest may repeat the whole query."""
    line = next(iter(text.strip().splitlines()), "")
    shown = "".join(c for c in line if c.isprintable() and c not in "<>")[:_LONGEST_REASON]
    return f" : {shown}" if shown else ""


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _refuse_other(headers: Mapping[str, str], form: Form) -> None:
    """Raises EngineBroken for another media type: Virtuoso may say 200 and HTML."""
    type = _media_type(headers)
    coding = headers.get("content-encoding", "identity").strip().lower()
    if type not in (_GRAPHS if form is Form.GRAPH else _RESULTS) or coding != "identity":
        shown = "".join(c for c in type if c.isprintable())[:60]
        raise EngineBroken(_TYPE, type=shown or "?")


def _refuse_partial(headers: Mapping[str, str]) -> None:
    """Virtuoso answers 200 with the rows it had when its time, or its patience, was over."""
    if "x-sql-state" in headers:
        raise QueryTooSlow(_SLOW, seconds="?")
    if "x-sparql-maxrows" in headers:
        raise ResultTooBig(_ROWS, most=headers["x-sparql-maxrows"][:20])


def _framed(headers: Mapping[str, str]) -> bool:
    return "content-length" in headers or "chunked" in headers.get("transfer-encoding", "").lower()


async def _whole(response: httpx.Response, most: int) -> bytes:
    content = bytearray()
    async for piece in response.aiter_raw():
        content += piece
        if len(content) > most:
            raise ResultTooBig(_BYTES, most=most)
    return bytes(content)


def _blank_nodes(content: bytes) -> bytes:
    """Virtuoso's `nodeID://b1` as a label SPARQL results may have. In a literal no such bytes can
    stand: its quotes would be escaped."""
    return content.replace(b'"type": "bnode", "value": "nodeID://', b'"type": "bnode", "value": "')
