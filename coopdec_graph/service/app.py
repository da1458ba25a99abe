"""`create_app`: every route of the service, and what answers each error."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from coopdec_graph import __version__
from coopdec_graph.errors import CoopdecError
from coopdec_graph.graph.store import open_store
from coopdec_graph.publishing.releases import Release
from coopdec_graph.service.addresses import Addresses
from coopdec_graph.service.documents import documents_router
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.problems import problem, problem_of_http
from coopdec_graph.service.routing import readable
from coopdec_graph.service.shield import Shield
from coopdec_graph.service.sparql import add_sparql
from coopdec_graph.service.vocabulary import vocabulary_router

__all__ = ["create_app"]

_DESCRIPTION = """\
Les partenariats des collectivités françaises avec l'étranger, en données liées.
French local authorities' partnerships abroad, as linked data. Read-only.
"""


def create_app(release: Release) -> FastAPI:
    """The service over one release, which it opens read-only."""
    app = FastAPIOffline(
        title="coopdec-graph", version=__version__, description=_DESCRIPTION, redoc_url=None
    )
    app.add_middleware(Shield)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["*"],
        expose_headers=["Link", "Content-Language"],
    )
    store = open_store(release.store)
    manifest = release.manifest()
    base = str(manifest["base"])
    pages = Pages(store, Addresses(base), release.id)
    app.state.pages = pages

    async def health() -> dict[str, object]:
        quads = manifest["quads"]
        return {"status": "ok", "release": release.id, "quads": quads, "version": __version__}

    def home(request: Request) -> Response:
        return pages.home(request)

    readable(app, "/", home, summary="The page to start from", tags=["service"])
    readable(
        app,
        "/health",
        health,
        summary="Is the service up, and on which release?",
        tags=["service"],
        response_class=JSONResponse,
    )
    add_sparql(app, pages)
    app.include_router(documents_router(pages))
    app.include_router(vocabulary_router(pages))
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")), name="static")
    _handle_errors(app)
    return app


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(CoopdecError)
    async def ours(request: Request, error: CoopdecError) -> Response:
        return problem(request, error)

    @app.exception_handler(HTTPException)
    async def frameworks(request: Request, error: HTTPException) -> Response:
        return problem_of_http(request, error)
