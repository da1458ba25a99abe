"""What the tests ask over real sockets: a SPARQL server, and servers that misbehave."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from coopdec_graph.federation.client import Resolver

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
Answer = Callable[[socket.socket, bytes], None]

EMPTY = b'{"head":{"vars":[]},"results":{"bindings":[{}]}}'


def head(
    status: str = "200 OK", *lines: str, kind: str = "application/sparql-results+json"
) -> bytes:
    """The head of an answer whose body ends with the connection."""
    fields = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *lines]
    return "".join(f"{line}\r\n" for line in fields).encode() + b"\r\n"


def result(body: bytes) -> Answer:
    return lambda connection, request: connection.sendall(head() + body)


class Server:
    """A TCP server on loopback, whose `answer` says anything it likes to a whole request."""

    def __init__(self, answer: Answer, context: ssl.SSLContext | None = None) -> None:
        self._answer = answer
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._socket.getsockname()[1]
        self.iri = f"http://127.0.0.1:{self.port}/sparql"
        self.requests: list[bytes] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # The client hangs up on a server that misbehaves: that is what the tests are about.
        with connection, suppress(OSError):
            if self._context is None:
                self._converse(connection)
            else:
                with self._context.wrap_socket(connection, server_side=True) as secure:
                    self._converse(secure)

    def _converse(self, connection: socket.socket) -> None:
        request = _whole(connection)
        self.requests.append(request)
        self._answer(connection, request)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def _whole(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        request += _some(connection)
    lines, _, body = request.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in lines.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += _some(connection)
    return lines + b"\r\n\r\n" + body


def _some(connection: socket.socket) -> bytes:
    received = connection.recv(65_536)
    if not received:
        raise ConnectionResetError
    return received


@contextmanager
def serving(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(answer, context)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def sparql_server(*turtle: str) -> Iterator[str]:
    """The query address of a SPARQL server of its own that holds these documents."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [OXIGRAPH, "serve", "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            _wait_until_up(client, process)
            for document in turtle:
                headers = {"Content-Type": "text/turtle"}
                client.post("/store?default", content=document, headers=headers).raise_for_status()
        yield f"http://127.0.0.1:{port}/query"
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_up(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            client.get("/").raise_for_status()
            return
        except httpx.TransportError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)  # the port is closed: there is nothing to wait on


def resolver(*addresses: str) -> Resolver:
    """A look-up that gives one of several answers at each call, and the last one for ever."""
    left: list[Sequence[str]] = [address.split() for address in addresses]

    async def look_up(host: str, port: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return look_up
