"""One release in service: its engine, its application, and the requests still under way."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Self

from starlette.types import ASGIApp, Receive, Scope, Send

from coopdec_graph.engines.base import Engine
from coopdec_graph.publishing.releases import Release
from coopdec_graph.service.app import create_app
from coopdec_graph.service.engines import engine_of
from coopdec_graph.service.options import Options

__all__ = ["Generation"]


class Generation:
    """Made by `start`; `retire` waits for its requests, then gives everything back."""

    def __init__(self, release: Release, engine: Engine, app: ASGIApp, held: ExitStack) -> None:
        self.release = release
        self._engine = engine
        self._app = app
        self._held = held
        self._requests = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @classmethod
    async def start(cls, release: Release, options: Options) -> Self:
        """Ready to answer when it returns. Raises EngineBroken and OSError."""
        with ExitStack() as held:
            # Kept from being removed while it is served.
            held.enter_context(release.held())
            engine = engine_of(release, options)
            await engine.start()
            try:
                loop = asyncio.get_running_loop()
                app = await asyncio.to_thread(create_app, release, engine, loop, options)
            except BaseException:
                await engine.stop()
                raise
            return cls(release, engine, app, held.pop_all())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._requests += 1
        self._idle.clear()
        try:
            await self._app(scope, receive, send)
        finally:
            self._requests -= 1
            if not self._requests:
                self._idle.set()

    async def retire(self, patience: float) -> None:
        """Stops when the last request is answered, or after `patience` seconds."""
        try:
            async with asyncio.timeout(patience):
                await self._idle.wait()
        except TimeoutError:
            pass
        await self.stop()

    async def stop(self) -> None:
        await self._engine.stop()
        self._held.close()
