"""A real server in a process of its own, and a port that counts who connects to it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-W", "error", "-c", "from coopdec_graph.cli import main; main()")

Serve = Callable[..., AbstractContextManager[httpx.Client]]


def command(*arguments: str | Path) -> list[str]:
    return [*COMMAND, *map(str, arguments)]


def environment(project: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(project), "COOPDEC_LANG": "fr", "PYTHONUNBUFFERED": "1"}


def build(out: Path, pages: Path, registry: Path) -> None:
    arguments = command("build", pages, "--registry", registry, "--out", out)
    subprocess.run(arguments, check=True, cwd=out, env=environment(ROOT), capture_output=True)


def union_of(store: ox.Store) -> set[ox.Triple]:
    """What a plain query sees: every named graph but `candidates`."""
    apart = "/graph/candidates>"
    return {quad.triple for quad in store if not str(quad.graph_name).endswith(apart)}


class Client(httpx.Client):
    """A client that knows the process of its server."""

    def __init__(self, server: int, **options: Any) -> None:
        super().__init__(**options)
        self.server = server


@contextmanager
def serving(
    data: Path, log: Path, project: Path = ROOT, options: Sequence[str | Path] = ()
) -> Iterator[Client]:
    """A client of a server over `data`; the server's errors go to `log`."""
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command("serve", "--data", data, "--port", "0", *options),
            cwd=data,
            env=environment(project),
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    assert process.stdout is not None
    with process.stdout as output:
        first = output.readline().decode()
        found = re.search(r"http://[0-9.]+:[0-9]+", first)
        assert found, (first, log.read_text())
        try:
            with Client(process.pid, base_url=found[0], timeout=60) as client:
                wait_until_up(client)
                yield client
        finally:
            process.terminate()
            process.wait(20)


def wait_until_up(client: httpx.Client) -> None:
    """The socket listens before the address is printed: a first request waits, it is not refused."""
    client.get("/health").raise_for_status()


class Listener:
    """A TCP port of this host that hangs up on whoever connects, and counts them."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def iri(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/sparql"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def settled(self) -> int:
        """The connections so far. Our own comes last in the queue: all before it are counted."""
        before = self.connections
        with socket.create_connection(self._socket.getsockname()) as probe:
            probe.recv(1)
        self.connections -= 1
        assert self.connections >= before
        return self.connections

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
