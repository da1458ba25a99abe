"""What every source offers the pipeline: documents found in folders, and a reading of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from coopdec_graph.issues import Issue, Level
from coopdec_graph.language import Bilingual
from coopdec_graph.model import Activity, SourceMetadata
from coopdec_graph.sources.accounting import Disposition

__all__ = ["LINES", "Document", "ExplainedLine", "Reading", "Source", "SourceMetadata"]

LINES = Bilingual("lignes non vides", "non-blank lines")


@dataclass(frozen=True, slots=True)
class Document:
    """A file to read. `name` is its path below the folder the user gave, with "/" between.

    A part of a file has `#` and its number, from 1, at the end of its name.
    """

    path: Path
    name: str

    def place(self) -> tuple[str, int]:
        """Where it comes among the others: by name, the parts of a file by their number."""
        file, _, part = self.name.rpartition("#")
        return (file, int(part)) if file and part.isdecimal() else (self.name, 0)


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A line with its fate; `text` is empty where it could hold personal data."""

    disposition: Disposition
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document gave. `activity` is None when the document could not be read.

    `name` is the document's, fit to be shown. `lines` are what was accounted for, of which `unit`
    says what they are.
    """

    name: str
    activity: Activity | None
    record: Mapping[str, object]
    issues: tuple[Issue, ...]
    lines: tuple[ExplainedLine, ...] = ()
    unit: Bilingual = LINES

    @property
    def refused(self) -> bool:
        return self.activity is None or any(issue.level is Level.ERROR for issue in self.issues)


class Source(Protocol):
    """A programme we can read. `fingerprint` changes when a document's own files change."""

    @property
    def metadata(self) -> SourceMetadata: ...

    def documents(self, paths: Sequence[Path]) -> Iterator[Document]: ...

    def fingerprint(self, document: Document) -> bytes: ...

    def read(self, document: Document) -> Reading: ...
