"""Files of IATI activities: one document for each activity, or one that says why a file is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.language import Bilingual
from coopdec_graph.sources.base import Document
from coopdec_graph.sources.files import find_files, inaccessible, refuse_special
from coopdec_graph.sources.iati.parsing import check_root
from coopdec_graph.sources.iati.splitting import Part, Root, Split, split
from coopdec_graph.sources.sidecar import Sidecar, read_sidecar

__all__ = [
    "ActivityDocument",
    "RefusedFile",
    "cut",
    "find_documents",
    "fingerprint",
    "open_file",
]

_SUFFIXES = (".xml",)
_MISSING = Bilingual(
    "« {path} » n'existe pas. Donnez un fichier d'activités IATI (.xml) ou un dossier.",
    "“{path}” does not exist. Give a file of IATI activities (.xml) or a folder.",
)


@dataclass(frozen=True, slots=True)
class ActivityDocument(Document):
    """One activity: the part of its file, and what stands above it there.

    `number` counts the activities of the file from 1; the document's name ends with it.
    """

    number: int
    part: Part
    root: Root
    sidecar: Sidecar


@dataclass(frozen=True, slots=True)
class RefusedFile(Document):
    """A file that cannot be read whole: `code` names the issue, `details` fill its text."""

    code: str
    details: Mapping[str, object]


def find_documents(paths: Sequence[Path]) -> Iterator[Document]:
    """The activities of every .xml file below the given paths, as `files.find_files` finds them."""
    for file in find_files(paths, _SUFFIXES, _MISSING):
        try:
            said = read_sidecar(file.path)
            found = open_file(file.path)
        except PageUnreadable as error:
            yield RefusedFile(file.path, file.name, error.code, dict(error.values))
            continue
        for number, part in enumerate(found, start=1):
            name = f"{file.name}#{number}"
            yield ActivityDocument(file.path, name, number, part, found.root, said)


def open_file(path: Path) -> Split:
    """Where the activities of a file are. Raises PageUnreadable when it is refused whole."""
    try:
        refuse_special(path)
        with path.open("rb") as file:
            found = split(file)
    except OSError as error:
        raise inaccessible(error) from None
    check_root(found.root)
    return found


def cut(path: Path, part: Part) -> bytes:
    """The bytes of one activity. Raises PageUnreadable."""
    try:
        with path.open("rb") as file:
            file.seek(part.start)
            return file.read(part.end - part.start)
    except OSError as error:
        raise inaccessible(error) from None


def fingerprint(document: Document) -> bytes:
    """SHA-256 of what a document's reading depends on: its bytes, its name, what stands beside."""
    if isinstance(document, ActivityDocument):
        facts: tuple[object, ...] = (document.root, document.sidecar, document.part.line)
        try:
            content = cut(document.path, document.part)
        except PageUnreadable as error:
            content = error.code.encode()
    else:
        assert isinstance(document, RefusedFile)
        facts, content = (document.code, document.details), b""
    digest = hashlib.sha256(document.name.encode("utf-8", "surrogateescape"))
    digest.update(repr(facts).encode("utf-8", "surrogateescape"))
    digest.update(hashlib.sha256(content).digest())
    return digest.digest()
