"""Notices that a client has left, so that the work for it can stop."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Self

from starlette.types import Receive

__all__ = ["ClientLeft", "Departure"]

# A short answer is sent before anybody could notice; watching has its price.
_WATCH_AFTER_SECONDS = 0.1


class ClientLeft(Exception):
    """Nobody waits for the answer any more."""


class Departure:
    """`async with Departure(receive):` raises ClientLeft in its body when the client hangs up.

    The body of the request must have been read before.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._left = False
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        self._timer = loop.call_later(_WATCH_AFTER_SECONDS, self._start, loop, task)
        return self

    def _start(self, loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any] | None) -> None:
        assert task is not None
        self._watch = loop.create_task(self._watching(task))

    async def _watching(self, task: asyncio.Task[Any]) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._left = True
        task.cancel()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if self._watch is not None:
            self._watch.cancel()
        if self._left:
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
            raise ClientLeft from None
