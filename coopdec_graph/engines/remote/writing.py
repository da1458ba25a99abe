"""What publishing does to a remote store: read, upload, update; one request after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import httpx
from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException, Unauthorized

from coopdec_graph.engines.remote.client import authentication
from coopdec_graph.engines.remote.configuration import RemoteStore
from coopdec_graph.errors import CoopdecError, UsageError
from coopdec_graph.language import Bilingual

__all__ = ["PublishFailed", "StoreWriter"]

_NOT_WRITABLE = Bilingual(
    "Configuration du magasin : il manque la clé « {key} », sans quoi rien ne peut être publié.",
    "Store configuration: the key “{key}” is missing; nothing can be published without it.",
)
_UNREACHABLE = Bilingual(
    "Le magasin {url} ne répond pas ({reason}).", "The store {url} does not answer ({reason})."
)
_REFUSED = Bilingual(
    "Le magasin {url} refuse l'accès ({status}) : vérifiez « auth », « user » et le mot de passe.",
    "The store {url} denies access ({status}): check “auth”, “user” and the password.",
)
_STATUS = Bilingual(
    "Le magasin {url} a répondu {status}{reason}.", "The store {url} answered {status}{reason}."
)
_STRANGE = Bilingual(
    "Le magasin {url} a répondu autre chose qu'un résultat SPARQL.",
    "The store {url} answered something that is no SPARQL result.",
)

_AGENT = "coopdec-graph"
# Seconds. A store may take long to index what it was sent before it says so.
_CONNECT, _SEND, _ANSWER = 30, 600, 3600
N_TRIPLES, N_QUADS = "application/n-triples", "application/n-quads"


class PublishFailed(CoopdecError):
    """The store could not be loaded; what it served before, it still serves unless told otherwise."""


class StoreWriter:
    """A connection to one store that may be written to. Raises UsageError and PublishFailed.

    SPARQLWrapper asks where nobody has to be named. What needs the password is httpx's, which
    follows no redirect with it; and SPARQLWrapper has no Graph Store Protocol.
    """

    def __init__(self, store: RemoteStore) -> None:
        self._store = store
        self._update_url = _required("update_url", store.update_url)
        self._graph_store_url = _required("graph_store_url", store.graph_store_url)
        self._http = httpx.Client(
            auth=authentication(store.credentials),
            headers={"User-Agent": _AGENT},
            timeout=httpx.Timeout(_ANSWER, connect=_CONNECT, write=_SEND),
            follow_redirects=False,
        )

    def __enter__(self) -> StoreWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def rows(self, query: str) -> list[Mapping[str, str]]:
        """The values of a SELECT, as text."""
        result = self._select(query)
        bindings = result["results"]["bindings"]
        return [{name: value["value"] for name, value in row.items()} for row in bindings]

    def count(self, query: str) -> int:
        """The only value of a SELECT that counts."""
        return int(next(iter(self.rows(query)[0].values())))

    def _select(self, query: str) -> dict[str, Any]:
        url = self._store.query_url
        try:
            if self._store.private:
                return self._select_as_user(query)
            wrapper = SPARQLWrapper(url, agent=_AGENT)
            wrapper.setQuery(query)
            wrapper.setMethod(POST)
            wrapper.setReturnFormat(JSON)
            wrapper.setTimeout(_SEND)
            return cast("dict[str, Any]", wrapper.queryAndConvert())
        except Unauthorized:
            raise UsageError(_REFUSED, url=url, status=401) from None
        except SPARQLWrapperException as error:
            raise PublishFailed(_STATUS, url=url, status=type(error).__name__, reason="") from None
        except (ValueError, TypeError, AttributeError):
            raise PublishFailed(_STRANGE, url=url) from None
        except OSError as error:
            reason = getattr(error, "reason", None) or error.strerror or type(error).__name__
            raise PublishFailed(_UNREACHABLE, url=url, reason=reason) from None

    def _select_as_user(self, query: str) -> dict[str, Any]:
        headers = {"Accept": "application/sparql-results+json"}
        response = self._send("POST", self._store.query_url, data={"query": query}, headers=headers)
        return cast("dict[str, Any]", response.json())

    def update(self, text: str) -> None:
        """One update request. On the stores we know it is carried out whole, or not at all."""
        self._send("POST", self._update_url, data={"update": text})

    def replace_all(self, quads: Iterable[bytes]) -> None:
        """The whole dataset, from N-Quads (Graph Store Protocol on the store itself)."""
        headers = {"Content-Type": N_QUADS}
        self._send("PUT", self._graph_store_url, content=quads, headers=headers)

    def replace(self, graph: str, triples: bytes) -> None:
        """One named graph, from N-Triples."""
        self._graph("PUT", graph, triples)

    def add(self, graph: str, triples: bytes) -> None:
        """More triples of one named graph."""
        self._graph("POST", graph, triples)

    def _graph(self, method: str, graph: str, triples: bytes) -> None:
        self._send(
            method,
            self._graph_store_url,
            params={"graph": graph},
            content=triples,
            headers={"Content-Type": N_TRIPLES},
        )

    def clear(self, graphs: Sequence[str]) -> None:
        """Graphs with nothing in them any more, whether they were there or not."""
        if graphs:
            self.update(" ; ".join(f"CLEAR SILENT GRAPH <{graph}>" for graph in graphs))

    def _send(self, method: str, url: str, **request: Any) -> httpx.Response:
        try:
            response = self._http.request(method, url, **request)
        except httpx.HTTPError as error:
            reason = type(error).__name__
            raise PublishFailed(_UNREACHABLE, url=url, reason=reason) from None
        status = response.status_code
        if status in (401, 403):
            raise UsageError(_REFUSED, url=url, status=status)
        if not 200 <= status < 300:
            raise PublishFailed(_STATUS, url=url, status=status, reason=_reason(response))
        return response


def _required(key: str, value: str | None) -> str:
    if value is None:
        raise UsageError(_NOT_WRITABLE, key=key)
    return value


def _reason(response: httpx.Response) -> str:
    """The first line of a plain error. HTML is not repeated."""
    if not response.headers.get("content-type", "").startswith("text/plain"):
        return ""
    line = next(iter(response.text.strip().splitlines()), "")[:200]
    return f" : {line}" if line else ""
