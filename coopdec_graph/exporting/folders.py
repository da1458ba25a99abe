"""Several files in one place: a folder, or a ZIP archive where the name says so."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Protocol

__all__ = ["Folder", "folder_at"]

# The earliest time that the format has: the same content gives the same archive.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


class Folder(Protocol):
    """Where files are made by name, one after the other."""

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]: ...


@contextmanager
def folder_at(path: Path) -> Iterator[Folder]:
    """A new folder, or a new archive for a name that ends with `.zip`."""
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            yield _Archive(archive)
    else:
        path.mkdir()
        yield _Plain(path)


class _Plain:
    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        return (self._path / name).open("wb")


class _Archive:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        entry = zipfile.ZipInfo(name, _NO_TIME)
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, _READABLE
        return self._archive.open(entry, "w", force_zip64=True)
