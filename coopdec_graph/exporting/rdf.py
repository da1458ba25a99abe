"""RDF documents: TriG keeps the named graphs, Turtle and JSON-LD are the graph that queries see.

That is the union of the named graphs, each triple once.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from coopdec_graph.exporting.base import Job, Option, Outcome
from coopdec_graph.exporting.statements import lines_by_graph, lines_of, quads_of
from coopdec_graph.namespaces import PREFIXES

__all__ = ["TAKES", "serialize", "write_jsonld", "write_trig", "write_turtle"]

TAKES = frozenset({Option.CANDIDATES})


def write_trig(job: Job, path: Path) -> Outcome:
    """Writes RDF 1.1 TriG, graph after graph."""
    return _write(job, path, quads_of(lines_by_graph(job)), ox.RdfFormat.TRIG)


def write_turtle(job: Job, path: Path) -> Outcome:
    """Writes RDF 1.1 Turtle, subject after subject."""
    return _write(job, path, _union(job), ox.RdfFormat.TURTLE)


def write_jsonld(job: Job, path: Path) -> Outcome:
    """Writes JSON-LD 1.1, expanded, subject after subject."""
    return _write(job, path, _union(job), ox.RdfFormat.JSON_LD)


def serialize(
    statements: Iterable[ox.Quad] | Iterable[ox.Triple],
    path: Path,
    format: ox.RdfFormat,
    prefixes: Mapping[str, str],
) -> None:
    """Writes statements as they come: the same ones give the same bytes."""
    with path.open("wb") as file, _OrderedPrefixes(file) as sink:
        ox.serialize(statements, cast(IO[bytes], sink), format=format, prefixes=dict(prefixes))


def _write(
    job: Job, path: Path, statements: Iterable[ox.Quad] | Iterable[ox.Triple], format: ox.RdfFormat
) -> Outcome:
    serialize(statements, path, format, PREFIXES)
    return Outcome(len(job.activities))


def _union(job: Job) -> Iterator[ox.Triple]:
    """Each triple once: its lines, one per graph, follow each other in the release."""
    last: ox.Triple | None = None
    for quad in quads_of(lines_of(job)):
        if quad.triple != last:
            last = quad.triple
            yield last


class _OrderedPrefixes(io.RawIOBase):
    """Passes a document on with its prefixes in order: the serializer has them in none."""

    def __init__(self, file: io.BufferedWriter) -> None:
        self._file = file
        self._head: bytes | None = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self._head is None:
            return self._file.write(data)
        self._head += bytes(data)
        lines = self._head.splitlines(keepends=True)
        if lines and not lines[-1].startswith(b"@prefix"[: len(lines[-1])]):
            self._pass_on(lines)
        return len(data)

    def close(self) -> None:
        if self._head is not None and not self.closed:
            self._pass_on(self._head.splitlines(keepends=True))
        super().close()

    def _pass_on(self, lines: list[bytes]) -> None:
        prefixes = [line for line in lines if line.startswith(b"@prefix")]
        self._file.write(b"".join([*sorted(prefixes), *lines[len(prefixes) :]]))
        self._head = None
