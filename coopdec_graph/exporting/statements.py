"""The statements of an export, line by line from the release's N-Quads: its exact record.

Of chosen activities: their own graphs, the vocabulary, and of the shared graphs what these lead to
(bodies, places, countries, pages) and what is said about that (names, decisions, findings).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from coopdec_graph.exporting.base import Job
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import PREFIXES, Minter

__all__ = ["lines_by_graph", "lines_of", "quads_of"]

_WRITING = Bilingual("Écriture des quadruplets", "Writing quads")

_OWN = ("source", "narrative", "derived")
_SHARED = ("derived/names", "reference", "places", "links", "provenance", "quality", "candidates")
_BODY, _PLACE = (ox.NamedNode(PREFIXES["cd"] + name) for name in ("alignedBody", "alignedPlace"))
# What leads from a statement about something to that thing. A decision about a body leads to its
# place too, where other bodies may be: it is about the place only if there is no body.
_ABOUT = (
    _BODY,
    _PLACE,
    ox.NamedNode(PREFIXES["cd"] + "derivedSubject"),
    ox.NamedNode(PREFIXES["cd"] + "suggestedFor"),
    ox.NamedNode(PREFIXES["dct"] + "isReplacedBy"),
)
# Lines parsed at once.
_PIECE = 1000


def lines_of(job: Job) -> Iterator[bytes]:
    """Lines of N-Quads in code point order, without the candidates unless asked for."""
    return (line for _, _, line in _kept_lines(job))


def lines_by_graph(job: Job) -> Iterator[bytes]:
    """The same lines, graph after graph in code point order. Only their positions are held."""
    positions: dict[bytes, array[int]] = {}
    for position, graph, _ in _kept_lines(job):
        positions.setdefault(graph, array("Q")).append(position)
    with job.release.quads.open("rb") as file:
        for graph in sorted(positions):
            for position in positions[graph]:
                file.seek(position)
                yield file.readline()


def quads_of(lines: Iterable[bytes]) -> Iterator[ox.Quad]:
    """What lines of N-Quads say."""
    piece: list[bytes] = []
    for line in lines:
        piece.append(line)
        if len(piece) == _PIECE:
            yield from _parsed(piece)
            piece = []
    yield from _parsed(piece)


def _parsed(lines: list[bytes]) -> Iterable[ox.Quad]:
    return ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS)


def _kept_lines(job: Job) -> Iterator[tuple[int, bytes, bytes]]:
    """The lines of a job, each with its position in the file and its graph."""
    kept = None if job.whole else _Kept(job)
    apart = _bytes(_mint(job).graph("candidates"))
    position = 0
    for line in _tracked(job):
        subject, graph = line.split(b" ", 1)[0], line[:-3].rsplit(b" ", 1)[1]
        wanted = graph != apart or job.settings.candidates
        if wanted and (kept is None or kept.has(subject, graph)):
            yield position, graph, line
        position += len(line)


def _tracked(job: Job) -> Iterable[bytes]:
    total = job.release.manifest()["quads"]
    assert isinstance(total, int)
    with job.release.quads.open("rb") as file:
        yield from job.track(file, _WRITING, total)


def _mint(job: Job) -> Minter:
    return Minter(str(job.release.manifest()["base"]))


def _bytes(iri: str) -> bytes:
    """An IRI as N-Quads write it."""
    return f"<{iri}>".encode()


class _Kept:
    """Which statements belong to the activities of a job."""

    def __init__(self, job: Job) -> None:
        mint = _mint(job)
        keys = [activity.rpartition("/")[2] for activity in job.activities]
        own = [mint.graph(kind, key) for kind in _OWN for key in keys]
        shared = [mint.graph(name) for name in _SHARED]
        start = [mint.dataset(), *shared, *map(mint.validation_report, keys)]
        self._whole = set(map(_bytes, [*own, mint.graph("vocabulary")]))
        self._shared = set(map(_bytes, shared))
        self._subjects = set(map(_bytes, _reached(job.store, own, start, shared)))

    def has(self, subject: bytes, graph: bytes) -> bool:
        return graph in self._whole or (graph in self._shared and subject in self._subjects)


def _reached(
    store: ox.Store, own: Iterable[str], start: Iterable[str], shared: Iterable[str]
) -> set[str]:
    """What the graphs `own` name, what shared graphs say of it or of `start`, and so on."""
    graphs = [ox.NamedNode(graph) for graph in shared]
    found = set(start)
    waiting = list(found)

    def meet(*terms: object) -> None:
        for term in terms:
            if isinstance(term, ox.NamedNode) and term.value not in found:
                found.add(term.value)
                waiting.append(term.value)

    for name in own:
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(name)):
            meet(quad.subject, quad.object)
    while waiting:
        node = ox.NamedNode(waiting.pop())
        for graph in graphs:
            for quad in store.quads_for_pattern(node, None, None, graph):
                meet(quad.object)
            for property in _ABOUT:
                for quad in store.quads_for_pattern(None, property, node, graph):
                    if property != _PLACE or not _has(store, quad.subject, _BODY, graph):
                        meet(quad.subject)
    return found


def _has(store: ox.Store, subject: Any, property: ox.NamedNode, graph: ox.NamedNode) -> bool:
    return next(store.quads_for_pattern(subject, property, None, graph), None) is not None
