"""`/mcp`: the tools over streamable HTTP, without sessions, each answer one JSON document.

The specification (2025-11-25, "Security Warning") wants Origin checked, so that no page of another
site reaches a server which trusts whoever is near: by DNS rebinding, one of this host. Here nobody
is trusted: nothing can be written, there are neither cookies nor rights of one's own, and any page
may read the same at `/sparql` (CORS). So every origin is valid, and any host name that leads here.
"""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import FastAPI
from mcp.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from coopdec_graph.language import Bilingual
from coopdec_graph.service.departure import ClientLeft, Departure
from coopdec_graph.service.formats import language_of, prefers_page
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.problems import TooLarge, method_not_allowed, problem

__all__ = ["MCP_PATHS", "McpEndpoint", "describe_mcp"]

# The second is what some clients make of an address they were given.
MCP_PATHS = ("/mcp", "/mcp/")
# A query of the greatest length, whatever JSON makes of its characters.
_MOST_BODY_BYTES = 8_388_608

_LONG = Bilingual("Le corps dépasse {most} octets.", "The body exceeds {most} bytes.")
_TITLE = Bilingual("Serveur MCP", "MCP server")
_ABOUT = Bilingual(
    "Cette adresse est pour les clients du Model Context Protocol : donnez-la au vôtre comme serveur"
    " « streamable HTTP ». Elle ne répond qu'à POST.",
    "This address is for clients of the Model Context Protocol: give it to yours as a “streamable"
    " HTTP” server. It answers POST only.",
)


class McpEndpoint:
    """An ASGI application over one release.

    A manager is made for each request: it holds nothing of another, so that the application needs
    no start of its own and ends with its last request.
    """

    METHODS = ("OPTIONS", "POST")

    def __init__(self, server: Server[Any], pages: Pages) -> None:
        self._server = server
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method == "POST":
            await self._answer(request, receive, send)
            return
        if request.method == "OPTIONS":
            response = Response(status_code=204, headers={"Allow": ", ".join(self.METHODS)})
        else:
            # A GET would open a stream of what the server has to say of itself: nothing.
            response = self._page(request) or method_not_allowed(request, self.METHODS)
        await response(scope, receive, send)

    def _page(self, request: Request) -> Response | None:
        """What a person is told who comes here with a browser."""
        if not prefers_page(request):
            return None
        language = language_of(request)
        title, about = _TITLE.text(language), _ABOUT.text(language)
        page = self._pages.error(request, 405, title, about)
        page.headers["Allow"] = ", ".join(self.METHODS)
        return page

    async def _answer(self, request: Request, receive: Receive, send: Send) -> None:
        body = await _body(request)
        if body is None:
            error = TooLarge(_LONG, most=_MOST_BODY_BYTES)
            await problem(request, error)(request.scope, receive, send)
            return
        manager = StreamableHTTPSessionManager(
            self._server,
            json_response=True,
            stateless=True,
            max_request_body_size=_MOST_BODY_BYTES,
        )
        try:
            async with Departure(receive), manager.run():
                await manager.handle_request(request.scope, _given_again(body), send)
        except ClientLeft:
            return


async def _body(request: Request) -> bytes | None:
    """The whole body; None for one that is too long."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > _MOST_BODY_BYTES:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _given_again(body: bytes) -> Receive:
    """What has been read, once; whether the client leaves is seen elsewhere."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop()

    return receive


def describe_mcp(app: FastAPI) -> None:
    """Adds the address to the description: its route is none of the framework's own."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        whole = described()
        whole["paths"].setdefault(MCP_PATHS[0], {"post": _OPERATION})
        return whole

    app.openapi = openapi  # type: ignore[method-assign]


_JSON: dict[str, Any] = {"content": {"application/json": {"schema": {"type": "object"}}}}
_OPERATION: dict[str, Any] = {
    "tags": ["MCP"],
    "operationId": "mcp_post",
    "summary": "Model Context Protocol, streamable HTTP without sessions",
    "requestBody": {"required": True, **_JSON},
    "responses": {
        "200": {"description": "The answer to a JSON-RPC request", **_JSON},
        "202": {"description": "A notification was taken"},
        "400": {"description": "No JSON-RPC, or a version that is not spoken"},
        "406": {"description": "The client does not accept JSON"},
        "413": {"description": "The body is too long"},
    },
}
