"""Which formats each kind of answer has, and the choice among them (RFC 9110, section 12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from coopdec_graph.errors import CoopdecError
from coopdec_graph.graph.query import Form
from coopdec_graph.language import LANGUAGES, Bilingual, Language

__all__ = [
    "HTML",
    "EngineFormat",
    "Format",
    "NotAcceptable",
    "by_extension",
    "choose",
    "engine_default",
    "formats_of",
    "language_of",
    "link_header",
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
_SHORT_NAMES = {
    "ttl": "turtle",
    "xml-rdf": "rdfxml",
    "rdf": "rdfxml",
    "json-ld": "jsonld",
    "ntriples": "nt",
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
    by_type = {
        media_type: format for format in reversed(offered) for media_type in format.aliases
    } | {format.media_type: format for format in offered}
    ordered = [format.media_type for format in offered]
    ordered += [media_type for media_type in by_type if media_type not in ordered]
    best = parse_accept_header(accept, MIMEAccept).best_match(ordered)
    if best is None:
        raise NotAcceptable(_NOT_ACCEPTABLE, offered=", ".join(f.media_type for f in offered))
    return by_type[best]


def _named(short_name: str, offered: Sequence[Format]) -> Format:
    name = _SHORT_NAMES.get(short_name.lower(), short_name.lower())
    for format in offered:
        if name == format.name or short_name == format.media_type:
            return format
    raise NotAcceptable(_NOT_ACCEPTABLE, offered=", ".join(f"format={f.name}" for f in offered))


def by_extension(path: str) -> tuple[str, str | None]:
    """Splits `…/atlas-3203.ttl` into the path and the short name of its format, if it has one."""
    stem, dot, extension = path.rpartition(".")
    name = _EXTENSIONS.get(extension) if dot else None
    return (stem, name) if name else (path, None)


def language_of(chosen: str | None, accept_language: str | None) -> Language:
    """The language of messages and pages: `lang=`, else Accept-Language, else French."""
    if chosen in LANGUAGES:
        return "en" if chosen == "en" else "fr"
    best = parse_accept_header(accept_language or "").best_match(list(LANGUAGES))
    if best is None and accept_language:
        prefixes = [
            value.partition("-")[0].lower() for value, _ in parse_accept_header(accept_language)
        ]
        best = next((value for value in prefixes if value in LANGUAGES), None)
    return "en" if best == "en" else "fr"


def link_header(path: str, extensions: Sequence[tuple[str, str]]) -> str:
    """A Link header that names the other formats of a page (RFC 8288)."""
    return ", ".join(
        f'<{path}.{ext}>; rel="alternate"; type="{media}"' for ext, media in extensions
    )
