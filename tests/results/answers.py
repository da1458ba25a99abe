"""What these tests share: a sink that collects, and a result written in a format by its name."""

from __future__ import annotations

import pyoxigraph as ox

from coopdec_graph.graph.query import Form
from coopdec_graph.results.formats import Format, formats_of
from coopdec_graph.results.writing import Written, write

GEO = "http://www.opengis.net/ont/geosparql#"


class Collecting:
    """A sink that keeps its pieces."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.flushed = 0

    def write(self, data: bytes) -> int:
        self.pieces.append(data)
        return len(data)

    def flush(self) -> None:
        self.flushed += 1

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)


def format_named(name: str) -> Format:
    return next(format for form in Form for format in formats_of(form) if format.name == name)


def written(
    query: str, name: str, most: int | None = None, cut: bool = False, store: ox.Store | None = None
) -> tuple[bytes, Written]:
    """The whole body of a query over a store, else over nothing, and what is said of it."""
    sink = Collecting()
    prefixes = {"geo": GEO, "xsd": "http://www.w3.org/2001/XMLSchema#"}
    result = (store or ox.Store()).query(query, prefixes=prefixes)
    done = write(result, format_named(name), sink, most, cut)
    assert sink.flushed >= 1
    return sink.body, done


def values(*rows: str, names: str = "?a") -> str:
    """A query whose rows are written out: each row its terms in SPARQL."""
    return f"SELECT {names} {{ VALUES ({names}) {{ {' '.join(f'({row})' for row in rows)} }} }}"
