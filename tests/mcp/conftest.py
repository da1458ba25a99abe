"""The release of the questions' invented partnerships, reached in each way a client may take.

`connection` is every way in turn; `client` speaks plain HTTP to the same service.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from coopdec_graph.publishing.releases import Release
from tests.mcp.clients import Connection, connected, stdio_parameters
from tests.questions.question_pages import question_release
from tests.service.live_service import serving

WAYS = ("stdio auto", "stdio legacy", "http auto", "http legacy")


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return question_release(tmp_path_factory.mktemp("mcp"))


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


@pytest.fixture(scope="session", params=WAYS)
def connection(
    request: pytest.FixtureRequest, data: Path, client: httpx.Client
) -> Iterator[Connection]:
    way, mode = request.param.split()
    server = stdio_parameters(data) if way == "stdio" else str(client.base_url).rstrip("/") + "/mcp"
    with connected(server, mode) as connection:
        yield connection
