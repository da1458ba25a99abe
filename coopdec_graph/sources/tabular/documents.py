"""Files of tables: one document for each row, or one that says why a file is refused."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.issues import Issue
from coopdec_graph.language import Bilingual
from coopdec_graph.privacy import scrub
from coopdec_graph.sources.base import Document
from coopdec_graph.sources.files import find_files, shown_name, unreadable
from coopdec_graph.sources.sidecar import Sidecar, read_sidecar
from coopdec_graph.sources.tabular.cells import Cell, Row, is_filled, text_of
from coopdec_graph.sources.tabular.columns import Columns, bind, recognised
from coopdec_graph.sources.tabular.csv_rows import header_row
from coopdec_graph.sources.tabular.mapping import TableMapping
from coopdec_graph.sources.tabular.settings import table_settings
from coopdec_graph.sources.tabular.tables import is_workbook, table_rows

__all__ = ["RefusedTable", "RowDocument", "find_documents", "fingerprint", "refusal"]

_MISSING = Bilingual(
    "« {path} » n'existe pas. Donnez un tableau (.csv, .xlsx, .ods) ou un dossier de tableaux.",
    "“{path}” does not exist. Give a table (.csv, .xlsx, .ods) or a folder of tables.",
)


@dataclass(frozen=True, slots=True)
class RowDocument(Document):
    """A row: its cells, the columns of its file, what stands beside it.

    `notes` are what is said of the file as a whole; its first row carries them.
    """

    cells: tuple[Cell, ...]
    columns: Columns
    sidecar: Sidecar
    notes: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedTable(Document):
    """A file of which nothing is read: `code` names the issue, `details` fill its text."""

    code: str
    details: Mapping[str, object]
    notes: tuple[Issue, ...] = ()


def find_documents(paths: Sequence[Path], mapping: TableMapping) -> Iterator[Document]:
    """The rows of every table below the given paths, as `files.find_files` finds them."""
    for file in find_files(paths, table_settings().suffixes, _MISSING):
        try:
            documents = _documents(file, mapping)
        except PageUnreadable as error:
            documents = [RefusedTable(file.path, file.name, error.code, dict(error.values))]
        yield from documents


def _documents(file: Document, mapping: TableMapping) -> list[Document]:
    """Raises PageUnreadable where the file is refused whole: nothing of it is read then."""
    sidecar = read_sidecar(file.path)
    _refuse_without_publisher(mapping, sidecar)
    rows = table_rows(file.path, mapping.layout, lambda names: recognised(mapping, names))
    header = header_row(rows, mapping.layout.header)
    if header is None:
        raise unreadable("table-empty")
    columns = bind(mapping, [text_of(cell) for cell in header.cells])
    reader = _Rows(columns, header, fits=is_workbook(file.path))
    kept = list(reader.kept(rows))
    notes = tuple(reader.notes(shown_name(file)))
    if not kept:
        return [RefusedTable(file.path, file.name, "table-empty", {}, notes)]
    return [
        RowDocument(
            file.path,
            f"{file.name}#{row.number}",
            row.cells,
            columns,
            sidecar,
            () if position else notes,
        )
        for position, row in enumerate(kept)
    ]


def _refuse_without_publisher(mapping: TableMapping, sidecar: Sidecar) -> None:
    """Nothing is published of nobody knows whom. Raises PageUnreadable."""
    if sidecar.publisher is None and mapping.metadata.publisher is None:
        raise unreadable("table-publisher-missing")


class _Rows:
    """The rows of a file that are read, and what is said of the others."""

    def __init__(self, columns: Columns, header: Row, fits: bool) -> None:
        self._columns, self._header, self._fits = columns, header, fits
        self._filled: Counter[int] = Counter()
        self._left_out = 0
        self._repeated: list[int] = []

    def kept(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            cells = self._fitting(row.cells)
            filled = [column for column, cell in enumerate(cells) if is_filled(cell)]
            if not filled:
                continue
            if row.cells == self._header.cells:
                self._repeated.append(row.number)
                continue
            self._filled.update(filled)
            if self._columns.without_rows.intersection(filled):
                self._left_out += 1
                continue
            yield Row(row.number, cells)

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
