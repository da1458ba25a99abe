"""The only door to the embedded store: made once from N-Quads, then opened read-only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from coopdec_graph.graph.statements import triple_and_graph

__all__ = ["create_store", "load_store", "open_store", "parse_document", "to_format"]

# Not in the union: what nobody has accepted. A query sees it only if it names it.
_APART = "/graph/candidates"
# Bytes of a document that are loaded at a time.
_PIECE = 32 << 20


def create_store(quads: Path, folder: Path) -> None:
    """Loads a file of `n_quads` into a new store on disk: its named graphs, and their union.

    The graph `candidates` is no part of the union.

    The union is the store's default graph, where each triple stands once (RDF 1.1 Concepts, 3).
    The engine could unite the graphs at each query, but it gives a triple of two graphs twice,
    and a count or sum would be wrong. The store normalises literals (`7000.00` becomes `7000`):
    the file stays the exact record.
    """
    store = ox.Store(str(folder))
    with quads.open("rb") as file:
        for piece in _pieces(file):
            store.bulk_load(piece, format=ox.RdfFormat.N_QUADS)
        file.seek(0)
        for piece in _pieces(_united(file)):
            store.bulk_load(piece, format=ox.RdfFormat.N_TRIPLES)
    store.optimize()
    store.flush()


def _pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines together, some at a time: the engine takes several times the memory of what it is given."""
    taken, size = list[bytes](), 0
    for line in lines:
        taken.append(line)
        size += len(line)
        if size >= _PIECE:
            yield b"".join(taken)
            taken, size = [], 0
    yield b"".join(taken)


def _united(quads: Iterable[bytes]) -> Iterator[bytes]:
    """The triples of lines of quads that are in the union."""
    for line in quads:
        triple, graph = triple_and_graph(line.rstrip(b"\r\n \t"))
        if triple and not graph.endswith(f"{_APART}>".encode()):
            yield triple + b" .\n"


# The engine's own evaluation is three times as fast as quads that pass through Python.
_UNITE = f"""
INSERT {{ ?s ?p ?o }}
WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(!STRENDS(STR(?g), "{_APART}")) }}
"""


def load_store(quads: Path) -> ox.Store:
    """The same store, in memory: its named graphs, and their union as the default graph."""
    store = ox.Store()
    store.load(path=str(quads), format=ox.RdfFormat.N_QUADS)
    store.update(_UNITE)
    return store


def open_store(folder: Path) -> ox.Store:
    """An existing store, for reading only. Raises OSError when it cannot be opened."""
    return ox.Store.read_only(str(folder))


def parse_document(content: bytes, format: ox.RdfFormat, base: str) -> Iterator[ox.Quad]:
    """The quads of somebody's file. Raises SyntaxError; a remote JSON-LD context is refused."""
    return ox.parse(content, format=format, base_iri=base)


def to_format(name: str) -> ox.RdfFormat | None:
    """The RDF format of a file name's suffix, or None."""
    return ox.RdfFormat.from_extension(name.rpartition(".")[2].lower())
