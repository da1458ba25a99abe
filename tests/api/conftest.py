"""The release of invented partnerships (tests/questions/question_pages.py), served by a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from coopdec_graph.graph.query import run
from coopdec_graph.graph.store import open_store
from coopdec_graph.index.reading import Index
from coopdec_graph.publishing.releases import Release
from tests.questions.question_pages import question_release
from tests.service.live_service import serving

Get = Callable[..., dict[str, Any]]
Select = Callable[[str], list[dict[str, str]]]


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return question_release(tmp_path_factory.mktemp("api"))


@pytest.fixture(scope="session")
def index(release: Release) -> Index:
    return Index(release.index)


@pytest.fixture(scope="session")
def data(release: Release) -> Path:
    return release.folder.parent.parent


@pytest.fixture(scope="session")
def client(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the served graph. At the end the server must have logged nothing."""
    log = tmp_path_factory.mktemp("log") / "server.log"
    with serving(data, log) as client:
        yield client
    assert log.read_text() == ""


@pytest.fixture(scope="session")
def get(client: httpx.Client) -> Get:
    """A JSON document of the API, by what follows `/api/v1/`."""

    def asked(path: str, **parameters: object) -> dict[str, Any]:
        answer = client.get(f"/api/v1/{path}", params=parameters)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return asked


@pytest.fixture(scope="session")
def store(release: Release) -> ox.Store:
    return open_store(release.store)


@pytest.fixture(scope="session")
def select(store: ox.Store) -> Select:
    """The rows of a query over the release: what is bound, as texts."""

    def selected(query: str) -> list[dict[str, str]]:
        result = run(store, query)
        assert isinstance(result, ox.QuerySolutions)
        names = [variable.value for variable in result.variables]
        rows = ([(name, row[name]) for name in names] for row in result)
        return [{name: term.value for name, term in row if term is not None} for row in rows]

    return selected
