"""Runs the service on a socket until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import socket
import sys
from contextlib import suppress
from typing import NoReturn

import uvicorn
import uvloop

from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual
from coopdec_graph.publishing.releases import Releases
from coopdec_graph.service.connections import Connection
from coopdec_graph.service.options import Options
from coopdec_graph.service.switch import Switch
from coopdec_graph.service.transfer import BrokenOff

__all__ = ["Server"]

GRACE_SECONDS = 3
_MOST_HANDLES = 16_384
# Workers, the release, the log and what the interpreter has open.
_OWN_HANDLES = 200

_TAKEN = Bilingual(
    "Impossible d'écouter sur {host}:{port} : {reason}. Choisissez un autre port (--port, ou PORT=… avec make).",
    "Cannot listen on {host}:{port}: {reason}. Choose another port (--port, or PORT=… with make).",
)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether the server's log wants a line: an answer that was broken off is no defect of ours."""
    return record.exc_info is None or not isinstance(record.exc_info[1], BrokenOff)


def _connections() -> int:
    """As many as file handles allow, of which each may need three; their number is raised first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_HANDLES if hard == resource.RLIM_INFINITY else min(hard, _MOST_HANDLES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(1, (soft - _OWN_HANDLES) // 3)


class Server:
    """A socket that is bound at once, so that a taken port is known before anything else."""

    def __init__(self, releases: Releases, host: str, port: int, options: Options) -> None:
        """Raises UsageError when the address is taken or not ours, ReleaseError without a graph."""
        self._releases = releases
        self._release = releases.current()
        self._options = options
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            self._socket = socket.create_server((host, port), family=family, backlog=2048)
            # asyncio sets this only on sockets that name their protocol; connections inherit it.
            # Without it each answer on a kept connection waits 40 ms for an acknowledgement.
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise UsageError(_TAKEN, host=host, port=port, reason=error.strerror) from None

    @property
    def address(self) -> str:
        """The address to open in a browser."""
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def run(self) -> NoReturn:
        """Serves until a signal stops it, then ends the process.

        The process does not wait for its threads: nothing of ours is left to write. The workers
        end with it.
        """
        with (
            self._socket,
            suppress(KeyboardInterrupt),
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            runner.run(self._serve())
        sys.stdout.flush()
        os._exit(0)

    async def _serve(self) -> None:
        logging.getLogger("uvicorn.error").addFilter(_is_news)
        switch = Switch(self._releases, self._options)
        config = uvicorn.Config(
            switch,
            http=Connection,
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            limit_concurrency=_connections(),
        )
        await switch.start(self._release)
        await uvicorn.Server(config).serve(sockets=[self._socket])
        await switch.stop()
