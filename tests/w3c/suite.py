"""The W3C SPARQL 1.1 test suite, read from its manifests into cases.

The suite lies beside the checkout and is never copied into it; `PRESENT` says whether it is there.
Its files are known by the IRIs they have on the web: relative IRIs resolve against those. The terms
of the manifests are described at https://w3c.github.io/rdf-tests/ and, for the protocols, in the
comments of their own manifests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

__all__ = [
    "ABSENT",
    "BASE",
    "PRESENT",
    "Case",
    "Exchange",
    "Expected",
    "cases",
    "file_of",
    "graph_of",
    "text_of",
]

ROOT = Path(__file__).parents[3] / "shared" / "w3c" / "sparql11"
BASE = "https://w3c.github.io/rdf-tests/sparql/sparql11/"
PRESENT = ROOT.is_dir()
ABSENT = "the W3C SPARQL 1.1 test suite is not beside this checkout"

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_UT = "http://www.w3.org/2009/sparql/tests/test-update#"
_HT = "http://www.w3.org/2011/http#"
_CNT = "http://www.w3.org/2011/content#"

_STATUS = {
    "OK": range(200, 201),
    "Created": range(201, 202),
    "NoContent": range(204, 205),
    "NotFound": range(404, 405),
    "StatusCode2xx": range(200, 300),
    "StatusCode3xx": range(300, 400),
    "StatusCode4xx": range(400, 500),
}

Node = ox.NamedNode | ox.BlankNode


@dataclass(frozen=True, slots=True)
class Expected:
    """What a protocol test expects of one answer; None where it says nothing."""

    statuses: tuple[range, ...]
    boolean: bool | None
    format: str | None
    location: str | None
    content_type: str | None
    body: str | None

    def allows(self, status: int) -> bool:
        return any(status in statuses for statuses in self.statuses)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of a protocol test, and the answer it expects."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    expected: Expected


@dataclass(frozen=True, slots=True)
class Case:
    """One test. `data` and `graphs` are the default and the named graphs a query sees."""

    folder: str
    name: str
    kind: str
    source: str | None
    data: tuple[str, ...]
    graphs: tuple[str, ...]
    result: str | None
    exchanges: tuple[Exchange, ...]

    @property
    def id(self) -> str:
        return f"{self.folder}#{self.name}"

    @property
    def documents(self) -> tuple[str, ...]:
        return (*self.data, *self.graphs)


def cases(*kinds: str) -> tuple[Case, ...]:
    """The tests of these kinds, or all. Ends the collection of the module when there are none here."""
    if not PRESENT:
        pytest.skip(ABSENT, allow_module_level=True)
    return tuple(case for case in _all_cases() if not kinds or case.kind in kinds)


@cache
def _all_cases() -> tuple[Case, ...]:
    return tuple(_read("manifest-all.ttl"))


def file_of(iri: str) -> Path:
    """The file of one of the suite's IRIs."""
    assert iri.startswith(BASE), iri
    return ROOT / iri.removeprefix(BASE)


def text_of(iri: str) -> str:
    return file_of(iri).read_text("utf-8")


def graph_of(iri: str) -> list[ox.Triple]:
    """The triples of one of the suite's RDF files; its blank nodes are those of no other file."""
    quads = ox.parse(path=str(file_of(iri)), base_iri=iri, rename_blank_nodes=True)
    return [quad.triple for quad in quads]


def _read(path: str) -> Iterator[Case]:
    manifest = _Manifest(path)
    for root in manifest.subjects(_RDF + "type", _MF + "Manifest"):
        for included in manifest.items(root, _MF + "include"):
            yield from _read(included.value.removeprefix(BASE))
        for test in manifest.items(root, _MF + "entries"):
            yield manifest.case(test)


