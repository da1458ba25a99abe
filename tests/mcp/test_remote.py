"""The tools over a remote store answer as they do over the embedded engine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from coopdec_graph.engines.base import Engine
from coopdec_graph.errors import CoopdecError, QuerySyntaxError
from coopdec_graph.publishing.releases import Release
from coopdec_graph.publishing.remote import publish_to
from coopdec_graph.service.mcp.holdings import holdings_of
from coopdec_graph.service.mcp.known import UnknownTerms
from coopdec_graph.service.mcp.tools import tools_over
from tests.remote.stores import Loop, embedded, oxigraph_running, remote_engine


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def engines(
    release: Release, loop: Loop, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, Engine]]:
    folder: Path = tmp_path_factory.mktemp("oxigraph")
    with oxigraph_running(folder) as store:
        publish_to(store.remote(), release, lambda items, label, total: items)
        with (
            loop.running(embedded(release)) as here,
            loop.running(remote_engine(store.remote())) as there,
        ):
            yield here, there


async def answered(
    release: Release, engine: Engine, name: str, arguments: dict[str, object]
) -> object:
    tools = tools_over(holdings_of(release, engine, asyncio.get_running_loop()))
    try:
        return await tools[name].answer(arguments)
    except CoopdecError as error:
        return type(error), error.text("en"), error.details


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("schema", {}),
        ("search", {"text": "rabat"}),
        ("describe", {"iri": "atlas-902"}),
        ("describe", {"iri": "atlas-9002"}),
        ("funding-lines", {"country": "MA", "limit": 3}),
        ("sparql", {"query": "SELECT ?t { ?p dct:title ?t ; cd:startYear ?y } ORDER BY ?t"}),
        ("sparql", {"query": "SELECT * { ?p cd:ammount ?x }"}),
        (
            "sparql",
            {"query": "SELECT * { GRAPH <https://w3id.org/coopdec/graph/plac> { ?s ?p ?o } }"},
        ),
    ],
)
def test_the_same_answer(
    name: str,
    arguments: dict[str, object],
    engines: tuple[Engine, Engine],
    release: Release,
    loop: Loop,
) -> None:
    here, there = (loop.run(answered(release, each, name, arguments)) for each in engines)
    assert here == there


def test_an_unknown_term_is_told_after_what_does_not_parse(
    engines: tuple[Engine, Engine], release: Release, loop: Loop
) -> None:
    for engine in engines:
        for query, error in (
            ("SELECT * { ?p cd:ammount ?x }", UnknownTerms),
            ("SELECT * { ?p cd:ammount ?x ", QuerySyntaxError),
        ):
            told = loop.run(answered(release, engine, "sparql", {"query": query}))
            assert isinstance(told, tuple) and told[0] is error
