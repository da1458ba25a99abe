"""The Python client: the service of a host, or the graph of a folder, by the same methods."""

from coopdec_graph.client.client import Coopdec
from coopdec_graph.client.problem import Problem
from coopdec_graph.client.records import Records

__all__ = ["Coopdec", "Problem", "Records"]
