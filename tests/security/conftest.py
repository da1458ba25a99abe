"""A real server over data/atlas, the listener nothing may reach, and the engine without a guard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.security.listeners import BareEngine, Listener, bare_engine, listening
from tests.service.live_service import ROOT, build, serving


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the graph of data/atlas published in it."""
    out = tmp_path_factory.mktemp("published")
    shutil.copy(ROOT / "data" / "registry.csv", out / "registry.csv")
    build(out, ROOT / "data" / "atlas", out / "registry.csv")
    return out


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@pytest.fixture(scope="session")
def control() -> Iterator[tuple[BareEngine, Listener]]:
    """The engine without a guard, and a listener that it may reach."""
    with listening() as listener, bare_engine() as engine:
        yield engine, listener


@pytest.fixture(scope="session")
def client(
    data: Path, listener: Listener, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of the served graph. After all attempts the service is well and has logged nothing,
    and nobody ever connected to the listener.
    """
    log = tmp_path_factory.mktemp("log") / "server.log"
    with serving(data, log) as client:
        yield client
        assert client.get("/health").json()["status"] == "ok"
    assert listener.settled() == 0
    # What is no HTTP at all never reaches the service; uvicorn answers it and says so.
    lines = log.read_text().splitlines()
    assert [line for line in lines if "Invalid HTTP request" not in line] == []
