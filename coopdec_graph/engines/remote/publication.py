"""The statements by which a store says which release it holds, and in which graph its union lies.

They are in a graph of their own, `BASE + graph/publication`:

    <dataset>   dct:identifier   "c952050eb6c874a9"     the release
    <dataset>   sd:defaultGraph  <BASE graph/union/a>   where its union lies (layout "slots")
    <graph>     dct:identifier   "5f0c…"                digest of a named graph (layout "slots")

Whoever reads and whoever publishes agree on this module.
"""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import DCTERMS, Namespace

from coopdec_graph.namespaces import Minter

__all__ = ["Marks"]

_SD = Namespace("http://www.w3.org/ns/sparql-service-description#")


@dataclass(frozen=True, slots=True)
class Marks:
    """The IRIs of one deployment's publication, by its base."""

    base: str

    @property
    def dataset(self) -> str:
        return str(Minter(self.base).dataset())

    @property
    def graph(self) -> str:
        return str(Minter(self.base).graph("publication"))

    @property
    def nothing(self) -> str:
        """A graph that nobody ever writes to: how an empty side of a dataset is named."""
        return str(Minter(self.base).graph("nothing"))

    @property
    def slots(self) -> tuple[str, str]:
        """The two graphs a union may lie in: one is read while the other is written."""
        mint = Minter(self.base)
        return str(mint.graph("union", "a")), str(mint.graph("union", "b"))

    @property
    def identifier(self) -> str:
        return str(DCTERMS.identifier)

    @property
    def default_graph(self) -> str:
        return str(_SD.defaultGraph)

    def current_slot(self) -> str:
        """A query for the graph that holds the current union."""
        return (
            f"SELECT ?union WHERE {{ GRAPH <{self.graph}> "
            f"{{ <{self.dataset}> <{self.default_graph}> ?union }} }}"
        )

    def everything(self) -> str:
        """A query for all that is stated of the publication."""
        return f"SELECT ?s ?p ?o WHERE {{ GRAPH <{self.graph}> {{ ?s ?p ?o }} }}"
