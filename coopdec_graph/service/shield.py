"""What every answer goes through: security headers, and a decent answer to a defect of ours."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coopdec_graph.service.problems import unexpected
from coopdec_graph.service.transfer import BrokenOff

__all__ = ["Shield"]

_LOG = logging.getLogger(__name__)

_OURS = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
# Pages that others wrote carry their style, icons or start-up script inside them.
_GENERATED = f"{_OURS}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
_POLICIES = {
    "/docs": f"{_GENERATED}; script-src 'self' 'unsafe-inline'",
    "/def": _GENERATED,
}
# A client of /reconcile shows it in a frame of its own page; it has neither script nor form.
_FRAMED = {"/reconcile/preview": _OURS.replace("frame-ancestors 'none'", "frame-ancestors *")}

_EVERYWHERE = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)


class Shield:
    """ASGI middleware (the plain kind: it must see what goes wrong below, and stream nothing)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def shielded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message["headers"], *_headers(scope["path"])]
            await send(message)

        try:
            await self._app(scope, receive, shielded)
        except BrokenOff:
            raise
        except Exception:
            # The reader gets no detail; whoever runs the service finds it in the log.
            _LOG.exception("%s %s", scope["method"], scope["path"])
            if started:
                raise
            await unexpected(Request(scope))(scope, receive, shielded)


def _headers(path: str) -> list[tuple[bytes, bytes]]:
    top = "/" + path[1:].partition("/")[0].partition(".")[0]
    policy = _FRAMED.get(path) or _POLICIES.get(top, _OURS)
    return [(b"content-security-policy", policy.encode()), *_EVERYWHERE]
