"""Lists of projects as tables (CSV, XLSX, ODS), by a mapping that says what each column is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coopdec_graph.sources.base import Document, Reading, SourceMetadata
from coopdec_graph.sources.tabular.documents import find_documents, fingerprint
from coopdec_graph.sources.tabular.mapping import TableMapping
from coopdec_graph.sources.tabular.mapping_file import mapping_bytes, parsed_mapping
from coopdec_graph.sources.tabular.read import read_document

__all__ = ["Tabular"]

_SHIPPED = Path(__file__).with_name("mappings")


@dataclass(frozen=True, slots=True)
class Tabular:
    """A programme that is read by a mapping: one document for each row of each table.

    `content` is the mapping's file, `file` what errors call it.
    """

    content: bytes
    file: str

    @classmethod
    def by(cls, path: Path) -> Tabular:
        """The programme of a mapping file. Raises UsageError for one that cannot be followed."""
        programme = cls(mapping_bytes(path), str(path))
        parsed_mapping(programme.content, programme.file)
        return programme

    @classmethod
    def shipped(cls, name: str) -> Tabular:
        """A programme whose mapping comes with the software; it is parsed when it is used."""
        path = _SHIPPED / f"{name}.toml"
        return cls(path.read_bytes(), path.name)

    @property
    def mapping(self) -> TableMapping:
        return parsed_mapping(self.content, self.file)

    @property
    def metadata(self) -> SourceMetadata:
        return self.mapping.metadata

    def documents(self, paths: Sequence[Path]) -> Iterator[Document]:
        """Rows of the tables below the given paths; UsageError for a path that does not exist."""
        return find_documents(paths, self.mapping)

    def fingerprint(self, document: Document) -> bytes:
        """SHA-256 over all that the reading of a document depends on."""
        return fingerprint(document, self.mapping)

    def read(self, document: Document) -> Reading:
        """What a row says; never raises for what is wrong with it."""
        return read_document(document, self.mapping)
