"""From the IRIs of the graph to the paths of this service, and back.

A deployment serves its own `id/` and `graph/` below its base; the shared vocabulary (`def`,
`shapes`, `profiles`, `scheme/`, `alignment/`) is served here too, at the same path as its IRI. The
document of a correspondence has a path of its own: `alignment/` is that of an alignment of the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from coopdec_graph.namespaces import DEFAULT_BASE, ONTOLOGY, PROFILES, SHAPES

__all__ = ["Addresses"]

# How the path of a document begins, and what it is of below the base that all share.
_SHARED = {"scheme/": "scheme/", "correspondence/": "alignment/"}

_PATH_SAFE = "/:@!$&'()*+,;=-._~%"


@dataclass(frozen=True, slots=True)
class Addresses:
    """`base` is the base of the published data."""

    base: str

    def iri_of_document(self, path: str) -> str:
        """`partnership/atlas-3203` is below `id/`; what is shared is below the base of the terms."""
        for start, root in _SHARED.items():
            if path.startswith(start):
                return DEFAULT_BASE + root + path.removeprefix(start)
        return f"{self.base}id/{path}"

    def local(self, iri: str) -> str | None:
        """The path that shows an IRI here, or None for an IRI of the rest of the web."""
        for root, path in (
            (f"{ONTOLOGY}#", "/def#"),
            (f"{SHAPES}#", "/shapes#"),
            (f"{PROFILES}#", "/profiles#"),
            *((DEFAULT_BASE + root, f"/doc/{start}") for start, root in _SHARED.items()),
            (self.base + "id/", "/doc/"),
            (self.base + "graph/", "/graph/"),
        ):
            if iri.startswith(root):
                return path + quote(iri.removeprefix(root), safe=_PATH_SAFE)
        return None
