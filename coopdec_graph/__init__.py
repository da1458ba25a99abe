"""coopdec-graph: French decentralised cooperation as a validated, queryable graph."""

__all__ = ["__version__"]

__version__ = "0.1.0"
