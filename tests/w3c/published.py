"""The suite's data as a release of ours: every file a named graph, under the IRI of the file.

One service over it answers all tests: each names the graphs it means by `default-graph-uri` and
`named-graph-uri`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from coopdec_graph.publishing.releases import Releases

__all__ = ["DEPLOYMENT", "publish"]

# The host the Graph Store Protocol tests speak to: their graphs are graphs of this deployment.
DEPLOYMENT = "http://www.example/"


def publish(folder: Path, graphs: Mapping[str, Iterable[ox.Triple]]) -> None:
    """Publishes these named graphs in `folder`, for `coopdec serve --data`."""
    quads = (
        ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(name))
        for name, triples in graphs.items()
        for triple in triples
    )
    content = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    facts = {"base": DEPLOYMENT, "software": "coopdec-graph", "as_of": "2026-01-01", "pages": 0}
    releases = Releases(folder)
    with releases.writing():
        releases.publish({"graph.nq": content, "issues.jsonl": b""}, facts)
