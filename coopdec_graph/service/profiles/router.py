"""The routes of `/profiles`: the profiles in RDF, and a page of them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from coopdec_graph.graph.query import Form
from coopdec_graph.results.formats import HTML, formats_of
from coopdec_graph.service.api.answers import kept
from coopdec_graph.service.extensions import EXTENSION, format_by_extension
from coopdec_graph.service.formats import link_header
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.problems_description import problems_of
from coopdec_graph.service.profiles.catalogue import profiles
from coopdec_graph.service.profiles.description import PROF_PREFIX, profile_facts
from coopdec_graph.service.questions_description import CACHED, NOT_MODIFIED
from coopdec_graph.service.routing import readable

__all__ = ["profiles_router"]

PATH = "/profiles"
_RESPONSES: dict[Any, Any] = {
    200: {
        "headers": CACHED,
        "content": {format.media_type: {} for format in formats_of(Form.GRAPH)},
    },
    **NOT_MODIFIED,
    **problems_of(406, 500),
}


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
    readable(router, PATH, listed, summary=summary, responses=_RESPONSES)
    readable(
        router,
        PATH + ".{extension}",
        listed,
        summary=f"{summary}, in one format",
        responses={**_RESPONSES, **problems_of(404)},
        openapi_extra=EXTENSION,
    )
    return router
