"""Writes a result of the engine in any format, while the engine makes it.

What the engine writes itself goes to the sink in its own pieces of 8 KiB, so a result of any
size takes constant memory, but for what must be known whole: a graph (its triples are made
distinct), XLSX (`xlsx.py`) and Parquet (`parquet.py`).

A result that is cut says so where its format can:

| format | where |
|---|---|
| JSON | a member `"truncated": {"rows": …}` after `results` |
| XML, RDF/XML | a comment at the end |
| Turtle, N-Triples | a comment in the last line |
| JSON-LD | a last object `{"truncated": {"triples": …}}`, which no statement comes from |
| GeoJSON | a foreign member `"truncated": {"rows": …}` |
| XLSX | a second sheet, `truncated` |
| Parquet | a key `truncated` in the metadata of the file |
| CSV, TSV | nowhere: they have no place for it |

Characters that XML has no place for become U+FFFD in XML and RDF/XML. A triple term in CSV is as
the engine has it: a comma in it is not between quotes.
"""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass

import pyoxigraph as ox

from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.results.cutting import Enough, UncountedStart, cutter_of
from coopdec_graph.results.errors import NotWritable, TooManyRows
from coopdec_graph.results.formats import CSV_BOM, GEOJSON, PARQUET, XLSX, Format
from coopdec_graph.results.geojson import write_geojson
from coopdec_graph.results.parquet import write_parquet
from coopdec_graph.results.sinks import Guarded, HoldBack, Sink, XmlText
from coopdec_graph.results.terms import MANY_ROWS, Limited
from coopdec_graph.results.xlsx import MOST_ROWS, write_xlsx

__all__ = ["Written", "write"]

_Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_BOM = b"\xef\xbb\xbf"

_NO_NAME = Bilingual(
    "RDF/XML ne peut pas nommer la propriété <{iri}>. Choisissez Turtle.",
    "RDF/XML has no name for the property <{iri}>. Choose Turtle.",
)
# What an IRI must end with to be split into a namespace and a name (RDF 1.1 XML Syntax, 5.1, and
# Namespaces in XML 1.0, NCName; letters beyond ASCII by the ranges of XML 1.0, 2.3).
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAMED = re.compile(f"[{_START}][-.0-9\u00b7\u0300-\u036f\u203f\u2040{_START}]*\\Z")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: rows or triples, if they were counted, and whether there were more."""

    rows: int | None
    truncated: bool


def write(
    result: _Result,
    format: Format,
    sink: Sink,
    most_rows: int | None = None,
    cut: bool = False,
) -> Written:
    """Writes a whole result and flushes the sink.

    With `most_rows`, a result of more rows (or distinct triples) raises TooManyRows, or with
    `cut` ends after so many, well-formed. Without, rows that the engine writes are not counted.
    Raises NotWritable, and as they are the errors of the engine and of the sink. On any of them
    part of the result may have been written. No exception holds on to the result, which must be
    freed by the thread that made it.
    """
    try:
        written = _write(result, format, sink, most_rows, cut)
        sink.flush()
        return written
    except BaseException as error:
        _clear(error)
        raise
    finally:
        del result


def _clear(error: BaseException | None) -> None:
    """Empties the frames an exception, and those it came from, went through."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        traceback.clear_frames(error.__traceback__)
        error = error.__context__


def _write(result: _Result, format: Format, sink: Sink, most: int | None, cut: bool) -> Written:
    if isinstance(result, ox.QueryTriples):
        return _write_graph(result, format, sink, most, cut)
    if isinstance(result, ox.QueryBoolean):
        _write_boolean(result, format, sink)
        return Written(None, False)
    if format in (GEOJSON, XLSX, PARQUET):
        return _write_table(result, format, sink, most, cut)
    return _write_rows(result, format, sink, most, cut)


