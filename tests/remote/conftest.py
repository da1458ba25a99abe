"""Real stores on loopback: Oxigraph's server and, where Debian's package is, Virtuoso 7."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from coopdec_graph.publishing.releases import Release, Releases
from tests.remote.stores import (
    ROOT,
    Loop,
    Store,
    build_release,
    oxigraph_running,
    require_virtuoso,
    virtuoso_running,
)


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the graph of data/atlas published in it."""
    out = tmp_path_factory.mktemp("published")
    shutil.copy(ROOT / "data" / "registry.csv", out / "registry.csv")
    build_release(out, ROOT / "data" / "atlas")
    return out


@pytest.fixture(scope="session")
def release(data: Path) -> Release:
    return Releases(data).current()


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with oxigraph_running(tmp_path_factory.mktemp("oxigraph")) as store:
        yield store


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    program = require_virtuoso()
    with virtuoso_running(program, tmp_path_factory.mktemp("virtuoso")) as store:
        yield store


@pytest.fixture(params=["oxigraph", "virtuoso"])
def store(request: pytest.FixtureRequest) -> Store:
    """Each of the two stores."""
    found: Store = request.getfixturevalue(request.param)
    return found
