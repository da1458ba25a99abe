"""How an answer travels: its coding and length, in constant memory, to slow clients and lost ones."""

from __future__ import annotations

import gzip
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import httpx
import pytest
import zstandard

from tests.service.live_service import Client, serving
from tests.service.processes import (
    descriptors_of,
    processes_of,
    resident_of,
    wait_until_idle,
    wait_until_processes,
)

MIB = 1024 * 1024
# A cross product of which a row has some hundred characters; as many rows as are wanted.
WIDE = (
    "SELECT (CONCAT(STR(?a), STR(?b), STR(?c), STR(?d), STR(?e), STR(?f), STR(?g), STR(?h)) AS ?x)"
    " { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT "
)


def noise(hashes: int, end: str = "") -> str:
    """The same with rows that compress badly: of so many times 128 hexadecimal digits."""
    digits = (f'SHA512(CONCAT("{n}", STR(?a), STR(?c), STR(?d), STR(?f)))' for n in range(hashes))
    return f"SELECT (CONCAT({', '.join(digits)}) AS ?x) {{ ?a ?b ?c . ?d ?e ?f }} {end}"


SMALL = "ASK { ?s ?p ?o }"
MIDDLE = WIDE + "500"
STREAMED = WIDE + "10000"
HUGE = WIDE + "120000"
GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"


@pytest.fixture(scope="module")
def served(data, tmp_path_factory) -> Iterator[Client]:
    """A server of its own: its memory and what it holds open are counted."""
    log = tmp_path_factory.mktemp("transfer") / "log"
    with serving(data, log, options=("--timeout", "30")) as client:
        yield client
    assert log.read_text() == ""


@pytest.fixture(scope="module")
def strict(data, tmp_path_factory) -> Iterator[Client]:
    """A server with low limits; at the end it must have logged nothing."""
    log = tmp_path_factory.mktemp("strict") / "log"
    options = ("--timeout", "2", "--size", "4", "--rows", "15000")
    with serving(data, log, options=options) as client:
        yield client
    assert log.read_text() == ""


def raw(
    client: httpx.Client, method: str, query: str, accept_encoding: str | None, **more: str
) -> tuple[httpx.Headers, bytes]:
    """The headers of an answer but its date, and its bytes as they were sent."""
    request = client.build_request(method, "/sparql", params={"query": query, **more})
    del request.headers["accept-encoding"]
    if accept_encoding is not None:
        request.headers["accept-encoding"] = accept_encoding
    answer = client.send(request, stream=True)
    try:
        assert answer.status_code == 200
        body = b"".join(answer.iter_raw())
    finally:
        answer.close()
    del answer.headers["date"]
    return answer.headers, body


def decoded(coding: str | None, body: bytes) -> bytes:
    if coding == "gzip":
        return gzip.decompress(body)
    if coding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(body)
    assert coding is None
    return body


# Content codings.

CODINGS = {
    None: None,
    "": None,
    "identity": None,
    "gzip": "gzip",
    "x-gzip": "gzip",
    "GZIP": "gzip",
    "zstd": "zstd",
    "*": "zstd",
    "gzip, zstd": "zstd",
    "zstd, gzip": "zstd",
    "gzip, deflate, br, zstd": "zstd",  # browsers
    "gzip, deflate": "gzip",  # older clients
    "gzip;q=1.0, zstd;q=0.5": "gzip",
    "gzip;q=0.2, zstd;q=0.3": "zstd",
    "zstd;q=0, gzip": "gzip",
    "zstd;q=0, *": "gzip",
    "gzip;q=0, *;q=0.1": "zstd",
    "gzip;q=0": None,
    "*;q=0": None,
    "gzip;q=0.5, identity": None,
    "gzip;q=0.5, identity;q=0.4": "gzip",
    "identity;q=0, gzip;q=0.1": "gzip",
    "identity;q=0": None,
    "br, deflate": None,
    "gzip;q=none": None,
}


@pytest.mark.parametrize("query", [MIDDLE, GRAPH], ids=["rows", "graph"])
@pytest.mark.parametrize("accepted", CODINGS)
def test_the_coding_is_the_one_the_client_likes_best(client, query, accepted):
    plain, body = raw(client, "GET", query, None)
    assert "content-encoding" not in plain
    assert len(body) > 10_000
    headers, sent = raw(client, "GET", query, accepted)
    coding = CODINGS[accepted]
    assert headers.get("content-encoding") == coding
    assert decoded(coding, sent) == body
    assert headers["content-length"] == str(len(sent))
    assert headers["vary"] == "Accept, Accept-Encoding"
    assert (len(sent) < len(body) / 2) is (coding is not None)


