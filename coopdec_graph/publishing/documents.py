"""Somebody's RDF file, read without fetching anything, and validated."""

from __future__ import annotations

from pathlib import Path

from rdflib import Graph

from coopdec_graph.errors import CoopdecError, UsageError
from coopdec_graph.graph.statements import rdflib_graph
from coopdec_graph.graph.store import parse_document, to_format
from coopdec_graph.language import Bilingual
from coopdec_graph.publishing.records import shipped_shapes, shipped_vocabulary
from coopdec_graph.validation import Report, validate

__all__ = ["RdfUnreadable", "validate_file"]

_MOST_BYTES = 200_000_000
_SUFFIX = Bilingual(
    "« {path} » : format inconnu. Suffixes connus : .ttl, .jsonld, .nt, .nq, .trig, .rdf.",
    "“{path}”: unknown format. Known suffixes: .ttl, .jsonld, .nt, .nq, .trig, .rdf.",
)
_UNREADABLE = Bilingual(
    "« {path} » n'est pas du RDF lisible : {reason}", "“{path}” is not readable RDF: {reason}"
)
_LARGE = Bilingual("« {path} » dépasse {most} octets.", "“{path}” exceeds {most} bytes.")


class RdfUnreadable(CoopdecError):
    """A file that does not parse, or that would need something fetched."""


def validate_file(path: Path) -> Report:
    """The report on one file, its format told by its suffix. Raises UsageError, RdfUnreadable."""
    return validate(_graph(path), shipped_shapes(), shipped_vocabulary())


def _graph(path: Path) -> Graph:
    format = to_format(path.name)
    if format is None:
        raise UsageError(_SUFFIX, path=path)
    if path.stat().st_size > _MOST_BYTES:
        raise RdfUnreadable(_LARGE, path=path, most=_MOST_BYTES)
    try:
        return rdflib_graph(parse_document(path.read_bytes(), format, path.absolute().as_uri()))
    except (SyntaxError, ValueError, OSError) as error:
        raise RdfUnreadable(_UNREADABLE, path=path, reason=str(error)) from None
