"""Starts stores on free ports of loopback, each a process of its own, and speaks to engines."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pyoxigraph as ox
import pytest

from coopdec_graph.engines.base import Engine, Limits, Question
from coopdec_graph.engines.embedded.engine import EmbeddedEngine
from coopdec_graph.engines.embedded.nursery import Holding
from coopdec_graph.engines.embedded.pool import Sizes
from coopdec_graph.engines.remote.configuration import RemoteStore, configured
from coopdec_graph.engines.remote.engine import RemoteEngine
from coopdec_graph.graph.query import Form
from coopdec_graph.namespaces import DEFAULT_BASE
from coopdec_graph.pipeline import BuildOptions, run
from coopdec_graph.publishing.releases import Release

ROOT = Path(__file__).parents[2]
FORMATS = {Form.SELECT: "json", Form.ASK: "json", Form.GRAPH: "nt"}
SMALL = Sizes(ready=2, reserved=1, long=2, paused=2, waiting=8)

T = TypeVar("T")


@dataclass(frozen=True)
class Store:
    """A running store: what a configuration says of it, and the key of a file with its password."""

    kind: str
    url: str
    folder: Path
    process: int

    def table(self, **keys: object) -> dict[str, object]:
        table: dict[str, object] = {"kind": self.kind, "url": self.url, "settle_seconds": 1.5}
        if self.kind == "virtuoso":
            table |= {"user": "dba", "password_file": str(self.folder / "password")}
        return {**table, **keys}

    def remote(self, **keys: object) -> RemoteStore:
        return configured(self.table(**keys), self.folder)


class Loop:
    """An event loop of its own thread, as engines want one that stays."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], seconds: float = 60) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @contextmanager
    def running(self, engine: Engine) -> Iterator[Engine]:
        self.run(engine.start())
        try:
            yield engine
        finally:
            self.run(engine.stop())

    def ask(self, engine: Engine, question: Question | str) -> tuple[Form, bytes]:
        """The form and the whole body of an answer."""
        if isinstance(question, str):
            question = Question(question, FORMATS)
        return self.run(_whole(engine, question))

    def rows(self, engine: Engine, question: Question | str) -> list[dict[str, str | None]]:
        """The rows of a SELECT, their terms as N-Triples writes them."""
        form, body = self.ask(engine, question)
        assert form is Form.SELECT
        return parsed(body)


def parsed(body: bytes) -> list[dict[str, str | None]]:
    result = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(result, ox.QuerySolutions)
    names = [variable.value for variable in result.variables]
    return [{n: None if row[n] is None else str(row[n]) for n in names} for row in result]


async def _whole(engine: Engine, question: Question) -> tuple[Form, bytes]:
    answer = await engine.ask(question)
    try:
        if answer.whole is not None:
            return answer.form, answer.whole
        return answer.form, b"".join([piece async for piece in answer.pieces()])
    finally:
        await answer.close()


def embedded(release: Release | None = None) -> EmbeddedEngine:
    """Workers over a release, or over nothing."""
    holding = Holding() if release is None else Holding(release.quads, release.store, 1000)
    return EmbeddedEngine(holding, Limits(seconds=30), SMALL)


def remote_engine(store: RemoteStore, **limits: Any) -> RemoteEngine:
    return RemoteEngine(store, Limits(**{"seconds": 30, **limits}), embedded())


def build_release(out: Path, pages: Path, base: str = DEFAULT_BASE) -> None:
    registry = out / "registry.csv"
    options = BuildOptions(base=base, registry=registry)
    run([pages], out, options, lambda items, label, total: items)


# ---- Stores ------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def oxigraph_running(folder: Path, *options: str) -> Iterator[Store]:
    """Oxigraph's server over a new database."""
    port = free_port()
    program = Path(sys.executable).parent / "oxigraph"
    command = [str(program), "serve", "-l", str(folder / "db"), "-b", f"127.0.0.1:{port}", *options]
    with _running(command, folder, port) as process:
        yield Store("oxigraph", f"http://127.0.0.1:{port}", folder, process)


def require_virtuoso() -> str:
    """The program; without it the test is skipped, or fails where REQUIRE_VIRTUOSO=1."""
    program = shutil.which("virtuoso-t")
    if program is not None:
        return program
    if os.environ.get("REQUIRE_VIRTUOSO") == "1":
        pytest.fail("REQUIRE_VIRTUOSO=1 and Debian's virtuoso-opensource is not installed")
    pytest.skip("Virtuoso is not here: `make test` as root on Debian installs virtuoso-opensource")


_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
ErrorLogLevel = 7
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 20
CheckpointInterval = 0
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
CaseMode = 2
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 20
MaxClientConnections = 20
[SPARQL]
ResultSetMaxRows = {rows}
"""
VIRTUOSO_ROWS = 30_000


@contextmanager
def virtuoso_running(program: str, folder: Path) -> Iterator[Store]:
    """Virtuoso over a new database, with little memory. Its first user is dba, password dba."""
    http = free_port()
    ini = _INI.format(sql=free_port(), http=http, rows=VIRTUOSO_ROWS)
    (folder / "virtuoso.ini").write_text(ini)
    (folder / "password").write_text("dba\n")
    command = [program, "+configfile", "virtuoso.ini", "+foreground"]
    with _running(command, folder, http) as process:
        yield Store("virtuoso", f"http://127.0.0.1:{http}", folder, process)


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[int]:
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        _wait_until_it_answers(process, port, folder)
        yield process.pid
    finally:
        process.kill()
        process.wait(20)


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        try:
            httpx.get(f"http://127.0.0.1:{port}/", timeout=5, trust_env=False)
            return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise AssertionError((folder / "output").read_text())


def environment() -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "COOPDEC_LANG": "en"}
