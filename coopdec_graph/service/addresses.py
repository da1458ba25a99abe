"""From the IRIs of the graph to the paths of this service, and back.

A deployment serves its own `id/` and `graph/` below its base; the shared vocabulary (`def`,
`shapes`, `scheme/`) is served here too, at the same path as its IRI.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from coopdec_graph.namespaces import DEFAULT_BASE, ONTOLOGY, SHAPES

__all__ = ["Addresses"]

_PATH_SAFE = "/:@!$&'()*+,;=-._~%"


@dataclass(frozen=True, slots=True)
class Addresses:
    """`base` is the base of the published data."""

    base: str

    def iri_of_document(self, path: str) -> str:
        """`partnership/atlas-3203` is below `id/`; a path that begins with `scheme/` is shared."""
        return (DEFAULT_BASE if path.startswith("scheme/") else self.base + "id/") + path

    def local(self, iri: str) -> str | None:
        """The path that shows an IRI here, or None for an IRI of the rest of the web."""
        for root, path in (
            (f"{ONTOLOGY}#", "/def#"),
            (f"{SHAPES}#", "/shapes#"),
            (DEFAULT_BASE + "scheme/", "/doc/scheme/"),
            (self.base + "id/", "/doc/"),
            (self.base + "graph/", "/graph/"),
        ):
            if iri.startswith(root):
                return path + quote(iri.removeprefix(root), safe=_PATH_SAFE)
        return None
