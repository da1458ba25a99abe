"""Activities as the International Aid Transparency Initiative (IATI) has them, of any publisher."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from coopdec_graph.sources.base import Document, Reading, SourceMetadata
from coopdec_graph.sources.iati.activity import PROGRAMME
from coopdec_graph.sources.iati.documents import find_documents, fingerprint
from coopdec_graph.sources.iati.read import read_document

__all__ = ["Iati"]


class Iati:
    """One document per activity of each file; each file has a publisher and terms of its own."""

    @property
    def metadata(self) -> SourceMetadata:
        return SourceMetadata(
            PROGRAMME, "International Aid Transparency Initiative", None, None, None
        )

    def documents(self, paths: Sequence[Path]) -> Iterator[Document]:
        """Activities below the given paths; UsageError for a path that does not exist."""
        return find_documents(paths)

    def fingerprint(self, document: Document) -> bytes:
        """SHA-256 over all that the reading of a document depends on."""
        return fingerprint(document)

    def read(self, document: Document) -> Reading:
        """What an activity says; never raises for what is wrong with the file."""
        return read_document(document)
