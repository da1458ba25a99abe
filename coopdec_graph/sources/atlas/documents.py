"""Files of Atlas pages: which to read, what their names and sidecars say of them."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from coopdec_graph.errors import PageUnreadable, UsageError
from coopdec_graph.language import Bilingual
from coopdec_graph.privacy import scrub
from coopdec_graph.sources.atlas.decoding import unreadable
from coopdec_graph.sources.atlas.settings import atlas_settings
from coopdec_graph.sources.base import Document

__all__ = [
    "Sidecar",
    "find_documents",
    "fingerprint",
    "identifier_of_name",
    "identifier_of_url",
    "read_bytes",
    "read_sidecar",
    "shown_name",
]

_SUFFIXES = (".txt", ".html", ".htm")
_IDENTIFIER = re.compile(r"[1-9][0-9]{0,8}")
_NUMBERED_NAME = re.compile(r"([1-9][0-9]{0,8})(?:\.(?:txt|html?))*", re.IGNORECASE)
_URL_IDENTIFIER = re.compile(r"[?&;]criteres\.prjId=([1-9][0-9]{0,8})(?![0-9])")
_SIDECAR_KEYS = {"project_id", "url", "captured"}

_MISSING = Bilingual(
    "« {path} » n'existe pas. Donnez une page ou un dossier de pages (.txt, .html).",
    "“{path}” does not exist. Give a page or a folder of pages (.txt, .html).",
)


@dataclass(frozen=True, slots=True)
class Sidecar:
    """`NAME.toml` beside a page: what is known of the capture and the page does not say."""

    project_id: str | None = None
    url: str | None = None
    captured: datetime | None = None


def find_documents(paths: Sequence[Path]) -> Iterator[Document]:
    """Every page below the given paths, each once, in the order of their names.

    A folder gives its .txt and .html files, at any depth; links to folders are not followed.
    A file that is named is read whatever its suffix. Raises UsageError for a missing path.
    """
    seen: set[str] = set()
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(_MISSING, path=path)
        found = _walk(path) if path.is_dir() else iter([Document(path, path.name)])
        for document in found:
            real = os.path.realpath(document.path)
            if real not in seen:
                seen.add(real)
                yield document


def _walk(folder: Path) -> Iterator[Document]:
    files = []
    for parent, _, names in os.walk(folder):
        files += [Path(parent) / name for name in names if _is_page(name)]
    for path in sorted(files, key=lambda path: path.relative_to(folder).as_posix()):
        yield Document(path, path.relative_to(folder).as_posix())


def _is_page(name: str) -> bool:
    return name.lower().endswith(_SUFFIXES) and not name.startswith(".")


def read_bytes(path: Path, limit: int | None = None) -> bytes:
    """The whole file. Raises PageUnreadable for what is no regular file, or is too large.

    The size is looked at first, and a pipe or device is never opened: it could block for ever.
    """
    most = limit or atlas_settings().page_bytes
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise unreadable("page-not-a-file")
        if found.st_size > most:
            raise unreadable("page-too-large", size=found.st_size, most=most)
        with path.open("rb") as file:
            return file.read(most + 1)[:most]
    except OSError as error:
        raise unreadable("page-inaccessible", reason=error.strerror or "?") from None


def identifier_of_name(name: str) -> str | None:
    """`3203.txt` gives 3203; a name that is not just a number, as a date, gives nothing."""
    found = _NUMBERED_NAME.fullmatch(Path(name).name)
    return found[1] if found else None


def shown_name(document: Document) -> str:
    """A document's name fit to be published: no mailbox, no byte that is not text."""
    return scrub(document.name.encode("utf-8", "replace").decode("utf-8"))


def identifier_of_url(url: str | None) -> str | None:
    found = _URL_IDENTIFIER.search(url) if url else None
    return found[1] if found else None


def sidecar_path(path: Path) -> Path:
    return path.with_suffix(".toml")


def read_sidecar(path: Path) -> Sidecar:
    """The sidecar of a page; an empty one when there is none. Raises PageUnreadable if wrong."""
    file = sidecar_path(path)
    if not file.exists():
        return Sidecar()
    content = read_bytes(file, atlas_settings().sidecar_bytes)
    try:
        return _sidecar(tomllib.loads(content.decode("utf-8")))
    except ValueError as error:
        raise unreadable("sidecar-wrong", reason=str(error)) from None
    except RecursionError:
        raise unreadable("sidecar-wrong", reason="nesting") from None


def _sidecar(facts: Mapping[str, object]) -> Sidecar:
    unknown = sorted(set(facts) - _SIDECAR_KEYS)
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}; known: {', '.join(sorted(_SIDECAR_KEYS))}")
    identifier, url = facts.get("project_id"), facts.get("url")
    if identifier is not None and not _IDENTIFIER.fullmatch(str(identifier)):
        raise ValueError("project_id must be a number from 1")
    if url is not None and not (
        isinstance(url, str) and re.fullmatch(r"https?://[^\s<>\"{}|\\^`@]+", url)
    ):
        raise ValueError("url must be an http address")
    return Sidecar(
        None if identifier is None else str(identifier), url, _moment(facts.get("captured"))
    )


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("captured needs an offset, as 2021-05-03T10:15:00+02:00")
        return value
    if isinstance(value, date):
        raise ValueError("captured needs a time, as 2021-05-03T10:15:00+02:00")
    raise ValueError("captured must be a date and time, as 2021-05-03T10:15:00+02:00")


def fingerprint(document: Document) -> bytes:
    """SHA-256 of what a document's reading depends on: its bytes, its name and its sidecar."""
    digest = hashlib.sha256(document.name.encode("utf-8", "surrogateescape"))
    for path in (document.path, sidecar_path(document.path)):
        try:
            content = read_bytes(path) if path.exists() else b""
        except PageUnreadable as error:
            content = error.code.encode()
        digest.update(hashlib.sha256(content).digest())
    return digest.digest()
