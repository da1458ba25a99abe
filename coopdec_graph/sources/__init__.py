"""The programmes we can read. A new one is a folder here and a line in SOURCES."""

from coopdec_graph.sources.atlas import Atlas
from coopdec_graph.sources.base import Source

__all__ = ["SOURCES", "source_named"]

SOURCES: dict[str, Source] = {"atlas": Atlas()}


def source_named(programme: str) -> Source:
    """The source of a programme; KeyError when we have none."""
    return SOURCES[programme]
