"""Which formats each kind of answer has, and the choice among them (RFC 9110, section 12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from starlette.requests import Request
from werkzeug.http import parse_accept_header

from coopdec_graph.errors import CoopdecError
from coopdec_graph.graph.query import Form
from coopdec_graph.language import LANGUAGES, Bilingual, Language

__all__ = [
    "HTML",
    "EngineFormat",
    "Format",
    "NotAcceptable",
    "accept_of",
    "by_extension",
    "choose",
    "engine_default",
    "formats_of",
    "language_of",
    "link_header",
    "prefers_page",
]

_NOT_ACCEPTABLE = Bilingual(
    "Aucun des formats demandés n'est disponible. Disponibles : {offered}.",
    "None of the requested formats is available. Available: {offered}.",
)


class NotAcceptable(CoopdecError):
    """The client accepts no format we have for this answer (HTTP 406)."""


EngineFormat = ox.QueryResultsFormat | ox.RdfFormat


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its short name, its media type, others it answers to, and the engine's name."""

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()
    engine: EngineFormat | None = None

    @property
    def content_type(self) -> str:
        """The header value; text formats of RDF and results are UTF-8 by their own specifications."""
        text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if text else self.media_type


HTML = Format("html", "text/html", ("application/xhtml+xml",))

_RESULTS = (
    Format(
        "json", "application/sparql-results+json", ("application/json",), ox.QueryResultsFormat.JSON
    ),
    Format("csv", "text/csv", (), ox.QueryResultsFormat.CSV),
    Format("tsv", "text/tab-separated-values", (), ox.QueryResultsFormat.TSV),
    Format(
        "xml",
        "application/sparql-results+xml",
        ("application/xml", "text/xml"),
        ox.QueryResultsFormat.XML,
    ),
)
_GRAPHS = (
    Format("turtle", "text/turtle", ("text/plain", "application/x-turtle"), ox.RdfFormat.TURTLE),
    Format("jsonld", "application/ld+json", ("application/json",), ox.RdfFormat.JSON_LD),
    Format("nt", "application/n-triples", (), ox.RdfFormat.N_TRIPLES),
    Format("rdfxml", "application/rdf+xml", ("application/xml", "text/xml"), ox.RdfFormat.RDF_XML),
)
_EXTENSIONS = {
    "ttl": "turtle",
    "turtle": "turtle",
    "nt": "nt",
    "jsonld": "jsonld",
    "rdf": "rdfxml",
    "html": "html",
}
# What clients write besides our own names; the first four are those of SPARQLWrapper.
_SHORT_NAMES = {
    "rdf+xml": "rdfxml",
    "n3": "turtle",
    "xml": "rdfxml",
    "json": "jsonld",
    "json-ld": "jsonld",
    "ntriples": "nt",
    "rdf": "rdfxml",
    "ttl": "turtle",
}


def formats_of(form: Form) -> tuple[Format, ...]:
    """The formats of a result form, ours first; the first answers a client without preference."""
    return (*(_GRAPHS if form is Form.GRAPH else _RESULTS), HTML)


def engine_default(form: Form) -> EngineFormat:
    """What the engine writes for a page to be made of: JSON rows, or Turtle."""
    return ox.RdfFormat.TURTLE if form is Form.GRAPH else ox.QueryResultsFormat.JSON


def choose(accept: str | None, short_name: str | None, offered: Sequence[Format]) -> Format:
    """The format a request asks for: its `format=` name if it has one, else its Accept header.

    Raises NotAcceptable. No header, or an empty one, accepts the first on offer.
    """
    if short_name:
        return _named(short_name, offered)
    if not accept or not accept.strip():
        return offered[0]
    ranges = list(_media_ranges(accept))
    graded = [(*_grade(format, ranges), -place) for place, format in enumerate(offered)]
    quality, _, best = max(graded)
    if quality <= 0:
        raise NotAcceptable(_NOT_ACCEPTABLE, offered=", ".join(f.media_type for f in offered))
    return offered[-best]


def accept_of(request: Request) -> str | None:
    """The Accept header; one that is sent in several lines is one list (RFC 9110, 5.3)."""
    return ", ".join(request.headers.getlist("accept")) or None


def prefers_page(request: Request) -> bool:
    """Whether the client asks for HTML before anything else, as browsers do."""
    ranges = sorted(_media_ranges(accept_of(request) or ""), key=lambda item: -item[1])
    return bool(ranges) and ranges[0][0] in (HTML.media_type, *HTML.aliases)


def _media_ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Each media range with its quality. Other parameters (charset, profile) choose nothing."""
    for value, quality in parse_accept_header(accept):
        yield value.partition(";")[0].strip().lower(), quality


def _grade(format: Format, ranges: Sequence[tuple[str, float]]) -> tuple[float, int]:
    """The quality a client gives a format, by the most specific range that has it, and how specific.

    A format answers to its other names only where they are spelled out.
    """
    family = f"{format.media_type.partition('/')[0]}/*"
    patterns = ((3, format.media_type), *((2, alias) for alias in format.aliases))
    for specificity, pattern in (*patterns, (1, family), (0, "*/*")):
        found = [quality for value, quality in ranges if value == pattern]
        if found:
            return max(found), specificity
    return 0, 0


def _named(short_name: str, offered: Sequence[Format]) -> Format:
    asked = short_name.lower()
    for name in (asked, _SHORT_NAMES.get(asked)):
        for format in offered:
            if name in (format.name, format.media_type):
                return format
    raise NotAcceptable(_NOT_ACCEPTABLE, offered=", ".join(f"format={f.name}" for f in offered))


def by_extension(path: str) -> tuple[str, str | None]:
    """Splits `…/atlas-3203.ttl` into the path and the short name of its format, if it has one."""
    stem, dot, extension = path.rpartition(".")
    name = _EXTENSIONS.get(extension) if dot else None
    return (stem, name) if name else (path, None)


def language_of(request: Request) -> Language:
    """The language of messages and pages: `lang=`, else Accept-Language, else French."""
    chosen = request.query_params.get("lang")
    header = ", ".join(request.headers.getlist("accept-language"))
    asked = [value.partition("-")[0] for value, quality in parse_accept_header(header) if quality]
    found = next((value for value in (chosen, *map(str.lower, asked)) if value in LANGUAGES), "fr")
    return "en" if found == "en" else "fr"


def link_header(path: str, extensions: Sequence[tuple[str, str]]) -> str:
    """A Link header that names the other formats of a page (RFC 8288)."""
    return ", ".join(
        f'<{path}.{ext}>; rel="alternate"; type="{media}"' for ext, media in extensions
    )
