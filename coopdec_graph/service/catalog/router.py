"""The routes of `/catalog`: RDF for catalogues, a page for people and search engines."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from coopdec_graph.graph.query import Form
from coopdec_graph.publishing.releases import Release
from coopdec_graph.results.formats import HTML, formats_of
from coopdec_graph.service.api.answers import kept
from coopdec_graph.service.catalog.dcat import DCAT_AP, catalog_facts
from coopdec_graph.service.catalog.page import catalog_page
from coopdec_graph.service.catalog.record import record_of
from coopdec_graph.service.extensions import EXTENSION, format_by_extension
from coopdec_graph.service.facts import address_of
from coopdec_graph.service.formats import link_header
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.problems_description import ENGINE, problems_of
from coopdec_graph.service.questions_description import CACHED, NOT_MODIFIED
from coopdec_graph.service.routing import readable
from coopdec_graph.service.statistics import Statistics

__all__ = ["catalog_router"]

PATH = "/catalog"
_RESPONSES: dict[Any, Any] = {
    200: {
        "headers": CACHED,
        "content": {format.media_type: {} for format in formats_of(Form.GRAPH)},
    },
    **NOT_MODIFIED,
    **problems_of(406, *ENGINE),
}


def catalog_router(release: Release, pages: Pages, statistics: Statistics) -> APIRouter:
    """Routes over one release."""
    router = APIRouter(tags=["dataset"])

    async def catalog(request: Request) -> Response:
        format = format_by_extension(request)
        root = address_of(request)
        record = await record_of(release, statistics, pages.addresses.base, root)
        headers = {"Link": f'<{DCAT_AP}>; rel="profile", {link_header(PATH)}'}
        if format is HTML:
            page = catalog_page(pages, request, record)
            headers["Content-Language"] = page.headers["content-language"]
            body, kind = bytes(page.body), page.headers["content-type"]
            return kept(request, body, kind, headers, "Accept-Language")
        body = catalog_facts(record).written(format)
        return kept(request, body, format.content_type, headers, "Accept-Language")

    summary = "What the dataset is and how to get it (DCAT-AP 3)"
    readable(router, PATH, catalog, summary=summary, responses=_RESPONSES)
    readable(
        router,
        PATH + ".{extension}",
        catalog,
        summary=f"{summary}, in one format",
        responses={**_RESPONSES, **problems_of(404)},
        openapi_extra=EXTENSION,
    )
    return router
