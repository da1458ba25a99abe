"""What the client holds and gives back, and what it says of a host that is not ours or is silent."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from coopdec_graph.client import Coopdec, Problem
from coopdec_graph.language import Language
from coopdec_graph.publishing.releases import Release
from tests.pipeline.commands import ROOT
from tests.questions.question_pages import question_release


@contextmanager
def answering(status: int, headers: dict[str, str], body: bytes) -> Iterator[tuple[str, list[str]]]:
    """A host that gives one answer to everything, and the requests it was sent."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.requestline)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *arguments: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (502, "text/html", b"<h1>Bad gateway</h1>"),
        (500, "application/problem+json", b"{"),
        (500, "application/problem+json", b"7"),
        (200, "text/html", b"<h1>Welcome</h1>"),
        (200, "application/json", b"[]"),
        (200, "application/json", b"\xff"),
    ],
)
def test_another_service_is_not_taken_for_ours(status: int, kind: str, body: bytes) -> None:
    with ExitStack() as open:
        address, asked = open.enter_context(answering(status, {"Content-Type": kind}, body))
        client = open.enter_context(Coopdec(address, language="en"))
        for call in (client.partnerships, client.questions, lambda: client.sparql("ASK {}")):
            with pytest.raises(Problem) as told:
                call()
            assert (told.value.status, told.value.code) == (status, "NotCoopdec")
            assert str(told.value) == (
                f"What answers at {address} is not this service (status {status})."
            )
    # Nothing is tried again.
    assert len(asked) == 3


def test_a_silent_host_and_a_closed_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = Coopdec(address, language="fr", timeout=0.2)
        with client, pytest.raises(Problem) as told:
            _ = client.release
    assert (told.value.status, told.value.code) == (None, "TooSlow")
    assert str(told.value) == f"{address} n'a pas répondu en 0.2 s."
    with Coopdec(address, language="en") as client, pytest.raises(Problem) as told:
        client.themes()
    assert (told.value.status, told.value.code) == (None, "Unreachable")
    assert str(told.value).startswith(f"{address} does not answer: ")
    with Coopdec("http://[", language="en") as client, pytest.raises(Problem) as told:
        client.themes()
    assert told.value.code == "Unreachable"


def test_an_address_may_have_a_path_and_lead_elsewhere(address: str, release: Release) -> None:
    there = {"Location": f"{address}/health"}
    with answering(308, there, b"") as (leading, asked), Coopdec(f"{leading}/atlas/") as client:
        assert client.release == release.id
    assert asked == ["GET /atlas/health HTTP/1.1"]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_query_is_not_lost_where_the_host_leads(status: int, address: str) -> None:
    """A POST that became a GET would be answered with the description of the service."""
    there = {"Location": f"{address}/sparql"}
    with answering(status, there, b"") as (leading, _), Coopdec(leading) as client:
        assert client._source.sparql("ASK {}") == b'{"head":{},"boolean":true}'


def test_what_is_asked_is_asked_once_where_the_host_leads(address: str) -> None:
    there = {"Location": f"{address}/api/v1/themes?depth=9"}
    with ExitStack() as open:
        leading, _ = open.enter_context(answering(302, there, b""))
        client = open.enter_context(Coopdec(leading))
        open.enter_context(pytest.raises(Problem, match="« depth »|“depth”"))
        client.themes()


def test_a_host_that_leads_nowhere() -> None:
    with ExitStack() as open:
        address, asked = open.enter_context(answering(302, {"Location": "/"}, b""))
        client = open.enter_context(Coopdec(address))
        told = open.enter_context(pytest.raises(Problem))
        client.themes()
    assert (told.value.status, told.value.code, len(asked)) == (302, "NotCoopdec", 6)


@pytest.mark.parametrize("damage", ["manifest.json", "store/CURRENT", "index.sqlite"])
def test_a_damaged_release(tmp_path: Path, damage: str) -> None:
    release = question_release(tmp_path)
    (release.folder / damage).write_bytes(b"x")
    with pytest.raises(Problem) as told:
        Coopdec(release.folder.parent.parent, language="en")
    assert (told.value.status, told.value.code) == (503, "ReleaseError")
    assert not release.in_use()


def test_a_host_takes_no_framework() -> None:
    """Asking a host loads nothing of what serves it."""
    code = (
        "import sys; from coopdec_graph.client import Coopdec; Coopdec('http://localhost').close();"
        "print([name for name in ('fastapi', 'starlette', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize(
    ("language", "message"),
    [("fr", "ne contient pas de graphe publié"), ("en", "holds no published graph")],
)
def test_a_folder_without_a_graph(tmp_path: Path, language: Language, message: str) -> None:
    with pytest.raises(Problem, match=message) as told:
        Coopdec(tmp_path, language=language)
    assert (told.value.status, told.value.code) == (503, "ReleaseError")


def test_a_language_there_is_not(data: Path) -> None:
    with pytest.raises(Problem, match="fr ou en"):
        Coopdec(data, language="de")  # type: ignore[arg-type]


def test_the_release_is_held_until_the_client_is_closed(tmp_path: Path) -> None:
    release = question_release(tmp_path)
    assert not release.in_use()
    with Coopdec(str(release.folder.parent.parent), language="en") as client:
        assert (client.release, release.in_use()) == (release.id, True)
        client.themes()
    assert not release.in_use()
    client.close()
    with pytest.raises(Problem, match="This client is closed"):
        client.themes()


def test_a_folder_answers_several_threads(data: Path) -> None:
    found: list[int | None] = []
    with Coopdec(data) as client:
        threads = [
            threading.Thread(target=lambda: found.append(client.funding().total)) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [9] * 4


def test_the_language_is_that_of_the_environment(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language in ("fr", "en"):
        monkeypatch.setenv("COOPDEC_LANG", language)
        with Coopdec(data) as client:
            assert client.language == language
