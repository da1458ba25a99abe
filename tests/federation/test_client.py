"""One call to an endpoint: where it may go, what it says, and every way an answer can be bad."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from urllib.parse import parse_qs

import pytest

from coopdec_graph import __version__
from coopdec_graph.errors import QueryForbidden
from coopdec_graph.federation.allow_list import Endpoint
from coopdec_graph.federation.client import Client, Resolver, is_public
from coopdec_graph.federation.failures import FederationFailed
from tests.federation.endpoints import EMPTY, Answer, Server, head, resolver, result, serving

QUERY = "SELECT * WHERE { ?s ?p 'é&+%' }"


def fetch(iri: str, look_up: Resolver | None = None, **settings: object) -> bytes:
    """The body of an answer, from an endpoint of one's own network unless told otherwise."""
    endpoint = Endpoint(iri, **{"private": True, **settings})  # type: ignore[arg-type]

    async def ask() -> bytes:
        client = Client() if look_up is None else Client(look_up)
        return await client.fetch(endpoint, iri, QUERY)

    return asyncio.run(ask())


def failure(iri: str, look_up: Resolver | None = None, **settings: object) -> str:
    with pytest.raises(FederationFailed) as caught:
        fetch(iri, look_up, **settings)
    assert iri in caught.value.text("fr")
    return caught.value.text("en")


# ---- What is sent ------------------------------------------------------------------------------


def test_the_request_is_a_form_and_says_who_asks() -> None:
    with serving(result(EMPTY)) as server:
        assert fetch(server.iri) == EMPTY
        (request,) = server.requests
    lines, _, body = request.decode().partition("\r\n\r\n")
    first, *fields = lines.split("\r\n")
    headers = {name.lower(): value for name, _, value in (f.partition(": ") for f in fields)}
    assert first == "POST /sparql HTTP/1.1"
    assert parse_qs(body) == {"query": [QUERY]}
    assert headers == {
        "host": f"127.0.0.1:{server.port}",
        "accept": "application/sparql-results+json",
        "accept-encoding": "gzip",
        "connection": headers["connection"],
        "content-length": str(len(body)),
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": f"coopdec-graph/{__version__}",
    }


def test_no_proxy_and_no_secret_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login u password p\n", "utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with serving(result(EMPTY)) as proxy, serving(result(EMPTY)) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.iri)
        assert fetch(server.iri) == EMPTY
        assert proxy.requests == []
        assert b"uthorization" not in server.requests[0]


def test_a_mirror_is_asked_in_place_of_the_endpoint() -> None:
    with serving(result(EMPTY)) as server:
        far = "https://far.example/sparql"
        mirrored = Endpoint(far, private=True, asked_at=server.iri)
        assert asyncio.run(Client().fetch(mirrored, far, QUERY)) == EMPTY
        assert len(server.requests) == 1
        public = Endpoint(far, asked_at=server.iri)
        with pytest.raises(FederationFailed) as caught:
            asyncio.run(Client().fetch(public, far, QUERY))
        # Whoever asks is told of the endpoint they named.
        assert far in caught.value.text("en") and server.iri not in caught.value.text("en")
        assert len(server.requests) == 1


def test_a_cookie_is_not_sent_back() -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(head("200 OK", "Set-Cookie: a=b; Path=/") + EMPTY)

    with serving(answer) as server:
        endpoint = Endpoint(server.iri, private=True)

        async def twice() -> None:
            client = Client()
            await client.fetch(endpoint, server.iri, QUERY)
            await client.fetch(endpoint, server.iri, QUERY)

        asyncio.run(twice())
        assert [b"ookie" in request for request in server.requests] == [False, False]


# ---- Where it may go ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::8.8.8.8",
        "::ffff:8.8.8.8",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "2001:0:1::",
        "2001:db8::1",
        "fc00::1",
        "fd00::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "100::1",
        "4000::1",
        "nonsense",
    ],
)
def test_an_address_that_is_not_public_is_never_called(address: str) -> None:
    assert not is_public(address)
    with serving(result(EMPTY)) as server:
        iri = f"http://store.example:{server.port}/sparql"
        reason = failure(iri, resolver(address), private=False)
        assert "not public" in reason
        assert server.requests == []


def test_public_addresses() -> None:
    found = [is_public(address) for address in ("8.8.8.8", "2606:4700::1111", "2a00:1450::1")]
    assert found == [True, True, True]


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "127.1"]
)
def test_loopback_by_any_name_is_not_public(host: str) -> None:
    with serving(result(EMPTY)) as server:
        reason = failure(f"http://{host}:{server.port}/sparql", private=False)
        assert "not public" in reason or "not be reached" in reason
        assert server.requests == []


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    reason = failure("http://store.example/", resolver("8.8.8.8 127.0.0.1"), private=False)
    assert "not public" in reason


def test_a_name_is_looked_up_once_so_that_it_cannot_change_its_mind() -> None:
    with serving(result(EMPTY)) as server:
        iri = f"http://rebind.example:{server.port}/sparql"
        # First what is checked, then what a second look-up would connect to: nobody listens there.
        assert fetch(iri, resolver("127.0.0.1", "127.0.0.2")) == EMPTY
        assert f"Host: rebind.example:{server.port}".encode() in server.requests[0]


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with serving(result(EMPTY)) as server:
        iri = f"http://two.example:{server.port}/sparql"
        assert fetch(iri, resolver("::1 127.0.0.2 127.0.0.1")) == EMPTY


def test_an_iri_that_the_entry_does_not_cover_is_forbidden() -> None:
    with serving(result(EMPTY)) as server:
        endpoint = Endpoint("http://127.0.0.1/", private=True)
        with pytest.raises(QueryForbidden, match="not on this service's list"):
            asyncio.run(Client().fetch(endpoint, server.iri, QUERY))
        assert server.requests == []