@pytest.mark.parametrize("name", ["json", "csv", "tsv", "xml", "geojson", "csv-bom"])
@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_every_format_of_rows_comes_back_as_it_was(client, name, coding):
    wide = MIDDLE.replace("SELECT (", 'SELECT ("POINT(1 2)"^^geo:wktLiteral AS ?wkt) (')
    _, plain = raw(client, "GET", wide, None, format=name)
    headers, sent = raw(client, "GET", wide, coding, format=name)
    assert headers["content-encoding"] == coding
    assert decoded(coding, sent) == plain


@pytest.mark.parametrize("name", ["xlsx", "parquet"])
def test_what_is_compressed_already_is_not_coded(client, name):
    headers, sent = raw(client, "GET", MIDDLE, "gzip, zstd", format=name)
    assert "content-encoding" not in headers
    assert len(sent) > 2_000
    assert sent[:4] == {"xlsx": b"PK\x03\x04", "parquet": b"PAR1"}[name]
    assert headers["content-length"] == str(len(sent))


def test_a_small_body_is_not_coded(client):
    """What fits a packet anyway: from 1,024 bytes on a body is coded."""
    for size, coding in ((10, None), (1_018, None), (1_019, "gzip"), (5_000, "gzip")):
        query = f'SELECT ?x {{ BIND("{"x" * size}" AS ?x) }}'
        headers, sent = raw(client, "GET", query, "gzip", format="csv")
        body = decoded(headers.get("content-encoding"), sent)
        assert body == b"x\r\n" + b"x" * size + b"\r\n"
        assert (len(body), headers.get("content-encoding")) == (size + 5, coding)
        assert headers["content-length"] == str(len(sent))


@pytest.mark.parametrize("accepted", [None, "gzip", "zstd"])
@pytest.mark.parametrize("query", [SMALL, MIDDLE, GRAPH], ids=["small", "middle", "graph"])
def test_head_has_the_headers_of_get(client, query, accepted):
    get, body = raw(client, "GET", query, accepted)
    head, nothing = raw(client, "HEAD", query, accepted)
    assert dict(head) == dict(get)
    assert (head["content-length"], nothing) == (str(len(body)), b"")


def test_head_of_a_streamed_result_has_all_but_its_length(served):
    """Nobody knows the length; that the body would come in chunks is said of a body only."""
    get, body = raw(served, "GET", STREAMED, None, format="csv")
    head, nothing = raw(served, "HEAD", STREAMED, None, format="csv")
    assert len(body) > 2 * MIB
    assert get.pop("transfer-encoding") == "chunked"
    assert (dict(head), nothing) == (dict(get), b"")
    assert "content-length" not in head


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_streamed_result_is_coded_too(served, coding):
    query = noise(2, "LIMIT 30000")
    _, plain = raw(served, "GET", query, None, format="csv")
    headers, sent = raw(served, "GET", query, coding, format="csv")
    assert headers["content-encoding"] == coding
    assert decoded(coding, sent) == plain
    assert plain.count(b"\r\n") == 30_001
    # Too much to be known before it is sent.
    assert len(sent) > MIB
    assert headers["transfer-encoding"] == "chunked"


# Slow clients, and those that leave.


class SlowClient:
    """A client with a small window that reads when it is told to."""

    def __init__(self, server: httpx.Client, query: str) -> None:
        parts = urlsplit(str(server.base_url))
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        self._socket.settimeout(30)
        self._socket.connect((parts.hostname, parts.port))
        path = f"/sparql?format=csv&query={quote(query)}"
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())

    def read(self, size: int) -> bytes:
        """Up to so many bytes; less when the other side hangs up."""
        found = bytearray()
        while len(found) < size and (piece := self._socket.recv(size - len(found))):
            found += piece
        return bytes(found)

    def rest(self) -> bytes:
        """All until the last chunk."""
        found = bytearray()
        while not found.endswith(b"\r\n0\r\n\r\n") and (piece := self._socket.recv(MIB)):
            found += piece
        return bytes(found)

    def leave(self, abruptly: bool = False) -> None:
        if abruptly:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()


@contextmanager
def slow(server: httpx.Client, *queries: str) -> Iterator[list[SlowClient]]:
    clients = [SlowClient(server, query) for query in queries]
    try:
        yield clients
    finally:
        for client in clients:
            client.leave()


def unchunked(sent: bytes) -> bytes:
    """The body of a chunked answer (RFC 9112, 7.1)."""
    found, place = [], sent.index(b"\r\n\r\n") + 4
    while True:
        end = sent.index(b"\r\n", place)
        size = int(sent[place:end], 16)
        if not size:
            assert sent[end:] == b"\r\n\r\n"
            return b"".join(found)
        found.append(sent[end + 2 : end + 2 + size])
        place = end + 2 + size + 2


