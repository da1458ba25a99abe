"""CORS: a page of any host may read what is published, and nothing else (Fetch, 3.3)."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coopdec_graph.service.admin import PREFIX

__all__ = ["CrossOrigin"]

_EXPOSED = [
    "Content-Disposition",
    "Content-Language",
    "Content-Profile",
    "ETag",
    "Link",
    "Retry-After",
    "Server-Timing",
    "X-Release",
    "X-Total-Count",
    "X-Truncated",
]
_HEADERS = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", ", ".join(_EXPOSED).encode()),
)


class CrossOrigin:
    """ASGI middleware: every address but those of administrators allows every origin.

    The answer is the same for all, so it does not vary by origin. The framework answers preflights.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._preflights = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "HEAD", "OPTIONS", "POST"],
            allow_headers=["*"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path == PREFIX or path.startswith(f"{PREFIX}/"):
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await self._preflights(scope, receive, send)
        else:
            await self._app(scope, receive, _allowing(send))


def _allowing(send: Send) -> Send:
    async def allowing(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *_HEADERS]
        await send(message)

    return allowing
