"""The rdflib-endpoint server of the endpoint's bench, as uvicorn starts it in each process."""

from __future__ import annotations

import os

from rdflib import Graph
from rdflib_endpoint import SparqlEndpoint

FILE = "COOPDEC_BENCH_UNION"


def create() -> SparqlEndpoint:
    """An application over the N-Triples that the environment names."""
    graph = Graph()
    graph.parse(os.environ[FILE], format="nt")
    return SparqlEndpoint(graph=graph, path="/")
