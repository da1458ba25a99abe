"""One server over all data of the W3C suite, a process of its own, spoken to over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pyoxigraph as ox
import pytest

from tests.service.live_service import serving
from tests.w3c.graph_store import planned
from tests.w3c.published import publish
from tests.w3c.skips import FOLDERS
from tests.w3c.suite import BASE, cases, graph_of

# The graphs that the protocol tests expect to find, under the names they give them.
PROTOCOL = "http://kasei.us/2009/09/sparql/data/data{}.rdf"


@pytest.fixture(scope="session")
def graphs() -> dict[str, list[ox.Triple]]:
    """Every graph that a test reads."""
    evaluated = [case for case in cases() if case.folder not in FOLDERS]
    documents = {iri for case in evaluated for iri in case.documents}
    protocol = {PROTOCOL.format(n): graph_of(f"{BASE}protocol/data{n}.nt") for n in (1, 2, 3)}
    states = {read.graph: read.content for read in planned() if read.graph and read.content}
    return {**{iri: graph_of(iri) for iri in sorted(documents)}, **protocol, **states}


@pytest.fixture(scope="session")
def client(
    graphs: dict[str, list[ox.Triple]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of the service over these graphs. At the end the server must have logged nothing."""
    folder = tmp_path_factory.mktemp("w3c")
    publish(folder / "data", graphs)
    log = folder / "server.log"
    with serving(folder / "data", log) as client:
        yield client
    assert log.read_text() == ""