class _Manifest:
    """One manifest file as a graph."""

    def __init__(self, path: str) -> None:
        self._folder = path.rpartition("/")[0]
        quads = ox.parse(path=str(ROOT / path), base_iri=BASE + path)
        self._graph = ox.Dataset(quads)

    def subjects(self, predicate: str, object: str) -> list[Node]:
        found = self._graph.quads_for_object(ox.NamedNode(object))
        return [quad.subject for quad in found if quad.predicate.value == predicate]

    def all(self, subject: Node, predicate: str) -> list[Node]:
        found = self._graph.quads_for_subject(subject)
        return [quad.object for quad in found if quad.predicate.value == predicate]

    def one(self, subject: Node | None, predicate: str) -> Node | None:
        """The only value of a property, or None. A second one would be a test we misread."""
        found = [] if subject is None else self.all(subject, predicate)
        assert len(found) < 2, (subject, predicate)
        return found[0] if found else None

    def items(self, subject: Node | None, predicate: str) -> Iterator[Node]:
        """The members of the list that is the value of a property; none without it."""
        place = self.one(subject, predicate)
        while place is not None and place.value != _RDF + "nil":
            yield self._sure(place, _RDF + "first")
            place = self.one(place, _RDF + "rest")

    def _sure(self, subject: Node, predicate: str) -> Node:
        found = self.one(subject, predicate)
        assert found is not None, (subject, predicate)
        return found

    def _text(self, subject: Node | None, predicate: str) -> str | None:
        found = self.one(subject, predicate)
        return None if found is None else found.value

    def case(self, test: Node) -> Case:
        action = self.one(test, _MF + "action")
        # A syntax test names its file, an evaluation test describes what to do with it.
        own = action.value if isinstance(action, ox.NamedNode) else None
        source = own or self._text(action, _QT + "query") or self._text(action, _UT + "request")
        return Case(
            folder=self._folder,
            name=test.value.rpartition("#")[2],
            kind=self._sure(test, _RDF + "type").value.rpartition("#")[2],
            source=source,
            data=self._iris(action, _QT + "data"),
            graphs=self._iris(action, _QT + "graphData"),
            result=self._result(test),
            exchanges=tuple(map(self._exchange, self.items(action, _HT + "requests"))),
        )

    def _iris(self, action: Node | None, predicate: str) -> tuple[str, ...]:
        found = [] if action is None else self.all(action, predicate)
        assert all(isinstance(term, ox.NamedNode) for term in found), action
        return tuple(term.value for term in found)

    def _result(self, test: Node) -> str | None:
        """The file of the result; an update test describes a state instead, which is not read."""
        found = self.one(test, _MF + "result")
        return found.value if isinstance(found, ox.NamedNode) else None

    def _exchange(self, request: Node) -> Exchange:
        body = self.one(request, _HT + "body")
        encoding = self._text(body, _CNT + "characterEncoding") or "UTF-8"
        return Exchange(
            method=self._sure(request, _HT + "methodName").value,
            path=self._sure(request, _HT + "absolutePath").value,
            headers=self._headers(request),
            body=None if body is None else self._sure(body, _CNT + "chars").value.encode(encoding),
            expected=self._expected(self._sure(request, _HT + "resp")),
        )

    def _expected(self, response: Node) -> Expected:
        statuses = self.all(response, _MF + "expectedStatus")
        boolean = self._text(response, _MF + "expectedBoolean")
        return Expected(
            statuses=tuple(_STATUS[status.value.rpartition("#")[2]] for status in statuses),
            boolean=None if boolean is None else boolean == "true",
            format=self._text(response, _MF + "expectedFormat"),
            location=self._text(response, _MF + "expectedLocation"),
            content_type=self._headers(response).get("content-type"),
            body=self._text(self.one(response, _HT + "body"), _CNT + "chars"),
        )

    def _headers(self, message: Node) -> dict[str, str]:
        return {
            self._sure(header, _HT + "fieldName").value: self._sure(
                header, _HT + "fieldValue"
            ).value
            for header in self.items(message, _HT + "headers")
        }
