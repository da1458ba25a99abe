"""The table of formats: what each kind of answer can be written in, and what each is called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

import pyoxigraph as ox

from coopdec_graph.graph.query import Form

__all__ = [
    "CSV_BOM",
    "EXTENSIONS",
    "GEOJSON",
    "HTML",
    "PARQUET",
    "SHORT_NAMES",
    "XLSX",
    "EngineFormat",
    "Format",
    "Reach",
    "format_named",
    "formats_of",
]

EngineFormat = ox.QueryResultsFormat | ox.RdfFormat


class Reach(Enum):
    """What it takes to be given a format."""

    WILDCARD = "*/*, its family, its media type or its name"
    MEDIA_TYPE = "its media type or its name"
    NAME = "its name"


_ROWS = frozenset({Form.SELECT})
_RESULTS = frozenset({Form.SELECT, Form.ASK})
_GRAPH = frozenset({Form.GRAPH})


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its short name, its media type, others it answers to, and the engine's name.

    `engine` is None where the engine does not write it. `compact` is for what is compressed
    already: a content coding would only cost time.
    """

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()
    engine: EngineFormat | None = None
    extension: str = ""
    forms: frozenset[Form] = frozenset()
    reach: Reach = Reach.WILDCARD
    compact: bool = False

    @property
    def text(self) -> bool:
        """Whether its media type takes a charset."""
        return self.media_type.startswith("text/")

    @property
    def content_type(self) -> str:
        """The header value; text formats of RDF and results are UTF-8 by their own specifications."""
        return f"{self.media_type}; charset=utf-8" if self.text else self.media_type


# CSV as Excel opens it with its accents right; the specification's CSV must not have the mark.
CSV_BOM = Format(
    "csv-bom", "text/csv", (), ox.QueryResultsFormat.CSV, "csv", _ROWS, reach=Reach.NAME
)
GEOJSON = Format(
    "geojson",
    "application/geo+json",
    ("application/vnd.geo+json",),
    extension="geojson",
    forms=_ROWS,
    reach=Reach.MEDIA_TYPE,
)
XLSX = Format(
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    extension="xlsx",
    forms=_ROWS,
    reach=Reach.MEDIA_TYPE,
    compact=True,
)
PARQUET = Format(
    "parquet",
    "application/vnd.apache.parquet",
    ("application/x-parquet",),
    extension="parquet",
    forms=_ROWS,
    reach=Reach.MEDIA_TYPE,
    compact=True,
)
HTML = Format(
    "html",
    "text/html",
    ("application/xhtml+xml",),
    extension="html",
    forms=frozenset(Form),
)

# In the order of our preference: the first of a form answers a client without one.
_FORMATS = (
    Format(
        "json",
        "application/sparql-results+json",
        ("application/json",),
        ox.QueryResultsFormat.JSON,
        "json",
        _RESULTS,
    ),
    Format("csv", "text/csv", (), ox.QueryResultsFormat.CSV, "csv", _RESULTS),
    Format("tsv", "text/tab-separated-values", (), ox.QueryResultsFormat.TSV, "tsv", _RESULTS),
    Format(
        "xml",
        "application/sparql-results+xml",
        ("application/xml", "text/xml"),
        ox.QueryResultsFormat.XML,
        "xml",
        _RESULTS,
    ),
    CSV_BOM,
    GEOJSON,
    XLSX,
    PARQUET,
    Format(
        "turtle",
        "text/turtle",
        ("text/plain", "application/x-turtle"),
        ox.RdfFormat.TURTLE,
        "ttl",
        _GRAPH,
    ),
    Format(
        "jsonld",
        "application/ld+json",
        ("application/json",),
        ox.RdfFormat.JSON_LD,
        "jsonld",
        _GRAPH,
    ),
    Format("nt", "application/n-triples", (), ox.RdfFormat.N_TRIPLES, "nt", _GRAPH),
    Format(
        "rdfxml",
        "application/rdf+xml",
        ("application/xml", "text/xml"),
        ox.RdfFormat.RDF_XML,
        "rdf",
        _GRAPH,
    ),
    HTML,
)

# The extensions a document may be asked with, and the names of their formats.
EXTENSIONS = {
    **{format.extension: format.name for format in _FORMATS if Form.GRAPH in format.forms},
    "turtle": "turtle",
}
# What clients write besides our own names; the first four are those of SPARQLWrapper.
SHORT_NAMES = {
    "rdf+xml": "rdfxml",
    "n3": "turtle",
    "xml": "rdfxml",
    "json": "jsonld",
    "json-ld": "jsonld",
    "ntriples": "nt",
    "rdf": "rdfxml",
    "ttl": "turtle",
    "excel": "xlsx",
}


def formats_of(form: Form) -> tuple[Format, ...]:
    """The formats of a result form, ours first; the first answers a client without preference."""
    return tuple(format for format in _FORMATS if form in format.forms)


def format_named(name: str, offered: Iterable[Format]) -> Format | None:
    """The one of these formats that a name means: its own, its media type, or what clients say."""
    asked = name.lower()
    for known in (asked, SHORT_NAMES.get(asked)):
        for format in offered:
            if known in (format.name, format.media_type):
                return format
    return None
