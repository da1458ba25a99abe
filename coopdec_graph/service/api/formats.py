"""The formats of a list: documents in JSON and JSON-LD, tables, and RDF of the facts themselves."""

from __future__ import annotations

from coopdec_graph.graph.query import Form
from coopdec_graph.index.resources import Resource
from coopdec_graph.results.formats import (
    CSV_BOM,
    GEOJSON,
    PARQUET,
    XLSX,
    Format,
    Reach,
    formats_of,
)

__all__ = ["CSV", "EXTENSIONS", "JSON", "JSON_LD", "TURTLE", "offered_formats"]

_ROWS = frozenset({Form.SELECT})

JSON = Format("json", "application/json", extension="json", forms=_ROWS)
JSON_LD = Format(
    "jsonld", "application/ld+json", extension="jsonld", forms=_ROWS, reach=Reach.MEDIA_TYPE
)
CSV = next(format for format in formats_of(Form.SELECT) if format.name == "csv")
TURTLE = next(format for format in formats_of(Form.GRAPH) if format.name == "turtle")

_ALL = (JSON, JSON_LD, CSV, CSV_BOM, XLSX, PARQUET, TURTLE, GEOJSON)
EXTENSIONS = {format.extension: format.name for format in _ALL if format is not CSV_BOM}


def offered_formats(resource: Resource) -> tuple[Format, ...]:
    """The formats of a resource, ours first; GeoJSON where its entities have positions."""
    return _ALL if resource.located else _ALL[:-1]
