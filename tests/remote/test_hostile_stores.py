"""A store that is broken or hostile: every answer it can give ends in the right error of ours."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pytest

from coopdec_graph.engines.base import Question
from coopdec_graph.engines.remote.configuration import configured
from coopdec_graph.errors import (
    EngineBroken,
    Overloaded,
    QueryError,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
    QueryTooSlow,
    ResultTooBig,
)
from tests.remote.stores import FORMATS, ROOT, Loop, remote_engine

JSON = "application/sparql-results+json"
NT = "application/n-triples"
MOST_BYTES = 100_000
ROWS = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}}]}}'
SELECT, CONSTRUCT = "SELECT ?x { ?s ?p ?x }", "CONSTRUCT WHERE { ?s ?p ?o }"
TRIPLES = b'<urn:s> <urn:p> "1" .\n<urn:s> <urn:p> "2" .\n'

Script = Callable[[socket.socket], None]


def answer(
    body: bytes,
    type: str = JSON,
    status: str = "200 OK",
    headers: str = "",
    length: int | None = None,
) -> Script:
    """A response with a Content-Length, which may be a lie."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {type}\r\n{headers}"
    head += f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    return lambda connection: connection.sendall(head.encode() + body)


def raw(text: bytes) -> Script:
    return lambda connection: connection.sendall(text)


def chunked(body: bytes, end: bytes, type: str = JSON) -> Script:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n"
    return raw(head.encode() + f"{len(body):x}\r\n".encode() + body + b"\r\n" + end)


def endless(head: bytes, piece: bytes, pause: float = 0) -> Script:
    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return send


def silent(connection: socket.socket) -> None:
    connection.recv(1)


