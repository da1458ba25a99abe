"""coopdec-graph: French decentralised cooperation as a validated, queryable graph."""

__all__ = ["__released__", "__version__"]

__version__ = "0.1.0"

# The day of this version, and the day that statuses are computed for unless another is given: a day
# that is past wherever this code runs, and that gives the same graph from the same pages.
__released__ = "2026-11-23"
