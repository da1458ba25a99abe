"""A host that runs the service, over HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from coopdec_graph import __version__
from coopdec_graph.client.problem import Problem, own_problem
from coopdec_graph.client.source import API, SPARQL, Document, Pairs
from coopdec_graph.language import Bilingual, Language

__all__ = ["Remote"]

_UNREACHABLE = Bilingual(
    "{address} ne répond pas : {reason}.", "{address} does not answer: {reason}."
)
_SLOW = Bilingual(
    "{address} n'a pas répondu en {seconds:g} s.", "{address} did not answer within {seconds:g} s."
)
_STRANGE = Bilingual(
    "Ce qui répond à l'adresse {address} n'est pas ce service (statut {found}).",
    "What answers at {address} is not this service (status {found}).",
)
_MOST_LEADS = 5
_ACCEPT = "application/json, application/problem+json"
_RESULTS = "application/sparql-results+json"


class Remote:
    """Implements `Source`. Nothing is asked twice: what fails is told at once."""

    def __init__(self, address: str, language: Language, seconds: float) -> None:
        self._address = address.rstrip("/")
        self._language = language
        self._seconds = seconds
        self._http = httpx.Client(
            headers={
                "Accept": _ACCEPT,
                "Accept-Language": language,
                "User-Agent": f"coopdec-graph/{__version__}",
            },
            timeout=seconds,
        )

    def release(self) -> str:
        return str(self._document("/health")["release"])

    def listed(self, resource: str, pairs: Pairs) -> Document:
        return self._document(f"{API}/{resource}", pairs)

    def entity(self, resource: str, id: str) -> Document:
        return self._document(f"{API}/{resource}/{_encoded(id)}")

    def search(self, pairs: Pairs) -> Document:
        return self._document(f"{API}/search", pairs)

    def questions(self) -> Document:
        return self._document(f"{API}/questions")

    def answer(self, question: str, pairs: Pairs) -> Document:
        return self._document(f"{API}/questions/{_encoded(question)}", pairs)

    def sparql(self, query: str) -> bytes | str:
        response = self._sent(
            "POST",
            SPARQL,
            content=query.encode("utf-8", "replace"),
            headers={
                "Accept": f"{_RESULTS}, text/turtle, application/problem+json",
                "Content-Type": "application/sparql-query",
            },
        )
        kind = response.headers.get("content-type", "").partition(";")[0]
        if kind not in (_RESULTS, "text/turtle"):
            raise self._strange(response)
        return response.content if kind == _RESULTS else response.text

    def close(self) -> None:
        self._http.close()

    def _document(self, path: str, pairs: Pairs = ()) -> Document:
        response = self._sent("GET", path, params=list(pairs))
        try:
            document = response.json()
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise self._strange(response)
        return document

    def _sent(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            response = self._followed(method, self._address + path, options)
        except httpx.TimeoutException:
            raise self._silent("TooSlow", _SLOW, seconds=self._seconds) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = str(error) or type(error).__name__
            raise self._silent("Unreachable", _UNREACHABLE, reason=reason) from None
        if not response.is_success:
            raise self._problem(response)
        return response

    def _followed(self, method: str, url: str | httpx.URL, options: Any) -> httpx.Response:
        """The answer, where the host leads elsewhere: from http to https, or to a new name.

        httpx would make a GET of a POST, as browsers do: the query would be lost on the way.
        """
        response = self._http.request(method, url, **options)
        for _ in range(_MOST_LEADS):
            if not response.has_redirect_location:
                break
            url = response.url.join(response.headers["location"])
            response = self._http.request(method, url, **{**options, "params": None})
        return response

    def _silent(self, code: str, message: Bilingual, **values: object) -> Problem:
        return own_problem(code, message, self._language, None, address=self._address, **values)

    def _problem(self, response: httpx.Response) -> Problem:
        """What the service says, or that what answers is another one (a proxy)."""
        if response.headers.get("content-type", "").startswith("application/problem+json"):
            try:
                return Problem(response.json())
            except (TypeError, ValueError):
                pass
        return self._strange(response)

    def _strange(self, response: httpx.Response) -> Problem:
        status = response.status_code
        values = {"address": self._address, "found": status}
        return own_problem("NotCoopdec", _STRANGE, self._language, status, **values)


def _encoded(id: str) -> str:
    """An id as a part of an address: its slashes stay, and no part of it is `..`."""
    parts = (quote(part, safe="", errors="replace") for part in id.split("/"))
    return "/".join(part.replace(".", "%2E") if part in (".", "..") else part for part in parts)
