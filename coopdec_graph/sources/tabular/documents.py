"""Files of tables: one document for each row, or one that says why a file is refused.

Files are read once, from their beginning to their end, and their rows put on disk: a document says
where its row is there.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from tempfile import gettempdir

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.issues import Issue
from coopdec_graph.language import Bilingual
from coopdec_graph.privacy import scrub
from coopdec_graph.sources.base import Document
from coopdec_graph.sources.files import find_files, shown_name, unreadable
from coopdec_graph.sources.sidecar import Sidecar, read_sidecar
from coopdec_graph.sources.tabular.cells import Cell, Row, is_filled, text_of
from coopdec_graph.sources.tabular.columns import Columns, bind, recognised
from coopdec_graph.sources.tabular.csv_rows import header_row, too_large
from coopdec_graph.sources.tabular.mapping import TableMapping
from coopdec_graph.sources.tabular.settings import table_settings
from coopdec_graph.sources.tabular.tables import is_workbook, table_rows
from coopdec_graph.spool import Spool

__all__ = ["RefusedTable", "RowDocument", "find_documents", "fingerprint", "refusal"]

_MISSING = Bilingual(
    "« {path} » n'existe pas. Donnez un tableau (.csv, .xlsx, .ods) ou un dossier de tableaux.",
    "“{path}” does not exist. Give a table (.csv, .xlsx, .ods) or a folder of tables.",
)


@dataclass(frozen=True, slots=True)
class RowDocument(Document):
    """A row: where its cells are, the columns of its file, what stands beside it.

    `rows` lie on disk. `notes` are what is said of the file as a whole; its first row carries them.
    """

    rows: Sequence[tuple[Cell, ...]]
    position: int
    columns: Columns
    sidecar: Sidecar
    notes: tuple[Issue, ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, read anew each time."""
        return self.rows[self.position]

    def with_cells(self) -> RowDocument:
        """The same, which holds its cells."""
        return replace(self, rows=(self.cells,), position=0)

    def __reduce__(self) -> tuple[type[RowDocument], tuple[object, ...]]:
        """What lies on disk is another process's to read only as the cells themselves."""
        whole = self.with_cells()
        return RowDocument, tuple(getattr(whole, one.name) for one in fields(whole))


@dataclass(frozen=True, slots=True)
class RefusedTable(Document):
    """A file of which nothing is read: `code` names the issue, `details` fill its text."""

    code: str
    details: Mapping[str, object]
    notes: tuple[Issue, ...] = ()


def find_documents(paths: Sequence[Path], mapping: TableMapping) -> Iterator[Document]:
    """The rows of every table below the given paths, as `files.find_files` finds them.

    Raises OSError where they cannot be put on disk.
    """
    kept: Spool[tuple[Cell, ...]] = Spool((), Path(gettempdir()))
    for file in find_files(paths, table_settings().suffixes, _MISSING):
        try:
            yield from _documents(file, mapping, kept)
        except PageUnreadable as error:
            yield RefusedTable(file.path, file.name, error.code, dict(error.values))


def _documents(
    file: Document, mapping: TableMapping, kept: Spool[tuple[Cell, ...]]
) -> Iterator[Document]:
    """Raises PageUnreadable, before the first, where the file is refused whole: none is given then."""
    sidecar = read_sidecar(file.path)
    _refuse_without_publisher(mapping, sidecar)
    rows = table_rows(file.path, mapping.layout, lambda names: recognised(mapping, names))
    header = header_row(rows, mapping.layout.header)
    if header is None:
        raise unreadable("table-empty")
    columns = bind(mapping, [text_of(cell) for cell in header.cells])
    reader = _Rows(columns, header, fits=is_workbook(file.path))
    first = len(kept)
    kept.extend(reader.kept(rows))
    notes = tuple(reader.notes(shown_name(file)))
    if not reader.numbers:
        yield RefusedTable(file.path, file.name, "table-empty", {}, notes)
    for position, number in enumerate(reader.numbers, start=first):
        name = f"{file.name}#{number}"
        said = notes if position == first else ()
        yield RowDocument(file.path, name, kept, position, columns, sidecar, said)


def _refuse_without_publisher(mapping: TableMapping, sidecar: Sidecar) -> None:
    """Nothing is published of nobody knows whom. Raises PageUnreadable."""
    if sidecar.publisher is None and mapping.metadata.publisher is None:
        raise unreadable("table-publisher-missing")


class _Rows:
    """The rows of a file that are read, with their `numbers`, and what is said of the others."""

    def __init__(self, columns: Columns, header: Row, fits: bool) -> None:
        self.numbers = array("Q")
        self._columns, self._header, self._fits = columns, header, fits
        self._most = table_settings().limits.cells
        self._cells = 0
        self._filled: Counter[int] = Counter()
        self._left_out = 0
        self._repeated: list[int] = []

    def kept(self, rows: Iterable[Row]) -> Iterator[tuple[Cell, ...]]:
        """The cells of the rows. Raises PageUnreadable for a sheet of too many."""
        for row in rows:
            cells = self._fitting(row.cells)
            self._cells += len(cells)
            if self._fits and self._cells > self._most:
                raise too_large("cellules", "cells", self._most, line=row.number)
            # Most cells of a wide row are blank: those are passed over at once.
            filled = [n for n, cell in enumerate(row.cells) if cell != "" and is_filled(cell)]
            if not filled:
                continue
            if row.cells == self._header.cells:
                self._repeated.append(row.number)
                continue
            self._filled.update(filled)
            if self._columns.without_rows.intersection(filled):
                self._left_out += 1
                continue
            self.numbers.append(row.number)
            yield cells

    def _fitting(self, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """The cells of a workbook as many as the header's: blank ones at the end are left out there."""
        missing = len(self._columns.header) - len(cells)
        return (*cells, *[""] * missing) if self._fits and missing > 0 else cells

    def notes(self, page: str) -> Iterator[Issue]:
        line = self._header.number
        for column in sorted(self._columns.unknown):
            if self._filled[column]:
                name, rows = self._columns.name(column), self._filled[column]
                yield Issue("table-column-unknown", page, line, field=name, details={"rows": rows})
        for column in sorted(self._columns.personal):
            if self._filled[column]:
                name, rows = self._columns.name(column), self._filled[column]
                yield Issue("table-column-personal", page, line, field=name, details={"rows": rows})
        if self._columns.missing:
            names = ", ".join(map(scrub, self._columns.missing))
            yield Issue("table-columns-absent", page, line, details={"columns": names})
        if self._left_out:
            yield Issue("table-rows-personal", page, line, details={"rows": self._left_out})
        if self._repeated:
            first = self._repeated[0]
            details: dict[str, str | int] = {"rows": len(self._repeated)}
            yield Issue("table-header-repeated", page, first, details=details)


def refusal(document: RefusedTable) -> Issue:
    """The issue of a file that is refused."""
    details = {
        key: value if isinstance(value, int) else scrub(str(value))
        for key, value in document.details.items()
    }
    line = details.pop("line", None)
    page = shown_name(document)
    return Issue(document.code, page, line if isinstance(line, int) else None, details=details)


def fingerprint(document: Document, mapping: TableMapping) -> bytes:
    """SHA-256 of what the reading of a document depends on, the mapping among it."""
    if isinstance(document, RowDocument):
        facts: tuple[object, ...] = (document.cells, document.columns.header, document.sidecar)
    else:
        assert isinstance(document, RefusedTable)
        facts = (document.code, document.details)
    said = repr((mapping.digest, document.name, facts)).encode("utf-8", "surrogateescape")
    return hashlib.sha256(said).digest()
