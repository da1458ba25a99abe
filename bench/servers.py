"""Our service and its peers over the same triples, each in a process of its own.

Every server is asked over loopback, and its default graph is the union of the published graphs,
each triple once. Ours and the Oxigraph server also hold each named graph; rdflib-endpoint holds
the union alone, which is what its engine is fastest with. None compresses its answers.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import rdflib_peer
from questions import JSON, Query
from release import Corpus

OURS = "coopdec"
_SCRIPTS = Path(sys.executable).parent
_START_SECONDS = 600
_IDLE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Server:
    """A SPARQL endpoint that runs on this host."""

    name: str
    port: int
    path: str
    pid: int = 0  # of its first process, which leads the session of all its processes

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def request(self, query: Query) -> bytes:
        """The bytes of one GET request (SPARQL 1.1 Protocol, 2.1.1)."""
        target = f"{self.path}?{urlencode({'query': query.text})}"
        return (
            f"GET {target} HTTP/1.1\r\nHost: {self.address}\r\nAccept: {query.accept}\r\n\r\n"
        ).encode()

    def ask(self, query: Query) -> tuple[int, str, bytes]:
        """The status, media type and body of one answer. Raises OSError and HTTPException."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_START_SECONDS)
        try:
            target = f"{self.path}?{urlencode({'query': query.text})}"
            connection.request("GET", target, headers={"Accept": query.accept})
            response = connection.getresponse()
            kind = response.headers.get_content_type()
            return response.status, kind, response.read()
        finally:
            connection.close()

    def settle(self) -> None:
        """Waits until it works no more: what a client no longer waits for still takes the cores."""
        end = time.monotonic() + _START_SECONDS
        before, now = -1, _ticks(self.pid)
        while now - before > 1 and time.monotonic() < end:
            time.sleep(_IDLE_SECONDS)
            before, now = now, _ticks(self.pid)


Start = Callable[[Corpus, Path], AbstractContextManager[Server]]


def coopdec(corpus: Corpus, folder: Path) -> AbstractContextManager[Server]:
    port = _free_port()
    command = [_SCRIPTS / "coopdec", "serve", "--data", corpus.data, "--port", port]
    return _running(Server(OURS, port, "/sparql"), command, folder)


@contextmanager
def oxigraph(corpus: Corpus, folder: Path) -> Iterator[Server]:
    """The Oxigraph server over a store on disk, compacted as ours is."""
    store, binary, port = folder / "oxigraph", _SCRIPTS / "oxigraph", _free_port()
    files = ("--file", corpus.quads, "--file", corpus.union)
    for step in (("load", "--location", store, "--lenient", *files), ("optimize", "-l", store)):
        subprocess.run([binary, *step], check=True, capture_output=True)
    command = [binary, "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{port}"]
    with _running(Server("Oxigraph server", port, "/query"), command, folder) as server:
        yield server


def rdflib_endpoint(corpus: Corpus, folder: Path) -> AbstractContextManager[Server]:
    """One process for each core: the others use all cores too."""
    port = _free_port()
    application = ["--app-dir", Path(__file__).parent, "--factory", "rdflib_peer:create"]
    options = ["--port", port, "--workers", os.cpu_count() or 1, "--no-access-log"]
    command = [sys.executable, "-m", "uvicorn", *application, *options]
    variables = {rdflib_peer.FILE: str(corpus.union)}
    return _running(Server("rdflib-endpoint", port, "/"), command, folder, variables)


PEERS: Mapping[str, Start] = {"oxigraph": oxigraph, "rdflib-endpoint": rdflib_endpoint}


@contextmanager
def _running(
    server: Server,
    command: list[object],
    folder: Path,
    variables: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    log = folder / f"{server.port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=output,
            stderr=output,
            env={**os.environ, **(variables or {})},
            start_new_session=True,
        )
    try:
        _wait_until_up(server, process, log)
        yield replace(server, pid=process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_up(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError, HTTPException):
            if server.ask(Query("ASK { ?s ?p ?o }", JSON))[0] == 200:
                return
        time.sleep(0.1)
    raise SystemExit(f"{server.name} did not start:\n{log.read_text(errors='replace')}")


def _ticks(session: int) -> int:
    """The processor time, in clock ticks, of the processes of a session (proc(5), `stat`)."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == session:
                total += int(fields[11]) + int(fields[12])
    return total


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
