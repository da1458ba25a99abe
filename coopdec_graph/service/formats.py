"""The choice among the formats of an answer (RFC 9110, section 12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from starlette.requests import Request
from werkzeug.http import parse_accept_header

from coopdec_graph.errors import CoopdecError
from coopdec_graph.graph.query import Form
from coopdec_graph.language import LANGUAGES, Bilingual, Language
from coopdec_graph.results.formats import (
    EXTENSIONS,
    HTML,
    EngineFormat,
    Format,
    Reach,
    format_named,
    formats_of,
)

__all__ = [
    "HTML",
    "EngineFormat",
    "Format",
    "NotAcceptable",
    "accept_of",
    "by_extension",
    "choose",
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


def choose(accept: str | None, short_name: str | None, offered: Sequence[Format]) -> Format:
    """The format a request asks for: its `format=` name if it has one, else its Accept header.

    Raises NotAcceptable. No header, or an empty one, accepts the first on offer.
    """
    if short_name:
        named = format_named(short_name, offered)
        if named is None:
            names = ", ".join(f"format={format.name}" for format in offered)
            raise NotAcceptable(_NOT_ACCEPTABLE, offered=names)
        return named
    if not accept or not accept.strip():
        return offered[0]
    ranges = list(_media_ranges(accept))
    graded = [(*_grade(format, ranges), -place) for place, format in enumerate(offered)]
    quality, _, best = max(graded)
    if quality <= 0:
        kinds = [format.media_type for format in offered if format.reach is not Reach.NAME]
        raise NotAcceptable(_NOT_ACCEPTABLE, offered=", ".join(kinds))
    return offered[-best]


def accept_of(request: Request) -> str | None:
    """The Accept header; one that is sent in several lines is one list (RFC 9110, 5.3)."""
    return ", ".join(request.headers.getlist("accept")) or None


def prefers_page(request: Request) -> bool:
    """Whether the client asks for HTML before anything else, as browsers do."""
    ranges = sorted(_media_ranges(accept_of(request) or ""), key=lambda item: -item[1])
    return bool(ranges) and ranges[0][1] > 0 and ranges[0][0] in (HTML.media_type, *HTML.aliases)


def _media_ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Each media range with its quality. Other parameters (charset, profile) choose nothing."""
    for value, quality in parse_accept_header(accept):
        yield value.partition(";")[0].strip().lower(), quality


def _grade(format: Format, ranges: Sequence[tuple[str, float]]) -> tuple[float, int]:
    """The quality a client gives a format, by the most specific range that has it, and how specific.

    A format answers to its other names only where they are spelled out; some formats to nothing
    else, or to no range at all.
    """
    if format.reach is Reach.NAME:
        return 0, 0
    family = f"{format.media_type.partition('/')[0]}/*"
    patterns = ((3, format.media_type), *((2, alias) for alias in format.aliases))
    if format.reach is Reach.WILDCARD:
        patterns = (*patterns, (1, family), (0, "*/*"))
    for specificity, pattern in patterns:
        found = [quality for value, quality in ranges if value == pattern]
        if found:
            return max(found), specificity
    return 0, 0


def by_extension(path: str) -> tuple[str, str | None]:
    """Splits `…/atlas-3203.ttl` into the path and the short name of its format, if it has one."""
    stem, dot, extension = path.rpartition(".")
    name = EXTENSIONS.get(extension) if dot else None
    return (stem, name) if name else (path, None)


def language_of(request: Request) -> Language:
    """The language of messages and pages: `lang=`, else Accept-Language, else French."""
    chosen = request.query_params.get("lang")
    header = ", ".join(request.headers.getlist("accept-language"))
    asked = [value.partition("-")[0] for value, quality in parse_accept_header(header) if quality]
    found = next((value for value in (chosen, *map(str.lower, asked)) if value in LANGUAGES), "fr")
    return "en" if found == "en" else "fr"


def link_header(path: str) -> str:
    """A Link header that names the RDF formats of a document (RFC 8288)."""
    return ", ".join(
        f'<{path}.{format.extension}>; rel="alternate"; type="{format.media_type}"'
        for format in formats_of(Form.GRAPH)
        if format is not HTML
    )
