"""The programmes we can read. A new one is a folder here, or a mapping, and a line in SOURCES."""

from pathlib import Path

from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual
from coopdec_graph.sources.atlas import Atlas
from coopdec_graph.sources.base import Source
from coopdec_graph.sources.iati import Iati
from coopdec_graph.sources.tabular import Tabular

__all__ = ["MAPPING_SUFFIX", "SOURCES", "source_named"]

SOURCES: dict[str, Source] = {
    "360giving": Tabular.shipped("360giving"),
    "atlas": Atlas(),
    "iati": Iati(),
    "kohesio": Tabular.shipped("kohesio"),
}
# A programme by the file that says how its tables are read.
MAPPING_SUFFIX = ".toml"

_UNKNOWN = Bilingual(
    "Programme inconnu : « {name} ». Connus : {known} ; ou un fichier de correspondance (.toml).",
    "Unknown programme: “{name}”. Known: {known}; or a mapping file (.toml).",
)


def source_named(programme: str) -> Source:
    """The source of a programme, or of a mapping file. Raises UsageError when there is none."""
    if programme in SOURCES:
        return SOURCES[programme]
    if programme.lower().endswith(MAPPING_SUFFIX):
        return Tabular.by(Path(programme))
    raise UsageError(_UNKNOWN, name=programme, known=", ".join(sorted(SOURCES)))
