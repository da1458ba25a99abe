"""Somebody's RDF file, read without fetching anything, and validated."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rdflib import Graph

from coopdec_graph.errors import CoopdecError, UsageError
from coopdec_graph.graph.statements import rdflib_graph
from coopdec_graph.graph.store import parse_document, to_format
from coopdec_graph.language import Bilingual
from coopdec_graph.publishing.records import shipped_shapes, shipped_vocabulary
from coopdec_graph.resources import resource_folder
from coopdec_graph.validation import Report, Shapes, validate

__all__ = ["RdfUnreadable", "validate_catalog", "validate_file"]

_MOST_BYTES = 200_000_000
_SUFFIX = Bilingual(
    "« {path} » : format inconnu. Suffixes connus : .ttl, .jsonld, .nt, .nq, .trig, .rdf.",
    "“{path}”: unknown format. Known suffixes: .ttl, .jsonld, .nt, .nq, .trig, .rdf.",
)
_UNREADABLE = Bilingual(
    "« {path} » n'est pas du RDF lisible : {reason}", "“{path}” is not readable RDF: {reason}"
)
_REMOTE = Bilingual(
    "« {path} » renvoie à un contexte JSON-LD distant ; rien n'est chargé d'ailleurs. Copiez le contexte dans le fichier.",
    "“{path}” refers to a remote JSON-LD context; nothing is loaded from elsewhere. Copy the context into the file.",
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LARGE = Bilingual("« {path} » dépasse {most} octets.", "“{path}” exceeds {most} bytes.")


class RdfUnreadable(CoopdecError):
    """A file that does not parse, or that would need something fetched."""


def validate_file(path: Path) -> Report:
    """The report on one file, its format told by its suffix. Raises UsageError, RdfUnreadable."""
    return validate(_graph(path), shipped_shapes(), shipped_vocabulary())


def validate_catalog(path: Path) -> Report:
    """As `validate_file`, by what DCAT-AP asks of the record of a catalogue."""
    return validate(_graph(path), _dcat_ap_shapes(), Graph())


@cache
def _dcat_ap_shapes() -> Shapes:
    return Shapes.load(resource_folder("shapes") / "dcat-ap", private=False)


def _graph(path: Path) -> Graph:
    format = to_format(path.name)
    if format is None:
        raise UsageError(_SUFFIX, path=path)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise RdfUnreadable(_LARGE, path=path, most=_MOST_BYTES)
        content = path.read_bytes().removeprefix(_BYTE_ORDER_MARK)
        return rdflib_graph(parse_document(content, format, path.absolute().as_uri()))
    except (SyntaxError, ValueError, OSError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> RdfUnreadable:
    if "LoadDocumentCallback" in str(error):
        return RdfUnreadable(_REMOTE, path=path)
    reason = error.msg if isinstance(error, SyntaxError) else str(error)
    return RdfUnreadable(_UNREADABLE, path=path, reason=reason)
