"""Files of Atlas pages: what their names and sidecars say of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.language import Bilingual
from coopdec_graph.sources import files, sidecar
from coopdec_graph.sources.atlas.settings import atlas_settings
from coopdec_graph.sources.base import Document

__all__ = [
    "Sidecar",
    "find_documents",
    "fingerprint",
    "identifier_of_name",
    "identifier_of_url",
    "read_page",
    "read_sidecar",
]

_SUFFIXES = (".txt", ".html", ".htm")
_IDENTIFIER = re.compile(r"[1-9][0-9]{0,8}")
_NUMBERED_NAME = re.compile(r"([1-9][0-9]{0,8})(?:\.(?:txt|html?))*", re.IGNORECASE)
_URL_IDENTIFIER = re.compile(r"[?&;]criteres\.prjId=([1-9][0-9]{0,8})(?![0-9])")
_SIDECAR_KEYS = ("project_id", "url", "captured")

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
    """Every page below the given paths, as `files.find_files` finds them."""
    return files.find_files(paths, _SUFFIXES, _MISSING)


def read_page(path: Path) -> bytes:
    """A whole page. Raises PageUnreadable for what is no regular file, or is too large."""
    return files.read_bytes(path, atlas_settings().page_bytes)


def identifier_of_name(name: str) -> str | None:
    """`3203.txt` gives 3203; a name that is not just a number, as a date, gives nothing."""
    found = _NUMBERED_NAME.fullmatch(Path(name).name)
    return found[1] if found else None


def identifier_of_url(url: str | None) -> str | None:
    found = _URL_IDENTIFIER.search(url) if url else None
    return found[1] if found else None


def sidecar_path(path: Path) -> Path:
    return path.with_suffix(".toml")


def read_sidecar(path: Path) -> Sidecar:
    """The sidecar of a page; an empty one when there is none. Raises PageUnreadable if wrong."""
    most = atlas_settings().sidecar_bytes
    facts = sidecar.read_facts(sidecar_path(path), _SIDECAR_KEYS, most)
    try:
        return _sidecar(facts)
    except ValueError as error:
        raise sidecar.wrong(str(error), _SIDECAR_KEYS) from None


def _sidecar(facts: Mapping[str, object]) -> Sidecar:
    identifier = facts.get("project_id")
    if identifier is not None and not _IDENTIFIER.fullmatch(str(identifier)):
        raise ValueError("project_id must be a number from 1")
    return Sidecar(
        None if identifier is None else str(identifier),
        sidecar.address(facts, "url"),
        sidecar.moment(facts, "captured"),
    )


def fingerprint(document: Document) -> bytes:
    """SHA-256 of what a document's reading depends on: its bytes, its name and its sidecar."""
    digest = hashlib.sha256(document.name.encode("utf-8", "surrogateescape"))
    for path in (document.path, sidecar_path(document.path)):
        try:
            content = read_page(path) if path.exists() else b""
        except PageUnreadable as error:
            content = error.code.encode()
        digest.update(hashlib.sha256(content).digest())
    return digest.digest()
