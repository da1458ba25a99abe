"""The way in: queries go straight to their endpoint, everything else through the framework."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from coopdec_graph.service.cross_origin import CrossOrigin
from coopdec_graph.service.shield import Shield

__all__ = ["SPARQL_PATHS", "Front"]

# The second is what some clients make of an address they were given.
SPARQL_PATHS = ("/sparql", "/sparql/")
_STRAIGHT = frozenset({"GET", "HEAD", "POST"})


class Front:
    """An ASGI application. What the framework does on the way to a route takes longer than a small
    query does; `/sparql` needs none of it but its error pages, and has the same two wrappers."""

    def __init__(self, app: FastAPI, sparql: ASGIApp) -> None:
        self.app = app
        self._sparql = Shield(CrossOrigin(sparql))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == "http"
            and scope["path"] in SPARQL_PATHS
            and scope["method"] in _STRAIGHT
            and not scope.get("root_path")
        ):
            scope["app"] = self.app
            await self._sparql(scope, receive, send)
        else:
            await self.app(scope, receive, send)
