"""One release of invented partnerships, and engines over it: the embedded one, and a remote store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from coopdec_graph.engines.base import Engine
from coopdec_graph.federation.allow_list import AllowList, Endpoint
from coopdec_graph.federation.engine import FederatingEngine
from coopdec_graph.graph.store import open_store
from coopdec_graph.index.choices import IndexChoices
from coopdec_graph.index.reading import Index
from coopdec_graph.publishing.releases import Release
from coopdec_graph.publishing.remote import publish_to
from coopdec_graph.questions.kinds import Kind
from coopdec_graph.questions.values import Choices
from tests.federation.endpoints import sparql_server
from tests.questions.answers import WIKIDATA
from tests.questions.question_pages import question_release
from tests.remote.stores import Loop, embedded, oxigraph_running, remote_engine
from tests.service.live_service import serving


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return question_release(tmp_path_factory.mktemp("questions"))


@pytest.fixture(scope="session")
def data(release: Release) -> Path:
    """The folder of releases, as commands take it."""
    return release.folder.parent.parent


@pytest.fixture(scope="session")
def store(release: Release) -> ox.Store:
    return open_store(release.store)


@pytest.fixture(scope="session")
def lists(release: Release) -> Mapping[Kind, Choices]:
    return IndexChoices(Index(release.index))


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def wikidata() -> Iterator[AllowList]:
    """The list of endpoints that names Wikidata; a SPARQL server of our own stands for it."""
    with sparql_server(WIKIDATA) as address:
        entry = Endpoint("https://query.wikidata.org/sparql", private=True, asked_at=address)
        yield AllowList((entry,))


@pytest.fixture(scope="session")
def here(release: Release, loop: Loop, wikidata: AllowList) -> Iterator[Engine]:
    with loop.running(FederatingEngine(embedded(release), wikidata)) as engine:
        yield engine


@pytest.fixture(scope="session")
def there(
    release: Release,
    loop: Loop,
    wikidata: AllowList,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Engine]:
    """An engine over Oxigraph's server, which holds the release."""
    with oxigraph_running(tmp_path_factory.mktemp("oxigraph")) as store:
        publish_to(store.remote(), release, lambda items, label, total: items)
        with loop.running(FederatingEngine(remote_engine(store.remote()), wikidata)) as engine:
            yield engine


@pytest.fixture(scope="session")
def allowed(wikidata: AllowList, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The list of endpoints as a file."""
    path = tmp_path_factory.mktemp("allowed") / "federation.toml"
    entry = wikidata.endpoints[0]
    path.write_text(
        f'[[endpoint]]\nprefix = "{entry.prefix}"\nprivate = true\nasked_at = "{entry.asked_at}"\n',
        "utf-8",
    )
    return path


@pytest.fixture(scope="session")
def client(
    data: Path, allowed: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of the served graph. At the end the server must have logged nothing."""
    log = tmp_path_factory.mktemp("log") / "server.log"
    with serving(data, log, options=("--federation", allowed)) as client:
        yield client
    assert log.read_text() == ""
