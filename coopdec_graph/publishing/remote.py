"""Loads a release into a remote store, so that readers see the old one or the new one.

Two ways, by the store's layout (docs/scaling.md):

- DATASET: the whole store is replaced by one request, which the store carries out whole or not at
  all. What is being sent is staged by the store itself.
- SLOTS: the union is staged in the slot nobody reads, and counted; the named graphs that changed
  are replaced one by one; then one update says that this slot is the current one.

A release that is there already is not sent again. An interrupted run leaves the release before it
served, and the next run clears what it had staged.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pyoxigraph as ox

from coopdec_graph.engines.remote.configuration import Layout, RemoteStore
from coopdec_graph.engines.remote.publication import Marks
from coopdec_graph.engines.remote.writing import PublishFailed, StoreWriter
from coopdec_graph.errors import UsageError
from coopdec_graph.graph.store import open_store
from coopdec_graph.language import Bilingual
from coopdec_graph.progress import Track
from coopdec_graph.publishing.releases import Release

__all__ = ["Published", "publish_to"]

_SENDING = Bilingual("Envoi au magasin", "Sending to the store")
_STAGING = Bilingual("Envoi de l'union", "Sending the union")
_REPLACING = Bilingual("Envoi des graphes nommés", "Sending the named graphs")
_FOREIGN = Bilingual(
    "Le magasin contient des données que coopdec n'y a pas mises ; publier remplacerait tout."
    " Videz-le, ou ajoutez --replace.",
    "The store holds data that coopdec did not put there; publishing would replace all of it."
    " Empty it, or add --replace.",
)
_COUNT = Bilingual(
    "Le magasin a {found} triplets au lieu de {expected} dans <{graph}>.{state_fr}",
    "The store has {found} triples instead of {expected} in <{graph}>.{state_en}",
)
_STATE_KEPT = Bilingual(
    " La publication précédente reste servie.", " The previous release is still served."
)
_STATE_SWITCHED = Bilingual(" Publiez de nouveau avec --replace.", " Publish again with --replace.")

_PIECE = 1024 * 1024
_LINES_AT_ONCE = 20_000
_MARKS_AT_ONCE = 200
# In the place of a graph's digest while it is being replaced; no digest looks like it.
_PENDING = "pending"
_PAGE = 2_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Published:
    """What a run did: `fresh` is false when the store had the release already."""

    release: str
    fresh: bool
    triples: int
    graphs: int


def publish_to(
    remote: RemoteStore, release: Release, track: Track, replace: bool = False
) -> Published:
    """Makes the store serve a release. `replace` sends it whatever the store holds.

    Raises UsageError and PublishFailed.
    """
    marks = Marks(str(release.manifest()["base"]))
    with release.held(), StoreWriter(remote) as writer, TemporaryDirectory() as folder:
        content = _Content(open_store(release.store), Path(folder))
        if remote.layout is Layout.DATASET:
            run: _Dataset | _Slots = _Dataset(writer, release, content, marks, track, replace)
        else:
            run = _Slots(writer, release, content, marks, track, replace, remote.settle_seconds)
        fresh = run.publish()
        return Published(release.id, fresh, content.union_size, len(content.graphs))


class _Content:
    """What a release's store holds. Literals are as the embedded engine has them, so that both
    engines give the same rows; there is no blank node, so that a graph can be sent in parts."""

    def __init__(self, store: ox.Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        names = [graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)]
        self.graphs: Sequence[str] = sorted(names)

    def triples(self, graph: str) -> bytes:
        """A named graph as N-Triples."""
        return (
            self._store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph)) or b""
        )

    def union(self) -> Path:
        """A file of the union, as N-Triples."""
        path = self._folder / "union.nt"
        if not path.exists():
            self._store.dump(str(path), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        return path

    def dataset(self) -> Path:
        """A file of everything, the union as the default graph, as N-Quads."""
        path = self._folder / "dataset.nq"
        self._store.dump(str(path), format=ox.RdfFormat.N_QUADS)
        return path

    @property
    def union_size(self) -> int:
        return _count(self._store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")

    @property
    def named_size(self) -> int:
        return _count(self._store, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")


def _count(store: ox.Store, query: str) -> int:
    result = store.query(query)
    assert isinstance(result, ox.QuerySolutions)
    return int(next(result)["n"].value)


@dataclass
class _Run:
    writer: StoreWriter
    release: Release
    content: _Content
    marks: Marks
    track: Track
    replace: bool

    def state(self, predicate: str) -> list[str]:
        """What the store says of the dataset by one of the marks."""
        marks = self.marks
        return [
            row["o"]
            for row in self.writer.rows(
                f"SELECT ?o {{ GRAPH <{marks.graph}> {{ <{marks.dataset}> <{predicate}> ?o }} }}"
            )
        ]

    def expect(self, graph: str, pattern: str, expected: int, state: Bilingual) -> None:
        """Raises PublishFailed when the store counts another number of triples."""
        found = self.writer.count(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
        if found != expected:
            raise PublishFailed(
                _COUNT,
                found=found,
                expected=expected,
                graph=graph,
                state_fr=state.fr,
                state_en=state.en,
            )


class _Dataset(_Run):
    """The store holds one release and nothing else."""

    def publish(self) -> bool:
        published = self.state(self.marks.identifier)
        if published == [self.release.id] and not self.replace:
            return False
        if not published and not self.replace and self._holds_anything():
            raise UsageError(_FOREIGN)
        body = _Body(self.content.dataset(), self._mark(), self.track)
        self.writer.replace_all(body)
        self._verify()
        return True

    def _holds_anything(self) -> bool:
        query = "SELECT ?s { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } LIMIT 1"
        return bool(self.writer.rows(query))

    def _mark(self) -> bytes:
        marks = self.marks
        return _statement(marks.dataset, marks.identifier, self.release.id, marks.graph).encode()

    def _verify(self) -> None:
        switched = _STATE_SWITCHED
        self.expect("default", "?s ?p ?o", self.content.union_size, switched)
        named = self.content.named_size + 1
        self.expect("named", "GRAPH ?g { ?s ?p ?o }", named, switched)


@dataclass(frozen=True, slots=True)
class _Body:
    """A file and some more bytes, to be sent in pieces; again from the start if asked again."""

    path: Path
    more: bytes
    track: Track

    def __iter__(self) -> Iterator[bytes]:
        total = -(-self.path.stat().st_size // _PIECE)
        with self.path.open("rb") as file:
            yield from self.track(iter(lambda: file.read(_PIECE), b""), _SENDING, total)
        yield self.more


@dataclass
class _Slots(_Run):
    """The store may hold other graphs, which are left alone."""

    settle_seconds: float
    digests: dict[str, str] = field(default_factory=dict)

    def publish(self) -> bool:
        published = self.state(self.marks.identifier)
        current = self.state(self.marks.default_graph)
        stored = self._stored_digests()
        self.digests = {g: _digest(self.content.triples(g)) for g in self.content.graphs}
        there = published == [self.release.id] and len(current) == 1 and not self.replace
        if there and stored == self.digests:
            return False
        kept = {} if self.replace else stored
        changed = [graph for graph, value in self.digests.items() if kept.get(graph) != value]
        free = next(slot for slot in self.marks.slots if current[:1] != [slot])
        if not there:
            self._stage(free)
        self._replace_graphs(changed, stored)
        if not there:
            self._switch(published, current, free)
        self._remove([graph for graph in stored if graph not in self.digests], stored)
        return True

    def _stage(self, slot: str) -> None:
        """Waits first when the slot is not empty: an engine may have read it a moment ago."""
        if self.writer.rows(f"SELECT ?s {{ GRAPH <{slot}> {{ ?s ?p ?o }} }} LIMIT 1"):
            time.sleep(self.settle_seconds)
            self.writer.clear([slot])
        with self.content.union().open("rb") as lines:
            total = -(-self.content.union_size // _LINES_AT_ONCE)
            batches = iter(lambda: b"".join(islice(lines, _LINES_AT_ONCE)), b"")
            for batch in self.track(batches, _STAGING, total):
                self.writer.add(slot, batch)
        self._count(slot, self.content.union_size)

    def _replace_graphs(self, graphs: Sequence[str], stored: Mapping[str, str]) -> None:
        """A graph is marked before it is touched: a run that ends here is taken up by the next."""
        for chunk in _chunks(graphs):
            pending = dict.fromkeys(chunk, _PENDING)
            self._mark({graph: stored[graph] for graph in chunk if graph in stored}, pending)
        for graph in self.track(graphs, _REPLACING, len(graphs)):
            triples = self.content.triples(graph)
            self.writer.replace(graph, triples)
            self._count(graph, triples.count(b"\n"))
        for chunk in _chunks(graphs):
            pending = dict.fromkeys(chunk, _PENDING)
            self._mark(pending, {graph: self.digests[graph] for graph in chunk})

    def _switch(self, published: Sequence[str], current: Sequence[str], slot: str) -> None:
        """One request, and on Virtuoso one transaction."""
        old = [self._identifier(value) for value in published]
        old += [self._default_graph(value) for value in current]
        new = [self._identifier(self.release.id), self._default_graph(slot)]
        self._exchange(old, new)

    def _remove(self, graphs: Sequence[str], stored: Mapping[str, str]) -> None:
        """Graphs the release has no more; forgotten last, so that an interrupted run is resumed."""
        for chunk in _chunks(graphs):
            self.writer.clear(chunk)
            self._mark({graph: stored[graph] for graph in chunk}, {})

    def _count(self, graph: str, expected: int) -> None:
        self.expect(graph, f"GRAPH <{graph}> {{ ?s ?p ?o }}", expected, _STATE_KEPT)

    def _stored_digests(self) -> dict[str, str]:
        """Digests by graph, page by page: a store may cut long results."""
        marks = self.marks
        found: dict[str, str] = {}
        last = ""
        while True:
            page = self.writer.rows(
                f"SELECT ?g ?digest {{ GRAPH <{marks.graph}> {{ ?g <{marks.identifier}> ?digest }}"
                f' FILTER(?g != <{marks.dataset}> && STR(?g) > "{last}") }}'
                f" ORDER BY STR(?g) LIMIT {_PAGE}"
            )
            found.update((row["g"], row["digest"]) for row in page)
            if len(page) < _PAGE:
                return found
            last = page[-1]["g"]

    def _mark(self, old: Mapping[str, str], new: Mapping[str, str]) -> None:
        """Digests in the place of others."""
        identifier = self.marks.identifier
        sides = (
            [_statement(graph, identifier, side[graph]) for graph in side] for side in (old, new)
        )
        self._exchange(*sides)

    def _exchange(self, old: Sequence[str], new: Sequence[str]) -> None:
        """Marks in the place of others, in one request."""
        operations = [
            f"{verb} DATA {{ GRAPH <{self.marks.graph}> {{ {''.join(lines)} }} }}"
            for verb, lines in (("DELETE", old), ("INSERT", new))
            if lines
        ]
        self.writer.update(" ; ".join(operations))

    def _identifier(self, value: str) -> str:
        return _statement(self.marks.dataset, self.marks.identifier, value)

    def _default_graph(self, slot: str) -> str:
        return f"<{self.marks.dataset}> <{self.marks.default_graph}> <{slot}> .\n"


def _statement(subject: str, predicate: str, value: str, graph: str = "") -> str:
    literal = str(ox.Literal(value))
    return f"<{subject}> <{predicate}> {literal}{f' <{graph}>' if graph else ''} .\n"


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _MARKS_AT_ONCE):
        yield items[start : start + _MARKS_AT_ONCE]


def _digest(triples: bytes) -> str:
    """Of a graph, whatever the order of its lines."""
    return hashlib.sha256(b"".join(sorted(triples.splitlines(keepends=True)))).hexdigest()[:16]
