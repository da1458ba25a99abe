"""The programmes we can read. A new one is a folder here and a line in SOURCES."""

from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual
from coopdec_graph.sources.atlas import Atlas
from coopdec_graph.sources.base import Source
from coopdec_graph.sources.iati import Iati

__all__ = ["SOURCES", "source_named"]

SOURCES: dict[str, Source] = {"atlas": Atlas(), "iati": Iati()}


_UNKNOWN = Bilingual(
    "Programme inconnu : « {name} ». Connus : {known}.",
    "Unknown programme: “{name}”. Known: {known}.",
)


def source_named(programme: str) -> Source:
    """The source of a programme. Raises UsageError when there is none."""
    if programme not in SOURCES:
        raise UsageError(_UNKNOWN, name=programme, known=", ".join(sorted(SOURCES)))
    return SOURCES[programme]
