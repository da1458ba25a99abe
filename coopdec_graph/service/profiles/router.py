"""The routes of `/profiles`: the profiles in RDF, and a page of them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from coopdec_graph.results.formats import HTML
from coopdec_graph.service.api.answers import kept
from coopdec_graph.service.extensions import (
    format_by_extension,
    readable_in_formats,
    responses_in_formats,
)
from coopdec_graph.service.formats import link_header
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.profiles.catalogue import profiles
from coopdec_graph.service.profiles.description import PROF_PREFIX, profile_facts

__all__ = ["profiles_router"]

PATH = "/profiles"
_RESPONSES = responses_in_formats(500)


def profiles_router(pages: Pages) -> APIRouter:
    """Routes over one release."""
    router = APIRouter(tags=["resources"])

    def listed(request: Request) -> Response:
        format = format_by_extension(request)
        headers = {"Link": link_header(PATH)}
        if format is HTML:
            page = pages.page(request, "profiles.html", profiles=profiles())
            headers["Content-Language"] = page.headers["content-language"]
            body, kind = bytes(page.body), page.headers["content-type"]
            return kept(request, body, kind, headers, "Accept-Language")
        body = profile_facts().written(format, PROF_PREFIX)
        return kept(request, body, format.content_type, headers, "Accept-Language")

    summary = "The profiles a resource may be asked for"
    readable_in_formats(router, PATH, listed, summary, _RESPONSES)
    return router
