"""The service's side of one worker process: gives it a job, hears its answer, ends it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import cast

from coopdec_graph.engines.embedded import frames
from coopdec_graph.engines.embedded.failures import from_wire
from coopdec_graph.engines.embedded.reply import Reply
from coopdec_graph.errors import QueryError
from coopdec_graph.graph.query import Form

__all__ = ["Worker"]

_LOWEST_PRIORITY = 19


@cache
def _head(payload: bytes) -> tuple[Form, str, str | None]:
    """Form, format and coding; there are few different ones."""
    head = json.loads(payload)
    return Form(head["form"]), head["format"] or "", head["coding"]


@cache
def _end(payload: bytes) -> tuple[bool, bool]:
    """Whether the answer is cut, and whether it is the worker's last."""
    end = json.loads(payload)
    return end["cut"], end["last"]


class Worker(asyncio.Protocol):
    """One worker. `freed` is called after each answer, `lost` once, when its process is gone."""

    def __init__(
        self, process: int, freed: Callable[[Worker], None], lost: Callable[[Worker], None]
    ) -> None:
        self.process = process
        self.reply: Reply | None = None
        self.doomed: QueryError | None = None
        self.demoted = False
        self.leaving = False
        self._freed = freed
        self._lost = lost
        self._reader = frames.FrameReader()
        self._transport: asyncio.Transport | None = None
        # A handle, not a number: a number may be another process by the time it is used.
        self._handle = os.pidfd_open(process)

    async def connect(self, link: socket.socket) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, sock=link)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._lost(self)

    def give(self, job: bytes, reply: Reply) -> None:
        """Sends a job; its answer goes to `reply`."""
        self.reply = reply
        if self._transport is not None:
            self._transport.write(job)

    def data_received(self, data: bytes) -> None:
        for kind, payload in self._reader.feed(data):
            self._heard(kind, payload)

    def _heard(self, kind: int, payload: bytes) -> None:
        reply = self.reply
        if reply is None:
            return
        if kind == frames.HEAD:
            reply.begin(*_head(payload))
        elif kind == frames.DATA:
            if not reply.take(payload):
                self.kill()
        else:
            if kind == frames.END:
                cut, self.leaving = _end(payload)
                reply.end(cut)
            else:
                told = json.loads(payload)
                self.leaving = told["last"]
                reply.fail(from_wire(told))
            self.reply = None
            self._freed(self)

    def worked(self) -> float:
        """Seconds of processor the process has used since it was born; 0 when it is gone."""
        # The clock of another process: clock_getcpuclockid(3), which has no name in Python.
        try:
            return time.clock_gettime((~self.process << 3) | 2)
        except OSError:
            return 0.0

    def demote(self) -> None:
        """Lets every other process go first, for good: priority cannot be raised again."""
        self.demoted = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.process, _LOWEST_PRIORITY)

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self, why: QueryError | None = None) -> None:
        """Ends the process at once; `why` is what its query is told."""
        self.doomed = self.doomed or why
        if self.reply is not None and why is not None:
            self.reply.fail(why)
        self._signal(signal.SIGKILL)

    def forget(self) -> None:
        """Gives back what was held for a process that ended."""
        if self._transport is not None:
            self._transport.abort()
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _signal(self, number: signal.Signals) -> None:
        if self._handle >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)
