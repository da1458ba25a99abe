"""One release of invented partnerships, and engines over it: the embedded one, and a remote store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from coopdec_graph.engines.base import Engine
from coopdec_graph.graph.store import open_store
from coopdec_graph.index.choices import IndexChoices
from coopdec_graph.index.reading import Index
from coopdec_graph.publishing.releases import Release
from coopdec_graph.publishing.remote import publish_to
from coopdec_graph.questions.kinds import Kind
from coopdec_graph.questions.values import Choices
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
def here(release: Release, loop: Loop) -> Iterator[Engine]:
    with loop.running(embedded(release)) as engine:
        yield engine


@pytest.fixture(scope="session")
def there(
    release: Release, loop: Loop, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """An engine over Oxigraph's server, which holds the release."""
    with oxigraph_running(tmp_path_factory.mktemp("oxigraph")) as store:
        publish_to(store.remote(), release, lambda items, label, total: items)
        with loop.running(remote_engine(store.remote())) as engine:
            yield engine


@pytest.fixture(scope="session")
def client(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the served graph. At the end the server must have logged nothing."""
    log = tmp_path_factory.mktemp("log") / "server.log"
    with serving(data, log) as client:
        yield client
    assert log.read_text() == ""
