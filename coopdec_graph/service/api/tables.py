"""A list in the formats that are no JSON document, in pieces where a format can be had in pieces."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from coopdec_graph.errors import Overloaded, ResultTooBig
from coopdec_graph.language import Bilingual
from coopdec_graph.results.formats import CSV_BOM, PARQUET, XLSX, Format
from coopdec_graph.results.parquet import write_parquet
from coopdec_graph.results.terms import Table, text_of
from coopdec_graph.results.xlsx import write_xlsx
from coopdec_graph.service.api.context import facts_of
from coopdec_graph.service.api.formats import CSV, TURTLE
from coopdec_graph.service.api.records import Cell
from coopdec_graph.service.facts import Facts

__all__ = ["Rows", "csv_of", "geojson_of", "turtle_of", "workbook_of"]

# Such a file is made whole, in memory and to its end, whether somebody still waits for it or not.
MOST_OF_A_WORKBOOK = {XLSX: 50_000, PARQUET: 500_000}
_WORKSHOP = threading.BoundedSemaphore(2)
_TOO_MANY = Bilingual(
    "{count} lignes : un fichier {format} en a {most} au plus. Choisissez CSV, des filtres ou limit.",
    "{count} rows: a file in {format} has {most} at most. Choose CSV, filters or limit.",
)
_BUSY = Bilingual(
    "D'autres fichiers XLSX ou Parquet sont en cours : réessayez dans quelques secondes, ou prenez"
    " le CSV.",
    "Other XLSX or Parquet files are being made: try again in a few seconds, or take the CSV.",
)
# Rows of a piece: some hundred kilobytes.
PIECE = 500


class Rows(Table):
    """Rows with the names of their columns, as the writers of tables take them."""

    def __init__(self, names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        self.names = list(names)
        self.rows = 0
        self.truncated = False
        self._left = iter(rows)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return self

    def __next__(self) -> tuple[Cell, ...]:
        row = tuple(next(self._left))
        self.rows += 1
        return row


def workbook_of(rows: Rows, count: int, format: Format) -> bytes:
    """All of a table as XLSX or Parquet. Raises ResultTooBig, and Overloaded when others are made."""
    most = MOST_OF_A_WORKBOOK[format]
    if count > most:
        raise ResultTooBig(_TOO_MANY, count=count, most=most, format=format.name)
    if not _WORKSHOP.acquire(blocking=False):
        raise Overloaded(_BUSY)
    try:
        body = io.BytesIO()
        {XLSX: write_xlsx, PARQUET: write_parquet}[format](rows, body)
        return body.getvalue()
    finally:
        _WORKSHOP.release()


def csv_of(rows: Rows, format: Format) -> Iterator[bytes]:
    """RFC 4180, in UTF-8; with a byte order mark where Excel must see it."""
    assert format in (CSV, CSV_BOM)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if format is CSV_BOM:
        text.write("\ufeff")
    writer.writerow(rows.names)
    for row in rows:
        writer.writerow("" if cell is None else text_of(cell) for cell in row)
        if rows.rows % PIECE == 0:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken


def geojson_of(objects: Iterable[dict[str, object]]) -> Iterator[bytes]:
    """A FeatureCollection (RFC 7946); an entity without a position has a null geometry."""
    yield b'{"type":"FeatureCollection","features":['
    first = True
    for properties in objects:
        feature = {
            "type": "Feature",
            "id": properties["iri"],
            "geometry": properties.pop("wkt", None),
            "properties": properties,
        }
        text = json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        yield ("\n" if first else ",\n").encode() + text.encode()
        first = False
    yield b"\n]}\n"


def turtle_of(objects: Iterable[dict[str, object]]) -> Iterator[bytes]:
    """The statements that the rows make, all of them statements of the graph."""
    piece: list[dict[str, object]] = []
    for one in objects:
        piece.append(one)
        if len(piece) == PIECE:
            yield _turtle(piece)
            piece = []
    yield _turtle(piece)


def _turtle(rows: Sequence[dict[str, object]]) -> bytes:
    facts = Facts()
    for quad in facts_of(rows):
        assert isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.Triple)
        facts.add(quad.subject, quad.predicate.value, quad.object)
    return facts.written(TURTLE)
