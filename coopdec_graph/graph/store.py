"""The only door to the embedded store: made once from N-Quads, then opened read-only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

__all__ = ["create_store", "load_store", "open_store", "parse_document", "to_format"]

# Not in the union: what nobody has accepted. A query sees it only if it names it.
_APART = "/graph/candidates"


def create_store(quads: Path, folder: Path) -> None:
    """Loads an N-Quads file into a new store on disk: its named graphs, and their union.

    The graph `candidates` is no part of the union.

    The union is the store's default graph, where each triple stands once (RDF 1.1 Concepts, 3).
    The engine could unite the graphs at each query, but it gives a triple of two graphs twice,
    and a count or sum would be wrong. The store normalises literals (`7000.00` becomes `7000`):
    the file stays the exact record.
    """
    store = ox.Store(str(folder))
    store.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
    store.bulk_extend(
        ox.Quad(quad.subject, quad.predicate, quad.object)
        for quad in ox.parse(path=str(quads), format=ox.RdfFormat.N_QUADS)
        if not str(quad.graph_name).endswith(f"{_APART}>")
    )
    store.optimize()
    store.flush()


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
