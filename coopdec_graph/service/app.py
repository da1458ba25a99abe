"""`create_app`: every route of the service, and what answers each error."""

from __future__ import annotations

import asyncio
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from coopdec_graph import __version__
from coopdec_graph.engines.base import Engine
from coopdec_graph.errors import CoopdecError
from coopdec_graph.federation.engine import FederatingEngine
from coopdec_graph.index.reading import Index
from coopdec_graph.publishing.releases import Release
from coopdec_graph.service.addresses import Addresses
from coopdec_graph.service.admin import admin_router
from coopdec_graph.service.api.description import describe_api
from coopdec_graph.service.api.lists import Lists
from coopdec_graph.service.api.router import api_router
from coopdec_graph.service.asking import Asking
from coopdec_graph.service.catalog.router import catalog_router
from coopdec_graph.service.cross_origin import CrossOrigin
from coopdec_graph.service.dataset import dataset_router
from coopdec_graph.service.description import ServiceDescription
from coopdec_graph.service.documents import documents_router
from coopdec_graph.service.front import SPARQL_PATHS, Front
from coopdec_graph.service.graph_store import graph_store_router
from coopdec_graph.service.mcp.holdings import Holdings
from coopdec_graph.service.mcp.http import MCP_PATHS, McpEndpoint, describe_mcp
from coopdec_graph.service.mcp.protocol import mcp_server
from coopdec_graph.service.options import Options
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.problems import problem, problem_of_http
from coopdec_graph.service.problems_description import (
    ENGINE,
    describe_problems,
    problems_of,
)
from coopdec_graph.service.profiles.router import profiles_router
from coopdec_graph.service.queries import Queries
from coopdec_graph.service.question_pages import question_pages_router
from coopdec_graph.service.questions import questions_router
from coopdec_graph.service.questions_description import describe_questions
from coopdec_graph.service.reconciliation.router import reconciliation_router
from coopdec_graph.service.reconciliation.shelf import Shelf
from coopdec_graph.service.routing import readable
from coopdec_graph.service.shield import Shield
from coopdec_graph.service.sparql import SparqlEndpoint
from coopdec_graph.service.sparql_description import describe_sparql
from coopdec_graph.service.statistics import Statistics
from coopdec_graph.service.vocabulary import vocabulary_router

__all__ = ["create_app"]

_DESCRIPTION = """\
Les partenariats des collectivités françaises avec l'étranger, en données liées.
French local authorities' partnerships abroad, as linked data. Read-only.
"""


_HEALTH = {
    "type": "object",
    "properties": {
        "status": {"const": "ok"},
        "release": {"type": "string"},
        "quads": {"type": "integer", "minimum": 0, "description": "Statements"},
        "version": {"type": "string"},
    },
    "required": ["status", "release", "quads", "version"],
    "additionalProperties": False,
}


def create_app(
    release: Release, engine: Engine, loop: asyncio.AbstractEventLoop, options: Options
) -> Front:
    """The service over one release, which the engine answers for on this event loop."""
    app = FastAPIOffline(
        title="coopdec-graph",
        version=__version__,
        description=_DESCRIPTION,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(Shield)
    app.add_middleware(CrossOrigin)
    manifest = release.manifest()
    base = str(manifest["base"])
    queries, addresses = Queries(engine, loop), Addresses(base)
    statistics = Statistics(queries)
    pages = Pages(queries, addresses, release.id)
    description = ServiceDescription(statistics, addresses, engine.limits, options)
    app.state.pages = pages

    async def health() -> dict[str, object]:
        quads = manifest["quads"]
        return {"status": "ok", "release": release.id, "quads": quads, "version": __version__}

    def home(request: Request) -> Response:
        return pages.home(request)

    readable(
        app,
        "/",
        home,
        summary="The page to start from",
        tags=["service"],
        responses={200: {"content": {"text/html": {}}}, **problems_of(*ENGINE)},
    )
    readable(
        app,
        "/health",
        health,
        summary="Is the service up, and on which release?",
        tags=["service"],
        response_class=JSONResponse,
        responses={200: {"content": {"application/json": {"schema": _HEALTH}}}},
    )
    federating = FederatingEngine(engine, options.federation)
    sparql = SparqlEndpoint(federating, pages, description)
    # A plain route, for the methods that do not go straight to it; OpenAPI is told of it apart.
    for path in SPARQL_PATHS:
        app.router.routes.append(Route(path, sparql, methods=SparqlEndpoint.METHODS))
    describe_sparql(app)
    app.include_router(documents_router(pages))
    app.include_router(profiles_router(pages))
    app.include_router(graph_store_router(pages, engine))
    app.include_router(dataset_router(release, addresses, statistics))
    app.include_router(catalog_router(release, pages, statistics))
    app.include_router(vocabulary_router(pages))
    shelf = Shelf(queries, base)
    app.include_router(reconciliation_router(pages, shelf))
    lists = Lists(Index(release.index), base, release.id)
    asking = Asking(federating, release.id, lists.choices)
    app.include_router(questions_router(asking))
    app.include_router(question_pages_router(pages, asking))
    app.include_router(api_router(lists, pages))
    describe_api(app, lists)
    describe_questions(app)
    holdings = Holdings(release.id, base, engine, queries, asking, statistics, shelf, lists.index)
    mcp = McpEndpoint(mcp_server(holdings), pages)
    for path in MCP_PATHS:
        app.router.routes.append(Route(path, mcp))
    describe_mcp(app)
    describe_problems(app)
    if options.token is not None:
        app.include_router(admin_router(release.folder.parent.parent, options.token))
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")), name="static")
    _handle_errors(app)
    return Front(app, sparql)


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(CoopdecError)
    async def ours(request: Request, error: CoopdecError) -> Response:
        return problem(request, error)

    @app.exception_handler(HTTPException)
    async def frameworks(request: Request, error: HTTPException) -> Response:
        return problem_of_http(request, error)
