"""The Atlas français de la coopération décentralisée, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from coopdec_graph.sources.atlas.documents import find_documents, fingerprint
from coopdec_graph.sources.atlas.read import read_document
from coopdec_graph.sources.atlas.settings import atlas_settings
from coopdec_graph.sources.base import Document, Reading, SourceMetadata

__all__ = ["Atlas"]


class Atlas:
    """The Atlas as a source: text captures in four layouts, and pages saved by a browser."""

    @property
    def metadata(self) -> SourceMetadata:
        return atlas_settings().metadata

    def documents(self, paths: Sequence[Path]) -> Iterator[Document]:
        """Pages below the given paths; UsageError for a path that does not exist."""
        return find_documents(paths)

    def fingerprint(self, document: Document) -> bytes:
        """SHA-256 over all that the reading of a document depends on."""
        return fingerprint(document)

    def read(self, document: Document) -> Reading:
        """What a page says; never raises for what is wrong with the page."""
        return read_document(document)
