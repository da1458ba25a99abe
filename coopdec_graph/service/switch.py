"""The application that the server runs: the current release's, whichever that is by now.

A new release is started beside the old one, which goes on answering; then the requests turn to
the new one in one step, and the old one stops when its last request is answered.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from coopdec_graph.errors import CoopdecError
from coopdec_graph.publishing.releases import Release, Releases
from coopdec_graph.service.generation import Generation
from coopdec_graph.service.options import Options

__all__ = ["Switch"]

_LOG = logging.getLogger(__name__)
_WATCH_SECONDS = 1.0
# Longer than any query may take.
_PATIENCE_SECONDS = 120.0


class Switch:
    """An ASGI application. `start`, then serve, then `stop`."""

    def __init__(self, releases: Releases, options: Options) -> None:
        self._releases = releases
        self._options = options
        self._current: Generation | None = None
        self._ready = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._refused: Release | None = None

    async def start(self, release: Release) -> None:
        """Serves `release`, and each later one from then on. Raises EngineBroken and OSError."""
        await self._turn_to(release)
        self._in_background(self._watch())

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._current is not None:
            await self._current.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/ready":
            await self._readiness()(scope, receive, send)
            return
        await self._ready.wait()
        assert self._current is not None
        await self._current(scope, receive, send)

    def _readiness(self) -> JSONResponse:
        """Whether a request would be answered at once; the address is for load balancers."""
        if self._current is None:
            return JSONResponse({"status": "starting"}, 503, {"Retry-After": "2"})
        return JSONResponse({"status": "ready", "release": self._current.release.id})

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            try:
                release = self._releases.current()
            except (CoopdecError, OSError):
                continue
            if self._current is None or release not in (self._current.release, self._refused):
                await self._try(release)

    async def _try(self, release: Release) -> None:
        """A release that cannot be served is noted once; the one before it goes on."""
        try:
            await self._turn_to(release)
        except Exception:
            self._refused = release
            _LOG.exception("release %s cannot be served", release.id)

    async def _turn_to(self, release: Release) -> None:
        before, self._current = self._current, await Generation.start(release, self._options)
        self._ready.set()
        if before is not None:
            self._in_background(before.retire(_PATIENCE_SECONDS))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