class Hostile:
    """Answers `ASK {}`, with which an engine starts, and plays its script for anything else."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.script: Script = silent
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                head, body = self._request(connection)
                form = {key.lower(): value for key, value in parse_qs(body.decode()).items()}
                if form.get("query") == ["ASK {}"]:
                    answer(b'{"head":{},"boolean":true}', headers="Connection: close\r\n")(
                        connection
                    )
                    return
                self.asked.append((head, form))
                self.script(connection)
            except OSError:
                pass

    def _request(self, connection: socket.socket) -> tuple[str, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            piece = connection.recv(65536)
            if not piece:
                raise ConnectionError
            received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        length = int({name.lower(): value for name, value in fields.items()}["content-length"])
        while len(body) < length:
            body += connection.recv(65536)
        return head.decode(), body

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture(scope="module")
def hostile() -> Iterator[Hostile]:
    hostile = Hostile()
    yield hostile
    hostile.close()


@pytest.fixture(scope="module")
def engine(hostile: Hostile, loop: Loop):
    store = configured({"query_url": hostile.url + "/sparql"}, ROOT)
    with loop.running(remote_engine(store, seconds=20, result_bytes=MOST_BYTES)) as engine:
        yield engine


CASES: dict[str, tuple[str, Script, type[QueryError]]] = {
    "JSON cut, by Content-Length": (SELECT, answer(ROWS[:-3]), EngineBroken),
    "JSON cut inside a row": (SELECT, answer(ROWS[:60]), EngineBroken),
    "Oxigraph's own time limit": (
        SELECT,
        chunked(ROWS[:48] + b"The SPARQL operation has been cancelled", b"0\r\n\r\n"),
        EngineBroken,
    ),
    "JSON shorter than it says": (SELECT, answer(ROWS, length=len(ROWS) + 10), EngineBroken),
    "whole JSON, last chunk missing": (SELECT, chunked(ROWS, b""), EngineBroken),
    "nothing after the head": (SELECT, answer(b"", length=10), EngineBroken),
    "an empty body": (SELECT, answer(b""), EngineBroken),
    "two results in one body": (SELECT, answer(ROWS + ROWS), EngineBroken),
    "JSON of something else": (SELECT, answer(b'{"rows":[]}'), EngineBroken),
    "yes or no for rows": (SELECT, answer(b'{"head":{},"boolean":true}'), EngineBroken),
    "rows for yes or no": ("ASK { ?s ?p ?o }", answer(ROWS), EngineBroken),
    "N-Triples cut inside a line": (CONSTRUCT, answer(TRIPLES[:-6], NT), EngineBroken),
    "N-Triples cut between lines": (CONSTRUCT, answer(TRIPLES[:22], NT, length=44), EngineBroken),
    "N-Triples, last chunk missing": (CONSTRUCT, chunked(TRIPLES, b"", NT), EngineBroken),
    "N-Triples that end with the connection": (
        CONSTRUCT,
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n\r\n" + TRIPLES),
        EngineBroken,
    ),
    "N-Triples with an error in them": (
        CONSTRUCT,
        chunked(TRIPLES + b"The SPARQL operation has been cancelled", b"0\r\n\r\n", NT),
        EngineBroken,
    ),
    "HTML under a 200": (SELECT, answer(b"<html>ok</html>", "text/html"), EngineBroken),
    "rows where a graph was asked": (CONSTRUCT, answer(ROWS, JSON), EngineBroken),
    "no type": (SELECT, raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), EngineBroken),
    "a compressed body": (
        SELECT,
        answer(ROWS, headers="Content-Encoding: gzip\r\n"),
        EngineBroken,
    ),
    "a redirect": (
        SELECT,
        answer(b"", status="302 Found", headers="Location: http://127.0.0.1:1/\r\n"),
        EngineBroken,
    ),
    "no HTTP at all": (SELECT, raw(b"SSH-2.0-OpenSSH\r\n\r\n"), EngineBroken),
    "a connection that is closed": (SELECT, lambda connection: None, EngineBroken),
    "an endless head": (SELECT, endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 999), EngineBroken),
    "an endless body": (
        SELECT,
        endless(b"HTTP/1.1 200 OK\r\nContent-Type: " + JSON.encode() + b"\r\n\r\n", b" " * 9999),
        ResultTooBig,
    ),
    "a body as long as it says": (SELECT, answer(b" " * (MOST_BYTES + 1)), ResultTooBig),
    "a result Virtuoso gave up": (
        SELECT,
        answer(ROWS, headers="X-SQL-State: S1TAT\r\n"),
        QueryTooSlow,
    ),
    "a result Virtuoso cut": (SELECT, answer(ROWS, headers="X-SPARQL-MaxRows: 1\r\n"), ResultTooBig),
    "400 in HTML": (SELECT, answer(b"<b>hi</b>", "text/html", "400 Bad"), QueryFailed),
    "400 in text": (SELECT, answer(b"no\nSELECT", "text/plain", "400 Bad"), QueryFailed),
    "500 in text": (SELECT, answer(b"22012 Error", "text/plain", "500 No"), QueryFailed),
    "500 in HTML": (SELECT, answer(b"<b>hi</b>", "text/html", "500 No"), EngineBroken),
    "500 of a transaction's end": (
        SELECT,
        answer(b"Virtuoso S1T00 Error SR171", "text/plain", "500 No"),
        QueryTooSlow,
    ),
    "an endless error": (
        SELECT,
        endless(b"HTTP/1.1 400 Bad\r\nContent-Type: text/plain\r\n\r\n", b"x" * 9999),
        QueryFailed,
    ),
    "401": (SELECT, answer(b"", status="401 Unauthorized"), EngineBroken),
    "404": (SELECT, answer(b"", status="404 Not Found"), EngineBroken),
    "429": (SELECT, answer(b"", status="429 Too Many Requests"), Overloaded),
    "502": (SELECT, answer(b"", status="502 Bad Gateway"), Overloaded),
    "503": (SELECT, answer(b"", status="503 Service Unavailable"), Overloaded),
    "504": (SELECT, answer(b"", status="504 Gateway Timeout"), QueryTooSlow),
    "408": (SELECT, answer(b"", status="408 Request Timeout"), QueryTooSlow),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_a_store_may_do_wrong(case: str, engine, hostile: Hostile, loop: Loop) -> None:
    query, hostile.script, expected = CASES[case]
    with pytest.raises(QueryError) as caught:
        loop.ask(engine, query)
    assert type(caught.value) is expected
    for language in ("fr", "en"):
        assert not set("<>") & set(caught.value.text(language))


@pytest.mark.parametrize(
    "script",
    [
        silent,
        endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.1),
        endless(
            f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: 9999\r\n\r\n".encode(),
            b" ",
            0.1,
        ),
    ],
    ids=["says nothing", "says its head slowly", "says its body slowly"],
)
def test_the_whole_exchange_has_one_deadline(
    script: Script, engine, hostile: Hostile, loop: Loop
) -> None:
    hostile.script = script
    begun = time.monotonic()
    with pytest.raises(QueryTooSlow):
        loop.ask(engine, Question(SELECT, FORMATS, seconds=1))
    assert time.monotonic() - begun < 5


def test_a_whole_answer_comes_through(engine, hostile: Hostile, loop: Loop) -> None:
    for script in (answer(ROWS), chunked(ROWS, b"0\r\n\r\n"), answer(ROWS, "application/json")):
        hostile.script = script
        assert [row["x"] for row in loop.rows(engine, SELECT)] == ['"1"']
    for script in (answer(TRIPLES, NT), chunked(TRIPLES, b"0\r\n\r\n", NT + ";charset=utf-8")):
        hostile.script = script
        assert sorted(loop.ask(engine, CONSTRUCT)[1].splitlines(True)) == TRIPLES.splitlines(True)
    hostile.script = answer(b"", NT)
    assert loop.ask(engine, CONSTRUCT)[1].strip() == b""


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", QueryForbidden),
        ("INSERT DATA { <urn:s> <urn:p> 1 }", QueryError),
        ("LOAD <http://127.0.0.1:1/>", QueryError),
        ("define input:inference <x> SELECT * { ?s ?p ?o }", QuerySyntaxError),
        ("SELECT * { ?s bif:contains 'x' }", QuerySyntaxError),
        ("SELECT", QuerySyntaxError),
    ],
)
def test_what_is_refused_here_never_reaches_the_store(
    query: str, error: type[QueryError], engine, hostile: Hostile, loop: Loop
) -> None:
    hostile.script = answer(ROWS)
    before = len(hostile.asked)
    with pytest.raises(error):
        loop.ask(engine, query)
    assert len(hostile.asked) == before


def test_what_is_sent(engine, hostile: Hostile, loop: Loop) -> None:
    hostile.script = answer(ROWS)
    loop.ask(engine, SELECT + " # é +&%")
    head, form = hostile.asked[-1]
    assert head.startswith("POST /sparql HTTP/1.1\r\n")
    headers = {line.lower() for line in head.split("\r\n")}
    assert {f"accept: {JSON}", "accept-encoding: identity"} < headers
    assert "content-type: application/x-www-form-urlencoded" in headers
    assert list(form) == ["query"]
    assert form["query"][0].endswith(SELECT + " # é +&%")


def test_nobody_listens(loop: Loop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    engine = remote_engine(configured({"kind": "oxigraph", "url": url}, ROOT))
    with pytest.raises(EngineBroken, match="does not answer"):
        loop.run(engine.start())