@pytest.mark.parametrize("status", ["301", "302", "303", "307", "308", "300", "304"])
def test_a_redirection_is_not_followed(status: str) -> None:
    with serving(result(EMPTY)) as other:

        def answer(connection: socket.socket, request: bytes) -> None:
            connection.sendall(head(f"{status} Over there", f"Location: {other.iri}"))

        with serving(answer) as server:
            assert f"answered {status}" in failure(server.iri)
            assert (len(server.requests), other.requests) == (1, [])


def test_nobody_listens_and_no_such_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "not be reached" in failure(f"http://127.0.0.1:{port}/")
    assert "not be reached" in failure(f"http://{'a' * 70}.example/")
    assert "not be reached" in failure("http://store.example/", resolver(""))


# ---- Answers -----------------------------------------------------------------------------------


def sending(*parts: bytes) -> Answer:
    def answer(connection: socket.socket, request: bytes) -> None:
        for part in parts:
            connection.sendall(part)

    return answer


def gzipped(body: bytes) -> bytes:
    return head("200 OK", "Content-Encoding: gzip") + body


def dripping(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head())
    while True:
        connection.sendall(b" ")
        time.sleep(0.05)


def endless(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head())
    while True:
        connection.sendall(b" " * 65_536)


def endless_head(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X: y\r\n" * 1000)


def silent(connection: socket.socket, request: bytes) -> None:
    connection.recv(1)


def test_a_compressed_answer_is_unpacked() -> None:
    with serving(sending(gzipped(gzip.compress(EMPTY)))) as server:
        assert fetch(server.iri) == EMPTY


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(sending(head("500 Oops") + EMPTY), "answered 500", id="500"),
        pytest.param(sending(head("400 Bad") + EMPTY), "answered 400", id="400"),
        pytest.param(sending(head("201 Made") + EMPTY), "answered 201", id="201"),
        pytest.param(sending(head(kind="text/html") + EMPTY), "not a complete", id="html"),
        pytest.param(sending(b"HTTP/1.1 200 OK\r\n\r\n" + EMPTY), "not a complete", id="no type"),
        pytest.param(
            sending(head("200 OK", "Content-Length: 99") + EMPTY), "not be reached", id="cut"
        ),
        pytest.param(sending(gzipped(gzip.compress(EMPTY)[:-9])), "not a complete", id="gzip cut"),
        pytest.param(sending(gzipped(b"nonsense")), "not a complete", id="gzip broken"),
        pytest.param(sending(gzipped(gzip.compress(EMPTY) * 2)), "not a complete", id="gzip twice"),
        pytest.param(
            sending(gzipped(gzip.compress(b" " * 50_000_000))), "more than 100,000", id="gzip bomb"
        ),
        pytest.param(
            sending(head("200 OK", "Content-Encoding: zstd") + EMPTY), "not a complete", id="zstd"
        ),
        pytest.param(sending(head() + b" " * 100_001), "more than 100,000", id="too long"),
        pytest.param(endless, "more than 100,000", id="endless"),
        pytest.param(endless_head, "not be reached", id="endless head"),
        pytest.param(sending(b"SSH-2.0-x\r\n"), "not be reached", id="no HTTP"),
        pytest.param(sending(), "not be reached", id="hangs up"),
        pytest.param(dripping, "within 1 s", id="drips"),
        pytest.param(silent, "within 1 s", id="silent"),
    ],
)
def test_a_bad_answer(answer: Answer, reason: str) -> None:
    begun = time.monotonic()
    with serving(answer) as server:
        assert reason in failure(server.iri, seconds=1, most_bytes=100_000)
        assert len(server.requests) == 1
    assert time.monotonic() - begun < 15


def test_as_many_bytes_as_allowed_are_taken() -> None:
    for answer in (result(EMPTY), sending(gzipped(gzip.compress(b" " * 100)))):
        with serving(answer) as server:
            assert len(fetch(server.iri, most_bytes=max(100, len(EMPTY)))) <= 100


def test_a_look_up_that_hangs_meets_the_deadline() -> None:
    async def look_up(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    assert "within 0.1 s" in failure("http://store.example/", look_up, seconds=0.1)


# ---- TLS ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of `store.example` that nobody signed, and its key."""
    if which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "certificate.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=store.example"
    options = ["-addext", "subjectAltName=DNS:store.example", "-out", paths[0], "-keyout", paths[1]]
    subprocess.run([*command.split(), *options], check=True, capture_output=True)
    return paths


@pytest.fixture
def secure(certificate: tuple[Path, Path]) -> Iterator[tuple[Server, list[str | None]]]:
    """A TLS server, and the names its clients asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    asked: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    with serving(result(EMPTY), context) as server:
        yield server, asked


def secure_fetch(name: str, port: int, trusted: Path | None) -> bytes:
    iri = f"https://{name}:{port}/sparql"
    context = ssl.create_default_context(cafile=trusted) if trusted else None
    client = Client(resolver("127.0.0.1"), context)
    return asyncio.run(client.fetch(Endpoint(iri, private=True), iri, QUERY))


def test_the_certificate_is_the_one_of_the_name(
    secure: tuple[Server, list[str | None]], certificate: tuple[Path, Path]
) -> None:
    server, asked = secure
    assert secure_fetch("store.example", server.port, certificate[0]) == EMPTY
    assert asked == ["store.example"]


def test_another_name_or_an_unknown_authority_is_refused(
    secure: tuple[Server, list[str | None]], certificate: tuple[Path, Path]
) -> None:
    server, _ = secure
    for name, trusted in (("other.example", certificate[0]), ("store.example", None)):
        with pytest.raises(FederationFailed, match="not be reached"):
            secure_fetch(name, server.port, trusted)
