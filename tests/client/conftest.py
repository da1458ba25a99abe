"""A served release of invented partnerships, and the same one as a folder: a client of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from coopdec_graph.client import Coopdec
from coopdec_graph.language import Language
from tests.questions.conftest import data, release
from tests.service.live_service import serving

__all__ = ["data", "release"]


@pytest.fixture(scope="session")
def client(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the served graph. At the end the server must have logged nothing."""
    log = tmp_path_factory.mktemp("log") / "server.log"
    with serving(data, log) as client:
        yield client
    assert log.read_text() == ""


@pytest.fixture(scope="session")
def address(client: httpx.Client) -> str:
    return str(client.base_url)


@pytest.fixture(scope="session", params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> Language:
    found: Language = request.param
    return found


@pytest.fixture(scope="session")
def local(data: Path, language: Language) -> Iterator[Coopdec]:
    with Coopdec(data, language=language) as local:
        yield local


@pytest.fixture(scope="session")
def remote(address: str, language: Language) -> Iterator[Coopdec]:
    with Coopdec(address, language=language) as remote:
        yield remote
