"""A list in the formats that are neither JSON documents nor tables of text."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from coopdec_graph.errors import Overloaded, ResultTooBig
from coopdec_graph.index.tables import PIECE, Rows
from coopdec_graph.language import Bilingual
from coopdec_graph.results.formats import PARQUET, XLSX, Format
from coopdec_graph.results.parquet import write_parquet
from coopdec_graph.results.xlsx import write_xlsx
from coopdec_graph.service.api.context import facts_of
from coopdec_graph.service.api.formats import TURTLE
from coopdec_graph.service.facts import Facts

__all__ = ["turtle_of", "workbook_of"]

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
