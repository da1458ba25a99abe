"""The reads of the Graph Store Protocol tests, each with the graph it must find.

The tests write and read in turns. Our graph store is only read: what a test writes is published
beforehand instead, each state that a test reads under an IRI of its own (Graph Store HTTP
Protocol, 4: a graph is identified directly by the request's IRI, or by the parameter `graph`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import Message
from functools import cache
from urllib.parse import parse_qsl

import pyoxigraph as ox

from tests.w3c.published import DEPLOYMENT
from tests.w3c.suite import Case, Exchange, cases

__all__ = ["READS", "Read", "endpoint_path", "planned", "writes"]

READS = ("GET", "HEAD")
_KIND = "GraphStoreProtocolTest"
_NEW = "new"


@dataclass(frozen=True, slots=True)
class Read:
    """One request; `graph` is the IRI of the graph asked for, None for the default graph.

    `content` is what the test has put there before, None when there is no such graph.
    """

    case: Case
    exchange: Exchange
    graph: str | None
    content: list[ox.Triple] | None


def endpoint_path(path: str) -> str:
    """Where a request of the tests goes here: `/gsp?…` is the graph store, `/gsp/…` a graph."""
    assert path.startswith("/gsp"), path
    rest = path.removeprefix("/gsp")
    return ("/graph" if rest.startswith("/") else "/graph-store") + rest


@cache
def planned() -> tuple[Read, ...]:
    """Every read of the suite."""
    return tuple(read for case in cases(_KIND) for read in _reads(case))


def writes() -> list[tuple[str, Exchange]]:
    """Every request that would change a graph, by the id of its test."""
    return [
        (case.id, exchange)
        for case in cases(_KIND)
        for exchange in case.exchanges
        if exchange.method not in READS
    ]


def _reads(case: Case) -> Iterator[Read]:
    state: dict[str | None, list[ox.Triple]] = {}
    for step, exchange in enumerate(case.exchanges):
        if exchange.method in READS:
            name = f"{case.name}-{step}"
            content = state.get(_target(exchange.path))
            path = _renamed(exchange.path, name)
            yield Read(case, replace(exchange, path=path), _graph_iri(path), content)
        else:
            _write(state, exchange)


def _target(path: str) -> str | None:
    """The graph a request is about: its path, its parameter, or None for the default graph."""
    address, _, query = path.partition("?")
    parameters = dict(parse_qsl(query, keep_blank_values=True))
    if "default" in parameters:
        return None
    if parameters:
        return _NEW if parameters["graph"] == "$LOCATION$" else parameters["graph"]
    return address if address != "/gsp" else _NEW


def _renamed(path: str, name: str) -> str:
    """The request for the state published as `name`: another host, or another folder."""
    address, mark, query = path.partition("?")
    query = query.replace("$LOCATION$", "http://www.example/new")
    if address == "/gsp":
        return address + mark + query.replace("www.example", f"{name}.example")
    return address.replace("/gsp/", f"/gsp/{name}/")


def _graph_iri(path: str) -> str | None:
    address, _, query = path.partition("?")
    if query:
        return dict(parse_qsl(query, keep_blank_values=True)).get("graph")
    # The extension of an address chooses a format here; the graph's IRI has none.
    return DEPLOYMENT + endpoint_path(address).removeprefix("/").rpartition(".")[0]


def _write(state: dict[str | None, list[ox.Triple]], exchange: Exchange) -> None:
    target = _target(exchange.path)
    if exchange.method == "DELETE":
        state.pop(target, None)
        return
    before = state.get(target, []) if exchange.method == "POST" else []
    state[target] = [*before, *_triples(exchange)]


def _triples(exchange: Exchange) -> Iterator[ox.Triple]:
    """The triples a request sends, in its body or in the parts of a form."""
    kind = exchange.headers.get("content-type", "text/turtle")
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + (exchange.body or b""))
    for part in message.walk():
        if not part.is_multipart():
            yield from _parsed(part)


def _parsed(part: Message) -> Iterator[ox.Triple]:
    assert part.get_content_type() == "text/turtle", part
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    for quad in ox.parse(
        content, ox.RdfFormat.TURTLE, base_iri=DEPLOYMENT, rename_blank_nodes=True
    ):
        yield quad.triple
