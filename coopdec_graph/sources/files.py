"""Files of documents: which to read, and their bytes, whatever the programme."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from coopdec_graph.errors import PageUnreadable, UsageError
from coopdec_graph.issues import issue_kinds
from coopdec_graph.language import Bilingual
from coopdec_graph.privacy import scrub
from coopdec_graph.sources.base import Document

__all__ = ["find_files", "inaccessible", "read_bytes", "refuse_special", "shown_name", "unreadable"]


def unreadable(code: str, **values: object) -> PageUnreadable:
    """The error that makes a document's only issue this one of the catalogue."""
    return PageUnreadable(code, issue_kinds()[code].message, **values)


def inaccessible(error: OSError) -> PageUnreadable:
    """The same, of a file that the system does not let us read."""
    return unreadable("page-inaccessible", reason=error.strerror or "?")


def find_files(
    paths: Sequence[Path], suffixes: tuple[str, ...], missing: Bilingual
) -> Iterator[Document]:
    """Every file below the given paths, each once, in the order of their names.

    A folder gives its files with one of the suffixes, hidden ones apart, at any depth; links to
    folders are not followed. A file that is named is read whatever its suffix. Raises UsageError,
    with `missing`, for a path that does not exist.
    """
    seen: set[str] = set()
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(missing, path=path)
        found = _walk(path, suffixes) if path.is_dir() else iter([Document(path, path.name)])
        for document in found:
            real = os.path.realpath(document.path)
            if real not in seen:
                seen.add(real)
                yield document


def _walk(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Document]:
    files = []
    for parent, _, names in os.walk(folder):
        wanted = (n for n in names if n.lower().endswith(suffixes) and not n.startswith("."))
        files += [Path(parent) / name for name in wanted]
    for path in sorted(files, key=lambda path: path.relative_to(folder).as_posix()):
        yield Document(path, path.relative_to(folder).as_posix())


def refuse_special(path: Path) -> int:
    """The size of a regular file. Raises PageUnreadable for any other: to open a pipe could block.

    Raises OSError as well.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise unreadable("page-not-a-file")
    return found.st_size


def read_bytes(path: Path, most: int) -> bytes:
    """The whole file. Raises PageUnreadable for what is no regular file, or is too large."""
    try:
        size = refuse_special(path)
        if size > most:
            raise unreadable("page-too-large", size=size, most=most)
        with path.open("rb") as file:
            return file.read(most + 1)[:most]
    except OSError as error:
        raise inaccessible(error) from None


def shown_name(document: Document) -> str:
    """A document's name fit to be published: no mailbox, no byte that is not text."""
    return scrub(document.name.encode("utf-8", "replace").decode("utf-8"))
