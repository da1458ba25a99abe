"""A worker process: reads a job, answers it, reads the next, until it is killed or told to go.

It has no network and bounded memory (`walls.py`). Whatever happens to it, only its query suffers.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NoReturn

import pyoxigraph as ox

from coopdec_graph.engines.embedded import frames
from coopdec_graph.engines.embedded.failures import to_wire
from coopdec_graph.engines.embedded.walls import deny_network, limit_cpu, limit_resources
from coopdec_graph.errors import NoFormat, QueryError, QueryFailed, QueryTooBig
from coopdec_graph.graph.query import Dataset, Form, Result, check, engine_reason, form_of, run
from coopdec_graph.graph.stack import STACK_BYTES, on_a_deep_stack
from coopdec_graph.language import Bilingual
from coopdec_graph.results.coding import CodedSink
from coopdec_graph.results.formats import Format, formats_of
from coopdec_graph.results.writing import write

__all__ = ["serve_jobs"]

# A process that has grown keeps what it took; a new one is forked instead.
_GROWTH_BYTES = 64 * 1024**2
_PIECE = 64 * 1024

_NO_FORMAT = Bilingual(
    "Aucun format n'a été choisi pour un tel résultat.", "No format was chosen for such a result."
)
_MEMORY = Bilingual(
    "La requête demande plus de mémoire qu'une requête n'en a.",
    "The query needs more memory than one query may have.",
)
_FAILED = Bilingual(
    "Le moteur n'a pas pu répondre : {reason}", "The engine could not answer: {reason}"
)


def serve_jobs(link: socket.socket, open_store: Callable[[], ox.Store], memory: int) -> NoReturn:
    """Raises the walls, then serves jobs until the other side hangs up. Ends the process."""
    deny_network()
    # What a store on disk takes for itself is not the query's.
    store = open_store()
    limit_resources(memory + STACK_BYTES)
    # Writing to a file that may not grow is an error, not a signal.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    gc.freeze()
    try:
        on_a_deep_stack(lambda: _serve(link, store))
    except MemoryError:
        # Not even the words for it could be had: die as the engine does then.
        os.abort()
    os._exit(0)


def _serve(link: socket.socket, store: ox.Store) -> None:
    most = _resident() + _GROWTH_BYTES
    for job, body in _jobs(link):
        limit_cpu(job["seconds"])
        sink = _Sink(link, tuple(job["codings"]), most)
        try:
            _do(store, job, body, sink)
        except QueryError as error:
            sink.fail(error)
        except MemoryError:
            sink.fail(QueryTooBig(_MEMORY), last=True)
        except BaseException as error:
            # A defect, of ours or a panic of the engine, which is no Exception. The class is told,
            # for the text could repeat the data.
            sink.fail(QueryFailed(_FAILED, reason=type(error).__name__), last=True)
        if sink.last:
            return


def _jobs(link: socket.socket) -> Iterator[tuple[Mapping[str, Any], bytes]]:
    """Each job with the bytes that came with it, if any did."""
    reader = frames.FrameReader()
    job: Mapping[str, Any] = {}
    body: list[bytes] = []
    while received := link.recv(_PIECE):
        for kind, payload in reader.feed(received):
            if kind == frames.DATA:
                body.append(payload)
            if kind == frames.JOB:
                job, body = json.loads(payload), []
            if kind == frames.END or (kind == frames.JOB and not job["body"]):
                yield job, b"".join(body)


def _do(store: ox.Store, job: Mapping[str, Any], body: bytes, sink: _Sink) -> None:
    """One job: a query, a query to check only, or a result of another store to write anew."""
    if job["task"] == "check":
        sink.begin(check(job["text"], job["base"]), None)
        sink.end(False)
        return
    if job["task"] == "transcode":
        _answer(_read_back(body, Form(job["form"])), job, sink)
        return
    dataset = Dataset(*map(_tuple, job["dataset"])) if job["dataset"] else None
    bindings = {name: _term(text) for name, text in job["bindings"].items()}
    _answer(run(store, job["text"], dataset, bindings, job["base"]), job, sink)


def _answer(result: Result, job: Mapping[str, Any], sink: _Sink) -> None:
    form = form_of(result)
    try:
        name = job["formats"].get(form)
        if name is None:
            raise NoFormat(_NO_FORMAT).detailed({"form": form})
        format = _format(form, name)
        sink.begin(form, format.name, compressible=not format.compact)
        written = write(result, format, sink, job["rows"], cut=job["cut"])
        sink.end(written.truncated)
        return
    except (OSError, RuntimeError, SyntaxError, ValueError) as error:
        reason = engine_reason(error)
    finally:
        del result
    raise QueryFailed(_FAILED, reason=reason)


def _read_back(body: bytes, form: Form) -> Result:
    """A result that another store wrote: JSON of rows or of a yes or no, N-Triples of a graph.

    Raises QueryFailed when it is not one, or not to its end.
    """
    try:
        if form is not Form.GRAPH:
            return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        store = ox.Store()
        store.load(body, format=ox.RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError, OSError) as error:
        raise QueryFailed(_FAILED, reason=type(error).__name__) from None
    return store.query("CONSTRUCT WHERE { ?s ?p ?o }")


def _tuple(iris: list[str] | None) -> tuple[str, ...] | None:
    return None if iris is None else tuple(iris)


def _term(text: str) -> Any:
    """A term from its N-Triples form."""
    quad = next(ox.parse(f"<x:s> <x:p> {text} .".encode(), format=ox.RdfFormat.N_TRIPLES))
    return quad.object


def _resident() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@cache
def _head(form: Form, format: str | None, coding: str | None) -> bytes:
    return frames.control(frames.HEAD, {"form": form, "format": format, "coding": coding})


@cache
def _end(cut: bool, last: bool) -> bytes:
    return frames.control(frames.END, {"cut": cut, "last": last})


@cache
def _format(form: Form, name: str) -> Format:
    return next(format for format in formats_of(form) if format.name == name)


class _Sink:
    """Sends an answer: its head before its first bytes, all of a small one in one go.

    `last` when the process will end after it, for it has grown beyond `most` bytes or is unwell.
    """

    def __init__(self, link: socket.socket, codings: tuple[str, ...], most: int) -> None:
        self.last = False
        self._most = most
        self._link = link
        self._codings = codings
        self._held = bytearray()
        self._head: tuple[Form, str | None] = (Form.SELECT, None)
        self._coded: CodedSink | None = None
        self._sent = False

    def begin(self, form: Form, format: str | None, compressible: bool = False) -> None:
        self._head = (form, format)
        self._coded = CodedSink(self._hold, self._codings if compressible else ())

    def write(self, piece: bytes) -> int:
        assert self._coded is not None
        self._coded.write(piece)
        return len(piece)

    def flush(self) -> None:
        """Pieces go when they are big enough."""

    def end(self, cut: bool) -> None:
        if self._coded is not None:
            self._coded.close()
        self.last = _resident() > self._most
        self._send(_end(cut, self.last))

    def fail(self, error: QueryError, last: bool = False) -> None:
        self._held.clear()
        self.last = last or _resident() > self._most
        failure = {**to_wire(error), "last": self.last}
        self._link.sendall(frames.control(frames.ERROR, failure))

    def _hold(self, piece: bytes) -> None:
        self._held += piece
        if len(self._held) >= _PIECE:
            self._send(b"")

    def _send(self, last: bytes) -> None:
        head = b""
        if not self._sent:
            assert self._coded is not None
            form, format = self._head
            head = _head(form, format, self._coded.coding)
            self._sent = True
        self._link.sendall(head + (frames.data(self._held) if self._held else b"") + last)
        self._held.clear()
