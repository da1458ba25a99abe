"""Parts of a workbook (a ZIP of XML files), streamed within limits, without entities."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.sources.files import unreadable
from coopdec_graph.sources.tabular.csv_rows import too_large
from coopdec_graph.sources.tabular.settings import table_settings

__all__ = ["PartReader", "Workbook", "damaged"]

# What so many bytes become is held at a time: of a sheet, some hundreds of rows of any width.
_CHUNK = 16_384
_ENCRYPTED = 0x1
# What both formats are packed with (ECMA-376 part 2, annex C; ODF 1.3 part 2, 3.3).
_PACKED = (ZIP_STORED, ZIP_DEFLATED)


def damaged(fr: str, en: str) -> PageUnreadable:
    """The error of a workbook that is not what its kind must be."""
    return unreadable("table-damaged", reason_fr=fr, reason_en=en)


class PartReader:
    """What one part says: elements and texts go to the methods, and what is ready is in `ready`.

    Names are `namespace local`. Methods may raise PageUnreadable.
    """

    def __init__(self) -> None:
        self.ready: list[Any] = []

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class Workbook:
    """An open workbook. Nothing of it is kept in memory but its list of parts."""

    def __init__(self, path: Path) -> None:
        """Raises PageUnreadable for what is no whole ZIP, or too large. OSError passes."""
        limits = table_settings().limits
        if path.stat().st_size > limits.workbook_bytes:
            raise too_large("octets", "bytes", limits.workbook_bytes)
        try:
            self._archive = ZipFile(path)
        except (BadZipFile, NotImplementedError, ValueError):
            raise damaged(
                "l'archive ZIP n'est pas entière", "the ZIP archive is not whole"
            ) from None
        self._names = set(self._archive.namelist())

    def __enter__(self) -> Workbook:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._archive.close()

    def has(self, name: str) -> bool:
        return name in self._names

    def head(self, name: str, size: int) -> bytes:
        """The first bytes of a part; nothing where it is not there."""
        if not self.has(name):
            return b""
        return next(self._chunks(name), b"")[:size]

    def read(self, name: str, reader: PartReader) -> Iterator[Any]:
        """What a reader makes of a part, as it gets ready. Raises PageUnreadable."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.text
        try:
            for chunk in self._chunks(name):
                parser.Parse(chunk, False)
                yield from reader.ready
                reader.ready.clear()
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise damaged(
                f"« {name} » n'est pas du XML bien formé", f"“{name}” is not well-formed XML"
            ) from None
        yield from reader.ready

    def _chunks(self, name: str) -> Iterator[bytes]:
        if not self.has(name):
            raise damaged(f"« {name} » manque", f"“{name}” is missing")
        facts, most = self._archive.getinfo(name), table_settings().limits.part_bytes
        if facts.flag_bits & _ENCRYPTED:
            raise unreadable("table-encrypted")
        if facts.compress_type not in _PACKED:
            raise _unpackable(name)
        # No more than the declared size is ever unpacked.
        if facts.file_size > most:
            raise too_large("octets, une fois décompressé,", "bytes, once unpacked,", most)
        try:
            with self._archive.open(facts) as part:
                while chunk := part.read(_CHUNK):
                    yield chunk
        except (BadZipFile, EOFError, zlib.error, ValueError):
            raise _unpackable(name) from None


def _unpackable(name: str) -> PageUnreadable:
    return damaged(f"« {name} » ne peut pas être décompressé", f"“{name}” cannot be unpacked")


def _refuse_doctype(*_: object) -> None:
    raise unreadable("table-doctype")
