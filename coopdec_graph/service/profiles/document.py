"""The document of a thing, as the profile and in the format a request asks for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import quote

import pyoxigraph as ox
from fastapi import Request
from markupsafe import Markup
from starlette.responses import Response

from coopdec_graph import __version__
from coopdec_graph.results.formats import HTML, Format, format_named
from coopdec_graph.service.api.answers import caching, unchanged, whole
from coopdec_graph.service.data_blocks import data_block
from coopdec_graph.service.facts import address_of
from coopdec_graph.service.graph_store import shown_as_text
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.profiles.alternates import (
    ALTR,
    alternate_facts,
    alternates_of,
    formats_of_view,
)
from coopdec_graph.service.profiles.catalogue import (
    Profile,
    alternates,
    offered_to,
    profile_named,
)
from coopdec_graph.service.profiles.description import PROF_PREFIX
from coopdec_graph.service.profiles.links import profile_headers
from coopdec_graph.service.profiles.negotiation import format_of, names_format, profile_of
from coopdec_graph.service.profiles.views import document_of_view, view_in

__all__ = ["answer_document"]

_PREFIXES = {**PROF_PREFIX, "altr": str(ALTR)}
_IN_PATHS = "/:@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for, of the document at `path`; `plain` is Turtle that a browser shows as text."""

    entity: ox.NamedNode
    path: str
    offered: tuple[Profile, ...]
    profile: Profile
    format: Format
    plain: bool

    @property
    def content_type(self) -> str:
        return "text/plain; charset=utf-8" if self.plain else self.format.content_type


def answer_document(
    pages: Pages, request: Request, entity: ox.NamedNode, stem: str, extension: str | None
) -> Response:
    """What the graph, which speaks of it, says of a thing. `stem` is the path below `/doc/`.

    Raises BadRequest, NotAcceptable and QueryError.
    """
    types = pages.queries.rows("types", entity=entity)
    offered = offered_to(row["type"].value for row in types if row["type"] is not None)
    asked = _asked(request, entity, f"/doc/{quote(stem, safe=_IN_PATHS)}", offered, extension)
    more = ("Accept-Profile", *(("Accept-Language",) if asked.format is HTML else ()))
    tag = _tag(pages, request, asked)
    headers = profile_headers(asked.path, asked.profile, offered)
    found = unchanged(request, tag, *more)
    if found is not None:
        return found
    if asked.format is HTML:
        headers["Content-Language"] = pages.language(request)
    body = _body(pages, request, asked)
    return whole(request, body, {**caching(tag, *more), **headers}, asked.content_type)


def _asked(
    request: Request,
    entity: ox.NamedNode,
    path: str,
    offered: tuple[Profile, ...],
    extension: str | None,
) -> _Asked:
    profile = profile_of(request, offered)
    formats = formats_of_view(profile)
    named = extension is not None or names_format(request)
    plain = HTML not in formats and not named and shown_as_text(request, None)
    turtle = format_named("turtle", formats)
    format = turtle if plain and turtle else format_of(request, extension, formats)
    return _Asked(entity, path, offered, profile, format, plain)


def _tag(pages: Pages, request: Request, asked: _Asked) -> str:
    """A release never changes: what was asked for tells what the answer is."""
    language = pages.language(request) if asked.format is HTML else ""
    parts = (__version__, pages.release, str(request.url), asked.profile.token)
    whole_key = "\n".join((*parts, asked.format.name, asked.content_type, language))
    return hashlib.sha256(whole_key.encode()).hexdigest()[:32]


def _body(pages: Pages, request: Request, asked: _Asked) -> bytes:
    if asked.profile.query is not None:
        return view_in(pages.queries, asked.profile, asked.entity, asked.format)
    if asked.profile == alternates():
        return _alternates(pages, request, asked)
    if asked.format is HTML:
        return _page(pages, request, asked)
    return pages.queries.graph("describe", asked.format.name, entity=asked.entity)


def _page(pages: Pages, request: Request, asked: _Asked) -> bytes:
    embedded = _embedded(pages, asked)
    views = [each for each in asked.offered if each.query is not None]
    return pages.resource(request, asked.entity.value, asked.path, views, embedded)


def _embedded(pages: Pages, asked: _Asked) -> Markup | None:
    """The thing as search engines see it."""
    profile = profile_named("schema.org")
    if profile not in asked.offered:
        return None
    return data_block(document_of_view(pages.queries, profile, asked.entity))


def _alternates(pages: Pages, request: Request, asked: _Asked) -> bytes:
    path = address_of(request) + asked.path
    listed = alternates_of(path, asked.offered)
    if asked.format is not HTML:
        return alternate_facts(asked.entity, listed).written(asked.format, _PREFIXES)
    page = pages.page(
        request, "alternates.html", iri=asked.entity.value, path=asked.path, alternates=listed
    )
    return bytes(page.body)
