"""Rows as a GeoJSON FeatureCollection (RFC 7946): one feature a row, written as they come.

The geometry is the column named `wkt` or `geometry`, else the first column, in the order of the
variables, that holds a `geo:wktLiteral` in the first row that has one. All other columns are
properties: numbers and booleans as such where JSON readers keep every digit, the rest as text;
null where nothing is bound. A row without geometry has a null one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox

from coopdec_graph.language import Bilingual
from coopdec_graph.results.errors import NotWritable
from coopdec_graph.results.sinks import Sink
from coopdec_graph.results.terms import BOOLEANS, XSD, Limited, Term, number_of, text_of
from coopdec_graph.results.wkt import UnknownCrs, UnreadableWkt, geometry_of

__all__ = ["write_geojson"]

_WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
_NAMED = ("wkt", "geometry")

_NO_GEOMETRY = Bilingual(
    "Aucune ligne n'a de géométrie : GeoJSON demande une colonne de geo:wktLiteral. "
    "Ajoutez-la au SELECT, par exemple ?wkt, ou choisissez un autre format.",
    "No row has a geometry: GeoJSON takes a column of geo:wktLiteral. "
    "Add it to the SELECT, as ?wkt for example, or choose another format.",
)
_BAD_WKT = Bilingual(
    "La géométrie de la ligne {row} n'est pas du WKT que GeoJSON puisse dire : {text}",
    "The geometry of row {row} is no WKT that GeoJSON can say: {text}",
)
_CRS = Bilingual(
    "La géométrie de la ligne {row} est en <{crs}> : GeoJSON ne prend que CRS84 et EPSG:4326.",
    "The geometry of row {row} is in <{crs}>: GeoJSON takes CRS84 and EPSG:4326 only.",
)


def write_geojson(rows: Limited, sink: Sink) -> None:
    """Writes every row. Raises NotWritable where no row has a geometry, or one cannot be said.

    Rows before the first geometry wait for it, so that a result without any writes nothing.
    """
    column: int | None = None
    waiting: list[Sequence[Term | None]] = []
    opened = False
    for row in rows:
        waiting.append(row)
        if column is None:
            column = _column(rows.names, row)
        if column is not None:
            features = b",\n".join(_feature(rows, each, column) for each in waiting)
            sink.write((b",\n" if opened else _OPENING) + features)
            opened = True
            waiting = []
    if waiting:
        raise NotWritable(_NO_GEOMETRY)
    note = b',"truncated":{"rows":%d}' % rows.rows if rows.truncated else b""
    sink.write((b"" if opened else _OPENING) + b"\n]" + note + b"}\n")


_OPENING = b'{"type":"FeatureCollection","features":[\n'


def _column(names: Sequence[str], row: Sequence[Term | None]) -> int | None:
    """The column of the geometry, once a row has one in it."""
    named = [place for place, name in enumerate(names) if name.lower() in _NAMED]
    columns = named or range(len(names))
    return next((place for place in columns if _is_wkt(row[place])), None)


def _is_wkt(term: Term | None) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value == _WKT


def _feature(rows: Limited, row: Sequence[Term | None], column: int) -> bytes:
    geometry = None
    place = row[column]
    if isinstance(place, ox.Literal) and _is_wkt(place):
        geometry = _geometry(place.value, rows.rows)
    pairs = enumerate(zip(rows.names, row, strict=True))
    properties = {name: _value(term) for number, (name, term) in pairs if number != column}
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":")).encode()


def _geometry(text: str, row: int) -> dict[str, Any]:
    try:
        return geometry_of(text)
    except UnknownCrs as error:
        raise NotWritable(_CRS, row=row, crs=str(error)[:200]) from None
    except UnreadableWkt:
        raise NotWritable(_BAD_WKT, row=row, text=text[:80]) from None


def _value(term: Term | None) -> Any:
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        if term.datatype.value == XSD + "boolean":
            return BOOLEANS.get(term.value, term.value)
        number = number_of(term)
        if number is not None:
            return number
    return text_of(term)