def test_a_large_result_takes_no_memory_and_no_worker_while_it_is_read_slowly(served):
    raw(served, "GET", STREAMED, None, format="csv")
    wait_until_idle(served.server, 10)
    before = resident_of(served.server)
    most = 0
    with slow(served, HUGE) as [client]:
        start = client.read(64 * 1024)
        assert b"transfer-encoding: chunked" in start.partition(b"\r\n\r\n")[0].lower()
        # The worker has done its work long before the client has read a hundredth of it.
        wait_until_idle(served.server, 20)
        read = bytearray(start)
        for _ in range(100):
            read += client.read(256 * 1024)
            most = max(most, resident_of(served.server))
        assert served.get("/sparql", params={"query": SMALL}).json()["boolean"] is True
        read += client.rest()
        most = max(most, resident_of(served.server))
    body = unchunked(bytes(read))
    assert len(body) > 38 * MIB
    assert body.count(b"\r\n") == 120_001
    assert most - before < 30 * MIB


def test_many_slow_clients_keep_no_worker_from_others(served):
    """More of them than there are workers and places for long queries."""
    processes = len(processes_of(served.server))
    with slow(served, *[HUGE + " # " + str(number) for number in range(12)]) as clients:
        with ThreadPoolExecutor(12) as pool:
            starts = list(pool.map(lambda client: client.read(1_000), clients))
        accepted = [start for start in starts if start.startswith(b"HTTP/1.1 200")]
        # Others were told at once that there are too many.
        assert len(accepted) >= 4
        assert all(start.startswith((b"HTTP/1.1 200", b"HTTP/1.1 503")) for start in starts)
        wait_until_idle(served.server, 40)
        wait_until_processes(served.server, processes)
        before = time.monotonic()
        for number in range(20):
            answer = served.get("/sparql", params={"query": f"{SMALL} # {number}"})
            assert answer.json()["boolean"] is True
        assert time.monotonic() - before < 5
    wait_until_idle(served.server, 10)


def settled_descriptors(server: int, most: int) -> list[str]:
    """What is held open, once it is no more than so many; or after ten seconds."""
    deadline = time.monotonic() + 10
    while len(found := descriptors_of(server)) > most and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def test_two_hundred_clients_that_leave_leave_nothing_behind(served):
    """Some before the first byte, some after it, some while the query runs on; some abruptly."""
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    served.get("/health")
    wait_until_idle(served.server, 20)
    before = descriptors_of(served.server)
    processes = len(processes_of(served.server))

    def visit(number: int) -> None:
        query = endless if number % 5 == 0 else STREAMED
        client = SlowClient(served, f"{query} # {number}")
        if number % 3:
            assert client.read(1_000 * (number % 3)).startswith((b"HTTP/1.1 200", b"HTTP/1.1 503"))
        client.leave(abruptly=number % 2 == 0)

    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(visit, range(200)))) == 200
    wait_until_idle(served.server, 10)
    after = settled_descriptors(served.server, len(before))
    assert len(after) <= len(before), sorted(set(after) - set(before))
    # Their temporary files are gone with them.
    assert not [name for name in after if "coopdec-" in name]
    wait_until_processes(served.server, processes)
    assert served.get("/sparql", params={"query": SMALL}).json()["boolean"] is True


# Results that fail once they have begun.

FAILING = {
    "more bytes than a result may have": noise(6, "LIMIT 14999"),
    "more rows than a result may have": noise(2),
    # Some megabytes at once, and then nothing for ever.
    "more time than a query may take": "SELECT ?x { { "
    + noise(5, "LIMIT 6000")
    + " } UNION { ?x ?y ?z FILTER EXISTS { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
    + ' FILTER(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j)) = "never") } } }',
}


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
@pytest.mark.parametrize("why", FAILING)
def test_a_result_that_fails_on_its_way_never_looks_complete(strict, why, coding):
    request = strict.build_request(
        "GET", "/sparql", params={"query": FAILING[why], "format": "csv"}
    )
    request.headers["accept-encoding"] = coding
    started = time.monotonic()
    answer = strict.send(request, stream=True)
    try:
        assert answer.status_code == 200
        assert answer.headers.get("content-encoding", "identity") == coding
        assert answer.headers["transfer-encoding"] == "chunked"
        received = 0
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
            for piece in answer.iter_raw():
                received += len(piece)
    finally:
        answer.close()
    # It had begun, and the limit held.
    assert MIB < received <= 4 * MIB
    assert time.monotonic() - started < 4
    wait_until_idle(strict.server, 0.5)
    assert strict.get("/sparql", params={"query": SMALL}).json()["boolean"] is True


def test_the_length_of_a_failed_result_is_never_announced(strict):
    """A HEAD of it says no more than a GET: no length, so none that is wrong."""
    head, _ = raw(strict, "HEAD", FAILING["more rows than a result may have"], None, format="csv")
    assert "content-length" not in head
    wait_until_idle(strict.server, 1)