def _write_boolean(result: ox.QueryBoolean, format: Format, sink: Sink) -> None:
    if not isinstance(format.engine, ox.QueryResultsFormat):
        raise ValueError(f"no {format.name} of a yes or no")
    result.serialize(Guarded(sink), format.engine)  # type: ignore[arg-type]


def _write_rows(
    result: ox.QuerySolutions, format: Format, sink: Sink, most: int | None, cut: bool
) -> Written:
    """What the engine writes itself."""
    if not isinstance(format.engine, ox.QueryResultsFormat):
        raise ValueError(f"no {format.name} of rows")
    if format is CSV_BOM:
        sink.write(_BOM)
    # Characters are looked at last: what is cut off need not be.
    target: Sink = XmlText(sink) if format.engine == ox.QueryResultsFormat.XML else sink
    if most is None:
        result.serialize(Guarded(target), format.engine)  # type: ignore[arg-type]
        return Written(None, False)
    cutter = cutter_of(format.engine, target, most)
    start = UncountedStart(cutter, most)
    try:
        result.serialize(Guarded(start), format.engine)  # type: ignore[arg-type]
    except Enough:
        if not cut:
            raise TooManyRows(MANY_ROWS, most=most) from None
        target.write(cutter.ending())
        return Written(cutter.rows, True)
    if start.finish(target):
        return Written(None, False)
    cutter.finish()
    return Written(cutter.rows, False)


def _write_table(
    result: ox.QuerySolutions, format: Format, sink: Sink, most: int | None, cut: bool
) -> Written:
    """What is made row by row."""
    if format is XLSX:
        most = MOST_ROWS if most is None else min(most, MOST_ROWS)
    rows = Limited(result, most, cut)
    writer = {"geojson": write_geojson, "xlsx": write_xlsx, "parquet": write_parquet}
    try:
        writer[format.name](rows, sink)
    finally:
        rows.close()
    return Written(rows.rows, rows.truncated)


def _write_graph(
    result: ox.QueryTriples, format: Format, sink: Sink, most: int | None, cut: bool
) -> Written:
    if not isinstance(format.engine, ox.RdfFormat):
        raise ValueError(f"no {format.name} of a graph")
    triples, truncated = _distinct(result, most)
    if truncated and not cut:
        raise TooManyRows(MANY_ROWS, most=most)
    if format.engine == ox.RdfFormat.RDF_XML:
        _refuse_nameless(triples)
        sink = XmlText(sink)
    note = _note(format.engine, len(triples)) if truncated else b""
    closing = HoldBack(sink, 1 if note and format.engine == ox.RdfFormat.JSON_LD else 0)
    ox.serialize(triples, Guarded(closing), format.engine, prefixes=PREFIXES)  # type: ignore[arg-type]
    if closing.held:
        note = (b"," if triples else b"") + note
    sink.write(note + closing.held)
    return Written(len(triples), truncated)


def _distinct(result: ox.QueryTriples, most: int | None) -> tuple[dict[ox.Triple, None], bool]:
    """The triples of a graph, each once (SPARQL 1.1, 16.2: it is a set), and whether there are more."""
    triples: dict[ox.Triple, None] = {}
    for triple in result:
        if len(triples) == most and triple not in triples:
            return triples, True
        triples[triple] = None
    return triples, False


def _note(format: ox.RdfFormat, triples: int) -> bytes:
    """What says that a graph is cut."""
    if format == ox.RdfFormat.JSON_LD:
        return b'{"truncated":{"triples":%d}}' % triples
    if format == ox.RdfFormat.RDF_XML:
        return b"\n<!-- truncated after %d triples -->\n" % triples
    return b"# truncated after %d triples\n" % triples


def _refuse_nameless(triples: dict[ox.Triple, None]) -> None:
    """Raises NotWritable for a property that the engine would write under a broken name."""
    for iri in {triple.predicate.value for triple in triples}:
        if not _NAMED.search(iri):
            raise NotWritable(_NO_NAME, iri=iri[:200])
