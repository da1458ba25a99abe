"""One connection of the server, with the bounds that the server itself does not set.

A head that does not end, a client that sends nothing, or one that takes nothing: each would hold
memory or a file handle for as long as it likes (RFC 9110, 15.5.9 and RFC 6585, 5).
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["MOST_HEAD_BYTES", "PATIENCE_SECONDS", "Connection"]

MOST_HEAD_BYTES = 65_536
# For a whole head or body to come, and for what was sent to be taken up.
PATIENCE_SECONDS = 60.0
_LINGER_SECONDS = 2.0

_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\ncontent-length: 0\r\n\r\n"
)


class Connection(HttpToolsProtocol):
    """Hangs up on a client that goes beyond a bound."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head_bytes = 0
        self._in_head = True
        self._refused = False
        self._arriving: asyncio.TimerHandle | None = None
        self._leaving: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_arrival()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        self._taken_up()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        super().data_received(data)
        if not self._in_head or self.transport.is_closing():
            return
        self._head_bytes += len(data)
        if self._head_bytes > MOST_HEAD_BYTES:
            self._refuse()

    def _refuse(self) -> None:
        """Answers, then lets the client finish: hanging up on what it sends could lose the answer
        (RFC 9112, 9.6)."""
        self._refused = True
        self.transport.write(_TOO_LARGE)
        asyncio.get_running_loop().call_later(_LINGER_SECONDS, self.transport.close)

    def on_message_begin(self) -> None:
        self._in_head, self._head_bytes = True, 0
        self._await_arrival()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._arrived()
        super().on_message_complete()

    def pause_writing(self) -> None:
        loop = asyncio.get_running_loop()
        self._leaving = loop.call_later(PATIENCE_SECONDS, self._hang_up)
        super().pause_writing()

    def resume_writing(self) -> None:
        self._taken_up()
        super().resume_writing()

    def _await_arrival(self) -> None:
        self._arrived()
        loop = asyncio.get_running_loop()
        self._arriving = loop.call_later(PATIENCE_SECONDS, self._hang_up)

    def _arrived(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None

    def _taken_up(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    def _hang_up(self) -> None:
        self.transport.abort()
