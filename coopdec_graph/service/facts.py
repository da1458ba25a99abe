"""Statements the service makes about itself, and the addresses they are about."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph as ox
from starlette.requests import Request

from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.results.formats import Format

__all__ = ["Facts", "address_of", "count"]

# RFC 3986, 3.2.2, as far as a client may really send one; `_` stands in the names of containers.
_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)

Subject = ox.NamedNode | ox.BlankNode
Value = ox.NamedNode | ox.BlankNode | ox.Literal


class Facts:
    """Collects triples and writes them, subject by subject in the order in which they came."""

    def __init__(self) -> None:
        self._about: dict[Subject, dict[ox.Triple, None]] = {}
        self._blank = 0

    def add(self, subject: Subject, predicate: str, *values: Value) -> None:
        """One triple per value."""
        known = self._about.setdefault(subject, {})
        for value in values:
            known[ox.Triple(subject, ox.NamedNode(str(predicate)), value)] = None

    def blank(self) -> ox.BlankNode:
        self._blank += 1
        return ox.BlankNode(f"b{self._blank}")

    def written(self, format: Format, more: Mapping[str, str] | None = None) -> bytes:
        """All of them, with the prefixes they use, of ours and `more`."""
        assert isinstance(format.engine, ox.RdfFormat)
        triples = [triple for about in self._about.values() for triple in about]
        text = "".join(map(str, triples))
        known = {**PREFIXES, **(more or {})}
        used = {name: iri for name, iri in known.items() if f"<{iri}" in text}
        return ox.serialize(triples, format=format.engine, prefixes=used) or b""


def address_of(request: Request) -> str:
    """The root of this service as the client addressed it, without a slash at its end.

    A host that is none is not repeated: the address the socket is bound to stands for it.
    """
    host = request.headers.get("host", "")
    scheme = request.scope["scheme"]
    if not _HOST.fullmatch(host):
        name, port = request.scope.get("server") or ("localhost", None)
        host = f"[{name}]" if ":" in name else name
        host += f":{port}" if port else ""
    return f"{scheme}://{host}{request.scope.get('root_path', '')}".rstrip("/")


def count(number: int) -> ox.Literal:
    return ox.Literal(number)
