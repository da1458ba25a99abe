"""Rows of a CSV file (RFC 4180), streamed: encoding and delimiter are given or proven, never guessed."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.sources.files import unreadable
from coopdec_graph.sources.tabular.cells import Row, text_of
from coopdec_graph.sources.tabular.settings import table_settings

__all__ = ["csv_rows", "header_row", "too_large"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (",", ";", "\t", "|")

# How many of the columns that are looked for a row names.
Recognise = Callable[[Sequence[str]], int]


def csv_rows(
    path: Path, encoding: str | None, delimiter: str | None, header: int, recognise: Recognise
) -> Iterator[Row]:
    """Each row with the line it starts on, blank ones too. Raises PageUnreadable, also on the way.

    The encoding is that of a byte order mark, else the given one, else UTF-8; the delimiter the
    given one, else the one with which the header, from line `header` on, names the most columns.
    """
    most = table_settings().limits.csv_bytes
    if path.stat().st_size > most:
        raise too_large("octets", "bytes", most)
    used = _encoding(path, encoding)
    chosen = delimiter or _delimiter(path, used, header, recognise)
    yield from _rows(path, used, chosen)


def header_row(rows: Iterator[Row], number: int) -> Row | None:
    """The row of the names of columns: the first that is not blank from a line or row on."""
    filled = (row for row in rows if any(text_of(cell).strip() for cell in row.cells))
    return next((row for row in filled if row.number >= number), None)


def too_large(fr: str, en: str, most: int, **values: object) -> PageUnreadable:
    """The error of a file that has more of something than a table has."""
    return unreadable("table-too-large", what_fr=fr, what_en=en, most=most, **values)


def _encoding(path: Path, given: str | None) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)
    return marked or given or "utf-8"


def _delimiter(path: Path, encoding: str, header: int, recognise: Recognise) -> str:
    found: dict[str, int] = {}
    faults: list[PageUnreadable] = []
    for delimiter in _DELIMITERS:
        try:
            row = header_row(_rows(path, encoding, delimiter), header)
        except PageUnreadable as fault:
            # Unclosed quotes, or too many columns: not with this one.
            faults.append(fault)
            continue
        if row is None:
            return delimiter
        found[delimiter] = recognise([text_of(cell) for cell in row.cells])
    if not found:
        raise faults[0]
    best = max(found.values())
    chosen = [delimiter for delimiter, count in found.items() if count == best]
    if best == 0:
        raise unreadable("table-columns-unknown", row=header)
    if len(chosen) > 1 and best > 1:
        raise unreadable("table-delimiter", found=" ".join(map(repr, chosen)))
    # A single column is found whatever the delimiter.
    return chosen[0]


def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    limits = table_settings().limits
    try:
        with path.open(encoding=encoding, errors="strict", newline="") as file:
            lines = _Lines(file, limits.row_characters)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            filled = 0
            while True:
                start = lines.begin()
                cells = next(reader, None)
                if cells is None:
                    return
                filled += bool(cells)
                if filled > limits.csv_rows:
                    raise too_large("lignes", "rows", limits.csv_rows, line=start)
                if len(cells) > limits.columns:
                    raise too_large("colonnes", "columns", limits.columns, line=start)
                if any(len(cell) > limits.cell_characters for cell in cells):
                    raise _long_cell(start)
                yield Row(start, tuple(cells))
    except csv.Error as error:
        raise _broken(str(error), start) from None
    except UnicodeError:
        raise _undecodable(path, encoding) from None


def _broken(reason: str, line: int) -> PageUnreadable:
    return _long_cell(line) if "limit" in reason else unreadable("table-quotes", line=line)


def _long_cell(line: int) -> PageUnreadable:
    most = table_settings().limits.cell_characters
    return too_large("caractères dans une cellule", "characters in a cell", most, line=line)


class _Lines:
    """The lines of a file, as the csv module wants them: whole, none too long, without NUL."""

    def __init__(self, file: TextIO, most: int) -> None:
        self._file, self._most = file, most
        self._number = 0
        self._characters = 0

    def begin(self) -> int:
        """A row begins: the number of its first line."""
        self._characters = 0
        return self._number + 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._file.readline(self._most + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self._characters += len(line)
        if self._characters > self._most:
            raise too_large(
                "caractères dans une ligne", "characters in a row", self._most, line=self._number
            )
        if "\x00" in line:
            raise unreadable("table-binary")
        return line


def _undecodable(path: Path, encoding: str) -> PageUnreadable:
    """The error that names the first line that is not in the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    with path.open("rb") as file:
        while chunk := file.readline(65_536):
            try:
                line += decoder.decode(chunk).count("\n")
            except UnicodeDecodeError:
                break
    return unreadable("table-encoding", line=line, encoding=encoding.removesuffix("-sig"))
