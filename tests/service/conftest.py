"""One real server for all these tests: a process of its own, spoken to over HTTP.

`client` speaks to the graph of data/atlas; `serve` starts another server over another folder, for a
test that needs its own graph. `listener` is a TCP port that counts who connects to it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from tests.service.live_service import ROOT, Listener, Serve, build, serving


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the graph of data/atlas published in it."""
    out = tmp_path_factory.mktemp("published")
    shutil.copy(ROOT / "data" / "registry.csv", out / "registry.csv")
    build(out, ROOT / "data" / "atlas", out / "registry.csv")
    return out


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "server.log"


@pytest.fixture(scope="session")
def client(data: Path, log: Path) -> Iterator[httpx.Client]:
    """A client of the served graph. At the end the server must have logged nothing."""
    with serving(data, log) as client:
        yield client
    # What is no HTTP at all never reaches the service; uvicorn answers it and says so.
    lines = log.read_text().splitlines()
    assert [line for line in lines if "Invalid HTTP request" not in line] == []


@pytest.fixture(scope="session")
def address(client: httpx.Client) -> str:
    return str(client.base_url).rstrip("/")


@pytest.fixture(scope="session")
def store(data: Path) -> ox.Store:
    """The published graph as the file has it, to compare answers with."""
    store = ox.Store()
    store.bulk_load(path=str(data / "current" / "graph.nq"), format=ox.RdfFormat.N_QUADS)
    return store


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    def start(data: Path, project: Path = ROOT) -> AbstractContextManager[httpx.Client]:
        return serving(data, tmp_path / "server.log", project)

    return start


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()
