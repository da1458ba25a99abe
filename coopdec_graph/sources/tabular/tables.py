"""The rows of a table, whatever kind of file it is in: CSV, XLSX or ODS, by what the bytes are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coopdec_graph.sources.files import inaccessible, refuse_special, unreadable
from coopdec_graph.sources.tabular.cells import Row
from coopdec_graph.sources.tabular.csv_rows import Recognise, csv_rows
from coopdec_graph.sources.tabular.ods import ods_rows
from coopdec_graph.sources.tabular.workbook import Workbook
from coopdec_graph.sources.tabular.xlsx import xlsx_rows

__all__ = ["Layout", "is_workbook", "table_rows"]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The stream that holds an encrypted workbook (MS-OFFCRYPTO 1.3), as the old container names it.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CONTAINER_BYTES = 1_048_576
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True, slots=True)
class Layout:
    """What a mapping says of the file: `header` is the row, or line, of the names of columns, from 1."""

    sheets: tuple[str, ...] = ()
    header: int = 1
    encoding: str | None = None
    delimiter: str | None = None


def is_workbook(path: Path) -> bool:
    """Whether the file is a workbook, whose rows leave out the blank cells at their end.

    Raises PageUnreadable.
    """
    try:
        return _head(path).startswith(_ZIP)
    except OSError as error:
        raise inaccessible(error) from None


def table_rows(path: Path, layout: Layout, recognise: Recognise) -> Iterator[Row]:
    """The rows of a file in their order. Raises PageUnreadable, also on the way.

    Memory does not grow with the file, but for the texts that the cells of an XLSX file share.
    """
    try:
        refuse_special(path)
        head = _head(path)
        if head.startswith(_OLD_WORKBOOK):
            with path.open("rb") as file:
                encrypted = _ENCRYPTED in file.read(_CONTAINER_BYTES)
            raise unreadable("table-encrypted" if encrypted else "table-old-workbook")
        if head.startswith(_ZIP):
            with Workbook(path) as book:
                yield from _workbook_rows(book, layout)
        else:
            yield from csv_rows(path, layout.encoding, layout.delimiter, layout.header, recognise)
    except OSError as error:
        raise inaccessible(error) from None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_OLD_WORKBOOK))


def _workbook_rows(book: Workbook, layout: Layout) -> Iterator[Row]:
    if book.head("mimetype", len(_ODS)) == _ODS:
        return ods_rows(book, layout.sheets, layout.header)
    if book.has("xl/workbook.xml"):
        return xlsx_rows(book, layout.sheets, layout.header)
    raise unreadable("table-other-file")
