"""The routes of `/catalog`: RDF for catalogues, a page for people and search engines."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from coopdec_graph.publishing.releases import Release
from coopdec_graph.results.formats import HTML
from coopdec_graph.service.api.answers import kept
from coopdec_graph.service.catalog.dcat import DCAT_AP, catalog_facts
from coopdec_graph.service.catalog.page import catalog_page
from coopdec_graph.service.catalog.record import record_of
from coopdec_graph.service.extensions import (
    format_by_extension,
    readable_in_formats,
    responses_in_formats,
)
from coopdec_graph.service.facts import address_of
from coopdec_graph.service.formats import link_header
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.problems_description import ENGINE
from coopdec_graph.service.statistics import Statistics

__all__ = ["catalog_router"]

PATH = "/catalog"
_RESPONSES = responses_in_formats(*ENGINE)


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
    readable_in_formats(router, PATH, catalog, summary, _RESPONSES)
    return router
