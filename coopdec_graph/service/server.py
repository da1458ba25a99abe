"""Runs the service on a socket until it is told to stop."""

from __future__ import annotations

import os
import socket
import sys
import threading
from contextlib import suppress
from typing import NoReturn

import uvicorn

from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual
from coopdec_graph.publishing.releases import Release
from coopdec_graph.service.app import create_app

__all__ = ["Server"]

# The engine recurses on a query, up to 4 KiB for each character that nests (see graph/query.py), and
# a stack that overflows ends the process. Only what is used of it takes memory.
GRACE_SECONDS = 3
STACK_BYTES = 512 * 1024 * 1024

_TAKEN = Bilingual(
    "Impossible d'écouter sur {host}:{port} : {reason}. Choisissez un autre port (--port, ou PORT=… avec make).",
    "Cannot listen on {host}:{port}: {reason}. Choose another port (--port, or PORT=… with make).",
)


class Server:
    """A socket that is bound at once, so that a taken port is known before anything else."""

    def __init__(self, release: Release, host: str, port: int) -> None:
        """Raises UsageError when the address is taken or not ours."""
        self._release = release
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

        The release is kept from being removed meanwhile. The process does not wait for its
        threads: a query cannot be stopped, and nothing of ours is left to write.
        """
        threading.stack_size(STACK_BYTES)
        with self._socket, self._release.held():
            app = create_app(self._release)
            config = uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                server_header=False,
                # A query cannot be stopped, so a stop does not wait for it to end.
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
            with suppress(KeyboardInterrupt):
                uvicorn.Server(config).run(sockets=[self._socket])
            sys.stdout.flush()
            os._exit(0)
