"""Ports of this host that count who connects, and an engine without any guard to show they do.

The listener answers every request with something usable and marked: whoever reaches it has the
mark in its answer, and is counted as well.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

MARK = "fetched-from-elsewhere"

_ROWS = {
    "head": {"vars": ["a", "b", "c"]},
    "results": {"bindings": [{name: {"type": "literal", "value": MARK} for name in "ac"}]},
}
_GRAPH = f'<urn:{MARK}> <urn:{MARK}> "{MARK}" .'
_CONTEXT = {"@context": {"@vocab": f"urn:{MARK}:"}}


class _Answers(BaseHTTPRequestHandler):
    server: _Port

    def answer(self) -> None:
        accept = self.headers.get("Accept", "")
        if self.server.redirect_to:
            self.send_response(302)
            self.send_header("Location", self.server.redirect_to)
            kind, body = "text/plain", ""
        else:
            self.send_response(200)
            if "sparql-results" in accept:
                kind, body = "application/sparql-results+json", json.dumps(_ROWS)
            elif "ld+json" in accept:
                kind, body = "application/ld+json", json.dumps(_CONTEXT)
            else:
                kind, body = "text/turtle", _GRAPH
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body.encode())

    do_GET = do_POST = do_HEAD = do_PUT = answer

    def log_message(self, *arguments: object) -> None:
        pass


class _Port(ThreadingHTTPServer):
    """One address; a connection counts when it is accepted, whatever it says after that."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, host: str, port: int, redirect_to: str | None = None) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.redirect_to = redirect_to
        self.connections = 0
        super().__init__((host, port), _Answers)

    def server_bind(self) -> None:
        # Not HTTPServer's: it asks for the name of the host.
        socket.socket.bind(self.socket, self.server_address)
        self.server_address = self.socket.getsockname()

    def get_request(self) -> tuple[Any, Any]:
        accepted = super().get_request()
        self.connections += 1
        return accepted

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # who hangs up, or speaks TLS, has been counted


class Listener:
    """Two ports, each on 127.0.0.1 and, where there is IPv6, on ::1. One redirects to the other."""

    def __init__(self, stack: ExitStack) -> None:
        self._ports: list[_Port] = []
        self.has_ipv6 = _has_ipv6()
        self.port = self._open(stack, None)
        self.redirecting_port = self._open(stack, f"http://127.0.0.1:{self.port}/sparql")

    def _open(self, stack: ExitStack, redirect_to: str | None) -> int:
        for _ in range(50):
            first = _Port("127.0.0.1", 0, redirect_to)
            number = int(first.socket.getsockname()[1])
            ports = [first]
            try:
                if self.has_ipv6:
                    ports.append(_Port("::1", number, redirect_to))
            except OSError:  # somebody has this port on ::1
                first.server_close()
                continue
            for port in ports:
                Thread(target=port.serve_forever, args=(0.01,), daemon=True).start()
                stack.callback(port.server_close)
                stack.callback(port.shutdown)
            self._ports += ports
            return number
        raise AssertionError("no port is free on both 127.0.0.1 and ::1")

    @property
    def iri(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql"

    def fill(self, text: str) -> str:
        """A text with this listener in the places of its endpoint."""
        text = text.replace("@IRI@", self.iri).replace("@PORT@", str(self.port))
        return text.replace("@REDIRECT@", str(self.redirecting_port))

    def settled(self) -> int:
        """The connections so far. Our own comes last in each queue: all before it are counted."""
        total = 0
        for port in self._ports:
            with socket.create_connection(port.socket.getsockname()[:2], timeout=20) as probe:
                probe.sendall(b"GET / HTTP/1.0\r\n\r\n")
                while probe.recv(4096):
                    pass
            port.connections -= 1
            total += port.connections
        return total


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@contextmanager
def listening() -> Iterator[Listener]:
    with ExitStack() as stack:
        yield Listener(stack)


# A bare engine in a process of its own: one request a line, one outcome a line.
_BARE_ENGINE = r"""
import json, sys
import pyoxigraph as ox
def store():
    store = ox.Store()
    store.update('''INSERT DATA {
        <urn:a> <urn:a> 1 ; <urn:t> true , false . << <urn:a> <urn:a> 1 >> <urn:a> 2 .
        GRAPH <urn:g> { <urn:a> <urn:a> 1 }
    }''')
    return store
for line in sys.stdin:
    kind, text = json.loads(line)
    try:
        if kind == "update":
            store().update(text)
        else:
            result = store().query(text)
            if not isinstance(result, ox.QueryBoolean):
                list(result)
        outcome = "answered"
    except SyntaxError:
        outcome = "syntax"
    except Exception as error:
        outcome = type(error).__name__
    print(outcome, flush=True)
"""


class BareEngine:
    """The engine of the service without its guard; it reaches whatever it is told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, text: str, kind: str = "query") -> str:
        """'answered', 'syntax', or the name of the error."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps([kind, text]) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextmanager
def bare_engine() -> Iterator[BareEngine]:
    with subprocess.Popen(
        [sys.executable, "-c", _BARE_ENGINE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        yield BareEngine(process)
